package io.driftwatch.detectors.statistic;

import static io.driftwatch.detectors.GoldenFile.doubles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.GoldenFile;
import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.profile.Moments;
import io.driftwatch.detectors.profile.NumericCounter;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Samples;
import io.driftwatch.detectors.profile.Tally;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WassersteinTest {
    private static final Statistic DISTANCE = new Wasserstein();
    private static final Statistic IN_DEVIATIONS = new WassersteinSd();

    @Test
    void isNotEvaluableForAWindowWithoutSumsOfCells() {
        NumericProfile profile = NumericProfile.of(new double[] {1, 2, 3}, 2);
        Tally unsummed = Samples.count(profile, 1, 1.5);
        Tally mixed = unsummed.plus(count(profile, 2.5));
        for (Tally window : new Tally[] {unsummed, mixed}) {
            assertThat(measure(DISTANCE, profile, window).reason())
                    .contains("before wasserstein was configured");
            assertThat(measure(IN_DEVIATIONS, profile, window).reason())
                    .contains("before wasserstein_sd was configured");
        }
        // Values of the reference need no sums: their cells say where they are.
        assertThat(measure(DISTANCE, profile, Samples.count(profile, 1, 1, 3)).value())
                .isCloseTo(1 / 3.0, within(1e-15));
    }

    @Test
    void isNotEvaluableForAnOldProfileWithoutSumsOfCells() {
        NumericProfile grid = NumericProfile.of(Samples.normal(1, 11_000, 0, 1), 10);
        Tally old = Tally.of(grid.reference().cells(), grid.reference().counts(), 0, 0, 0, 0);
        NumericProfile restored =
                NumericProfile.restore(
                        grid.cellEdges(), grid.binEdges(), false, old, grid.moments());
        Measurement measurement = measure(DISTANCE, restored, count(restored, 0.5));
        assertThat(measurement.reason()).contains("rebuild the profile");
        assertThat(DISTANCE.noise(trial(restored, 100)).level()).isNaN();
    }

    @Test
    void isNotEvaluableWithoutTheRangeOfTheReference() {
        NumericProfile profile = NumericProfile.of(new double[] {1, 2, 3}, 2);
        NumericProfile rangeless =
                NumericProfile.restore(
                        profile.cellEdges(),
                        profile.binEdges(),
                        true,
                        profile.reference(),
                        Moments.UNKNOWN);
        assertThat(measure(DISTANCE, rangeless, count(rangeless, 2)).reason())
                .contains("does not say the reference's range");
    }

    @Test
    void isNotEvaluableWhenValuesAreTooFarApart() {
        NumericProfile lowest = NumericProfile.of(new double[] {-Double.MAX_VALUE}, 2);
        assertThat(measure(DISTANCE, lowest, count(lowest, Double.MAX_VALUE)).reason())
                .contains("too far apart");
        NumericProfile tiny = NumericProfile.of(new double[] {1e-300, 2e-300}, 2);
        for (Statistic statistic : new Statistic[] {DISTANCE, IN_DEVIATIONS}) {
            assertThat(measure(statistic, tiny, count(tiny, 1e-300, 1e300, -1e300)).reason())
                    .contains("too far apart");
        }
    }

    @Test
    void cannotBeToldInDeviationsThatAreNoneOrUnknown() {
        NumericProfile constant = NumericProfile.of(new double[] {5, 5}, 2);
        assertThat(measure(IN_DEVIATIONS, constant, count(constant, 6)).reason())
                .contains("standard deviation is 0");
        NumericProfile single = NumericProfile.of(new double[] {5}, 2);
        assertThat(measure(IN_DEVIATIONS, single, count(single, 6)).reason())
                .contains("standard deviation is not known");
        assertThat(measure(DISTANCE, single, count(single, 6)).value()).isOne();
    }

    @Test
    void isForNumbersOnly() {
        CategoricalProfile categories = CategoricalProfile.of(Map.of("a", 3L), 0);
        for (Statistic statistic : new Statistic[] {DISTANCE, IN_DEVIATIONS}) {
            assertThat(statistic.appliesTo(FeatureType.CATEGORICAL)).isFalse();
            Comparison comparison =
                    new Comparison(categories, categories.reference(), Smoothing.jeffreys(), 0.01);
            assertThatIllegalArgumentException().isThrownBy(() -> statistic.measure(comparison));
        }
    }

    static Stream<Named<JsonNode>> goldenCases() {
        return GoldenFile.cases("numeric.json").stream()
                .filter(golden -> golden.at("/expected").has("wasserstein"))
                .map(golden -> Named.of(GoldenFile.name(golden), golden));
    }

    @ParameterizedTest
    @MethodSource("goldenCases")
    void bracketsTheGoldenDistance(JsonNode golden) {
        double[] reference = doubles(golden.get("reference"));
        double[] window = doubles(golden.get("window"));
        NumericProfile profile = NumericProfile.of(reference, golden.get("B").asInt());
        JsonNode expected = golden.at("/expected/wasserstein");
        double w1 = expected.get("w1").asDouble();

        Measurement measurement = measure(DISTANCE, profile, count(profile, window));
        assertBrackets(measurement, w1, Math.max(1e-12, 1e-9 * w1));
        if (!hasSharedGaps(reference, window)) {
            assertThat(measurement.upper() - measurement.lower())
                    .isLessThanOrEqualTo(1e-9 * Math.max(w1, profile.moments().scale() * 1e-3));
        }
        Measurement inDeviations = measure(IN_DEVIATIONS, profile, count(profile, window));
        if (expected.get("w1_over_ref_std").isNull()) {
            assertThat(inDeviations.reason()).contains("standard deviation");
        } else {
            double ratio = expected.get("w1_over_ref_std").asDouble();
            assertBrackets(inDeviations, ratio, 1e-9 * ratio);
            assertThat(inDeviations.pValue()).isEqualTo(measurement.pValue());
        }
    }

    /** Whether several values of the window lie in one gap, in which the functions may cross. */
    private static boolean hasSharedGaps(double[] reference, double[] window) {
        NumericProfile profile = NumericProfile.of(reference, 2);
        Tally tally = Samples.count(profile, window);
        for (int i = 0; i < tally.size(); i++) {
            if (!profile.isAtom(tally.cell(i)) && tally.count(i) > 1) {
                return true;
            }
        }
        return false;
    }

    @Test
    void isExactWhereNoGapHoldsTwoValuesOfTheWindow() {
        Random random = new Random(1);
        for (int round = 0; round < 3_000; round++) {
            double[] reference = Samples.nasty(random, 1 + random.nextInt(60));
            double[] window = windowFor(reference, random, 1 + random.nextInt(3));
            if (hasSharedGaps(reference, window)) {
                continue;
            }
            assertExact(reference, window);
        }
    }

    @Test
    void isExactOutsideTheRangeOfTheReference() {
        Random random = new Random(2);
        for (int round = 0; round < 1_000; round++) {
            double[] reference = Samples.normal(round, 1 + random.nextInt(50), 3, 1);
            double sign = random.nextBoolean() ? 1 : -1;
            double[] window =
                    random.doubles(1 + random.nextInt(200))
                            .map(x -> 3 + sign * (20 + 1e3 * x))
                            .toArray();
            assertExact(reference, window);
        }
    }

    private static void assertExact(double[] reference, double[] window) {
        NumericProfile profile = NumericProfile.of(reference, 4);
        Measurement measurement = measure(DISTANCE, profile, count(profile, window));
        if (!measurement.evaluated()) {
            assertThat(measurement.reason()).contains("too far apart");
            return;
        }
        assertContains(measurement, reference, window);
        double width = measurement.upper() - measurement.lower();
        // Differences below this are lost in the values' own digits.
        double digits = 1e-13 * Math.max(largest(reference), largest(window));
        assertThat(width)
                .as("%s against %s", Arrays.toString(window), Arrays.toString(reference))
                .isLessThanOrEqualTo(
                        1e-9 * measurement.value() + digits + 1_000 * Double.MIN_VALUE);
    }

    @Test
    void containsTheDistanceWhateverTheValues() {
        Random random = new Random(3);
        int evaluated = 0;
        for (int round = 0; round < 10_000; round++) {
            double[] reference = Samples.nasty(random, 1 + random.nextInt(40));
            double[] window = windowFor(reference, random, 1 + random.nextInt(40));
            NumericProfile profile = NumericProfile.of(reference, 2 + random.nextInt(12));
            Measurement measurement = measure(DISTANCE, profile, count(profile, window));
            if (measurement.evaluated()) {
                evaluated++;
                assertContains(measurement, reference, window);
            }
        }
        // The rest is too far apart for a double.
        assertThat(evaluated).isGreaterThan(8_000);
    }

    @Test
    void containsTheDistanceInCoarseCells() {
        Random random = new Random(4);
        for (int round = 0; round < 20_000; round++) {
            double[] reference = coarseSample(random, 1 + random.nextInt(40));
            double[] window =
                    random.nextBoolean()
                            ? coarseSample(random, 1 + random.nextInt(40))
                            : windowFor(reference, random, 1 + random.nextInt(20));
            NumericProfile coarse = coarse(reference, 2 + random.nextInt(6));
            Measurement measurement = measure(DISTANCE, coarse, count(coarse, window));
            if (measurement.evaluated()) {
                assertContains(measurement, reference, window);
            }
        }
    }

    /** Clusters, steps and lonely values: what bounds inside cells find hard. */
    private static double[] coarseSample(Random random, int size) {
        double centre = random.nextInt(3);
        double spread = Math.pow(10, random.nextInt(4) - 3);
        boolean rounded = random.nextBoolean();
        boolean extreme = random.nextInt(3) == 0;
        double[] sample = new double[size];
        for (int i = 0; i < size; i++) {
            double x =
                    extreme ? random.nextInt(2) * 4 - 2 : centre + spread * random.nextGaussian();
            sample[i] = rounded ? Math.rint(x * 4) / 4 : x;
        }
        return sample;
    }

    @Test
    void containsTheDistanceInGrids() {
        Random random = new Random(5);
        for (int round = 0; round < 24; round++) {
            double unit = new double[] {1, 1e300, 1e-300, 1e-5}[round % 4];
            double offset = round % 3 == 0 ? 0 : 5 * unit;
            boolean inflated = round % 5 == 0;
            boolean skewed = round % 7 == 0;
            double[] reference =
                    Arrays.stream(Samples.normal(round, 10_500 + random.nextInt(20_000), 0, 1))
                            .map(x -> inflated ? Math.max(0, x) : x)
                            .map(x -> offset + unit * (skewed ? Math.exp(x) : x))
                            .toArray();
            NumericProfile grid = NumericProfile.of(reference, 10);
            for (int size : new int[] {1, 10, 100, 1_000, 10_000}) {
                double shift = random.nextInt(2) * random.nextGaussian();
                double[] window =
                        Arrays.stream(Samples.normal(random.nextLong(), size, shift, 1))
                                .map(x -> offset + unit * x)
                                .toArray();
                Measurement measurement = measure(DISTANCE, grid, count(grid, window));
                assertContains(measurement, reference, window);
            }
        }
    }

    @Test
    void isPreciseInTheGridOfANormalFeature() {
        double[] reference = Samples.normal(6, 50_000, 0, 1);
        NumericProfile grid = NumericProfile.of(reference, 10);
        for (int size : new int[] {100, 1_000, 10_000, 100_000}) {
            for (double shift : new double[] {0, 0.1, 0.5}) {
                double widest = 0;
                double worst = 0;
                for (int seed = 0; seed < 10; seed++) {
                    double[] window = Samples.normal(100 + seed, size, shift, 1);
                    Measurement measurement = measure(DISTANCE, grid, count(grid, window));
                    double w1 = direct(reference, window);
                    widest = Math.max(widest, measurement.upper() - measurement.lower());
                    worst = Math.max(worst, Math.abs(measurement.value() - w1));
                }
                assertThat(widest).isLessThan(0.02);
                assertThat(worst).isLessThan(0.004);
            }
        }
    }

    @Test
    void isTheSameForMergedPanesAndOneWindow() {
        NumericProfile grid = NumericProfile.of(Samples.normal(7, 12_000, 0, 1), 10);
        double[] values = Samples.normal(8, 3_000, 0.1, 1);
        Tally merged = Tally.EMPTY;
        for (int from = 0; from < values.length; from += 30) {
            Tally pane = count(grid, Arrays.copyOfRange(values, from, from + 30));
            merged = from % 60 == 0 ? merged.plus(pane) : pane.plus(merged);
        }
        Measurement one = measure(DISTANCE, grid, count(grid, values));
        Measurement other = measure(DISTANCE, grid, merged);
        assertThat(other.value()).isCloseTo(one.value(), within(1e-13));
        assertThat(other.lower()).isCloseTo(one.lower(), within(1e-13));
        assertThat(other.upper()).isCloseTo(one.upper(), within(1e-13));
    }

    @Test
    void survivesBytesAndARestoredProfile() {
        NumericProfile grid = NumericProfile.of(Samples.normal(9, 12_000, 0, 1), 10);
        Tally window = count(grid, Samples.normal(10, 500, 0.1, 1));
        NumericProfile restored =
                NumericProfile.restore(
                        grid.cellEdges(),
                        grid.binEdges(),
                        grid.exact(),
                        Tally.of(grid.reference().cells(), grid.reference().counts(), 0, 0, 0, 0),
                        grid.moments(),
                        grid.reference().cellSums());
        assertThat(measure(DISTANCE, restored, Tally.fromBytes(window.toBytes())))
                .isEqualTo(measure(DISTANCE, grid, window));
    }

    @Test
    void seesNoDistanceBetweenASampleAndItself() {
        for (double[] sample :
                new double[][] {Samples.normal(11, 300, 2, 1), Samples.normal(12, 15_000, 2, 1)}) {
            NumericProfile profile = NumericProfile.of(sample, 10);
            for (Statistic statistic : new Statistic[] {DISTANCE, IN_DEVIATIONS}) {
                Measurement measurement = measure(statistic, profile, count(profile, sample));
                assertThat(measurement.value()).isZero();
                assertThat(measurement.lower()).isZero();
                assertThat(measurement.pValue()).isOne();
                assertThat(measurement.excess()).isZero();
            }
        }
    }

    @Test
    void findsAShiftOfTheMeanInDeviations() {
        double[] reference = Samples.normal(13, 50_000, 100, 20);
        NumericProfile grid = NumericProfile.of(reference, 10);
        double[] window = Arrays.stream(reference).map(x -> x + 10).toArray();
        Measurement measurement = measure(IN_DEVIATIONS, grid, count(grid, window));
        assertThat(measurement.value()).isCloseTo(0.5, within(0.01));
        assertThat(IN_DEVIATIONS.psiEquivalent(measurement)).isCloseTo(0.25, within(0.01));
        assertThat(DISTANCE.psiEquivalent(measurement)).isNaN();
    }

    @Test
    void expectsOfChanceWhatSimulatedWindowsShow() {
        for (int size : new int[] {3_000, 30_000}) {
            double[] reference = Samples.normal(14, size, 0, 1);
            NumericProfile profile = NumericProfile.of(reference, 10);
            double sum = 0;
            for (int seed = 0; seed < 200; seed++) {
                double[] window = Samples.normal(1_000 + seed, 1_000, 0, 1);
                sum += measure(DISTANCE, profile, count(profile, window)).value();
            }
            // The reference's own error is one draw, which the mean over windows keeps.
            assertThat(DISTANCE.noise(trial(profile, 1_000)).level() / (sum / 200))
                    .isBetween(0.8, 1.25);
        }
        NumericProfile profile = NumericProfile.of(Samples.normal(15, 3_000, 0, 5), 10);
        Trial trial = trial(profile, 500);
        assertThat(
                        DISTANCE.noise(new Trial(profile, 500, 10, 0.01, 4)).level()
                                / DISTANCE.noise(trial).level())
                .isCloseTo(2, within(1e-12));
        assertThat(DISTANCE.noise(trial).critical()).isNaN();
        assertThat(DISTANCE.noise(trial).level() / IN_DEVIATIONS.noise(trial).level())
                .isCloseTo(profile.moments().sd() * Math.sqrt(2_999 / 3_000.0), within(1e-9));
    }

    @Test
    void takesThePValueOfKolmogorovAndSmirnov() {
        NumericProfile profile = NumericProfile.of(Samples.normal(16, 2_000, 0, 1), 10);
        Tally window = count(profile, Samples.normal(17, 400, 0.1, 1));
        Comparison comparison = new Comparison(profile, window, Smoothing.jeffreys(), 0.01, 1.5);
        assertThat(DISTANCE.measure(comparison).pValue())
                .isEqualTo(new KolmogorovSmirnov().measure(comparison).pValue());
    }

    private static void assertBrackets(Measurement measurement, double expected, double slack) {
        assertThat(expected).isBetween(measurement.lower() - slack, measurement.upper() + slack);
        assertThat(measurement.value()).isBetween(measurement.lower(), measurement.upper());
    }

    /** Without any slack: the bounds say that they allow for rounding. */
    private static void assertContains(
            Measurement measurement, double[] reference, double[] window) {
        BigDecimal w1 = exact(reference, window);
        assertThat(w1)
                .as(
                        "%s: %s against %s",
                        measurement, Arrays.toString(window), Arrays.toString(reference))
                .isBetween(
                        new BigDecimal(measurement.lower()), new BigDecimal(measurement.upper()));
        assertThat(measurement.value()).isBetween(measurement.lower(), measurement.upper());
    }

    /** The definition, in decimals: the area between the functions from value to value. */
    private static BigDecimal exact(double[] reference, double[] window) {
        double[] ordered = reference.clone();
        double[] other = window.clone();
        Arrays.sort(ordered);
        Arrays.sort(other);
        double[] all = DoubleStream.concat(Arrays.stream(ordered), Arrays.stream(other)).toArray();
        Arrays.sort(all);
        long n = other.length;
        long m = ordered.length;
        BigDecimal area = BigDecimal.ZERO;
        int i = 0;
        int j = 0;
        for (int k = 0; k + 1 < all.length; k++) {
            while (i < n && other[i] <= all[k]) {
                i++;
            }
            while (j < m && ordered[j] <= all[k]) {
                j++;
            }
            long level = Math.abs(m * i - n * j);
            if (level != 0 && all[k + 1] > all[k]) {
                BigDecimal width = new BigDecimal(all[k + 1]).subtract(new BigDecimal(all[k]));
                area = area.add(width.multiply(BigDecimal.valueOf(level)));
            }
        }
        return area.divide(BigDecimal.valueOf(n * m), new MathContext(60));
    }

    /** The same in doubles: how far sorted values of equal rank lie apart, rank by rank. */
    private static double direct(double[] reference, double[] window) {
        double[] ordered = reference.clone();
        double[] other = window.clone();
        Arrays.sort(ordered);
        Arrays.sort(other);
        long n = other.length;
        long m = ordered.length;
        double sum = 0;
        long rank = 0;
        int i = 0;
        int j = 0;
        while (i < n && j < m) {
            long next = Math.min((i + 1) * m, (j + 1) * n);
            sum += (next - rank) * Math.abs(other[i] - ordered[j]);
            rank = next;
            i += rank == (i + 1) * m ? 1 : 0;
            j += rank == (j + 1) * n ? 1 : 0;
        }
        return sum / n / m;
    }

    private static double largest(double[] values) {
        return DoubleStream.of(values).map(Math::abs).max().orElse(0);
    }

    private static Measurement measure(Statistic statistic, NumericProfile profile, Tally window) {
        return statistic.measure(new Comparison(profile, window, Smoothing.jeffreys(), 0.01));
    }

    private static Trial trial(NumericProfile profile, long count) {
        return new Trial(profile, count, 10, 0.01, 1);
    }

    private static Tally count(NumericProfile profile, double... values) {
        NumericCounter counter = profile.newCounter(true);
        for (double value : values) {
            counter.add(value);
        }
        return counter.drain();
    }

    /** A grid of few cells: the reference's bins, and the ends of its range. */
    private static NumericProfile coarse(double[] reference, int bins) {
        NumericProfile fine = NumericProfile.of(reference, bins);
        Moments moments = fine.moments();
        double[] edges =
                DoubleStream.concat(
                                DoubleStream.of(fine.binEdges()),
                                DoubleStream.of(
                                        Math.nextDown(moments.minimum()), moments.maximum()))
                        .filter(Double::isFinite)
                        .map(edge -> edge + 0.0)
                        .sorted()
                        .distinct()
                        .toArray();
        NumericProfile empty =
                NumericProfile.restore(
                        edges, fine.binEdges(), false, Tally.EMPTY, unranged(moments));
        Tally counted = count(empty, reference);
        return NumericProfile.restore(edges, fine.binEdges(), false, counted, moments);
    }

    /** The same unit without a range, which a profile without values cannot have. */
    private static Moments unranged(Moments moments) {
        return new Moments(
                Double.NaN, Double.NaN, moments.mean(), moments.sd(), Double.NaN, moments.scale());
    }

    /**
     * A window that shares values with the reference, lies beside them, or has nothing in common.
     */
    private static double[] windowFor(double[] reference, Random random, int size) {
        double[] window = Samples.nasty(random, size);
        for (int i = 0; i < window.length; i++) {
            double value = reference[random.nextInt(reference.length)];
            double neighbour = reference[random.nextInt(reference.length)];
            window[i] =
                    switch (random.nextInt(6)) {
                        case 0 -> value;
                        case 1 -> Math.nextUp(value);
                        case 2 -> Math.nextDown(value);
                        case 3, 4 -> value / 2 + neighbour / 2;
                        default -> window[i];
                    };
            window[i] = Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, window[i]));
        }
        return window;
    }
}
