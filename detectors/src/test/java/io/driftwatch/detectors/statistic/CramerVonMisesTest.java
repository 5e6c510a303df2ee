package io.driftwatch.detectors.statistic;

import static io.driftwatch.detectors.GoldenFile.assertRelative;
import static io.driftwatch.detectors.GoldenFile.doubles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.GoldenFile;
import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.profile.Moments;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Samples;
import io.driftwatch.detectors.profile.Tally;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.commons.math3.special.Gamma;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CramerVonMisesTest {
    private static final Statistic CVM = new CramerVonMises();

    @Test
    void isForNumbersOnly() {
        CategoricalProfile categories = CategoricalProfile.of(Map.of("a", 3L), 0);
        assertThat(CVM.appliesTo(FeatureType.CATEGORICAL)).isFalse();
        Comparison comparison =
                new Comparison(categories, categories.reference(), Smoothing.jeffreys(), 0.01);
        assertThatIllegalArgumentException().isThrownBy(() -> CVM.measure(comparison));
    }

    @Test
    void saysNothingAboutTwoValues() {
        NumericProfile one = NumericProfile.of(new double[] {1}, 2);
        Measurement measurement = measure(one, 7);
        assertThat(measurement.value()).isEqualTo(0.25);
        assertThat(measurement.pValue()).isOne();
        assertThat(measurement.criticalValue()).isNaN();
    }

    static Stream<Named<JsonNode>> goldenCases() {
        return GoldenFile.cases("numeric.json").stream()
                .filter(golden -> golden.at("/expected/cramer_von_mises").has("t_edf"))
                .map(golden -> Named.of(GoldenFile.name(golden), golden));
    }

    static Stream<Named<JsonNode>> goldenCasesWithoutTies() {
        return goldenCases()
                .filter(
                        golden ->
                                golden.getPayload()
                                        .at("/expected/cramer_von_mises")
                                        .has("p_asymptotic"));
    }

    @ParameterizedTest
    @MethodSource("goldenCases")
    void bracketsTheGoldenStatistic(JsonNode golden) {
        NumericProfile profile =
                NumericProfile.of(doubles(golden.get("reference")), golden.get("B").asInt());
        Measurement measurement = measure(profile, doubles(golden.get("window")));
        double t = golden.at("/expected/cramer_von_mises/t_edf").asDouble();
        assertThat(t).isBetween(measurement.lower() - 1e-12 * t, measurement.upper() * (1 + 1e-12));
        assertThat(measurement.value()).isBetween(measurement.lower(), measurement.upper());
    }

    /** As far as that goes: scipy ends its series at terms of 1e-7, and takes 1 minus it. */
    @ParameterizedTest
    @MethodSource("goldenCasesWithoutTies")
    void hasTheGoldenProbabilityOfTheGoldenStatistic(JsonNode golden) {
        JsonNode expected = golden.at("/expected/cramer_von_mises");
        NumericProfile profile = NumericProfile.of(doubles(golden.get("reference")), 10);
        Trial trial = new Trial(profile, golden.at("/expected/n_finite").asLong(), 10, 0.001, 1);
        assertRelative(
                CramerVonMises.pValue(expected.get("t_edf").asDouble(), trial),
                expected.get("p_asymptotic").asDouble(),
                1e-6,
                1e-8);
    }

    @Test
    void agreesWithTheSeriesOfAndersonAndDarling() {
        for (double z = 0.02; z < 1.5; z *= 1.2) {
            assertThat(CramerVonMisesLaw.probability(z))
                    .isCloseTo(1 - seriesBelow(z), within(2e-13));
        }
        // Anderson and Darling 1952, table 1.
        assertThat(CramerVonMisesLaw.probability(0.34730)).isCloseTo(0.10, within(1e-5));
        assertThat(CramerVonMisesLaw.probability(0.46136)).isCloseTo(0.05, within(1e-5));
        assertThat(CramerVonMisesLaw.probability(0.74346)).isCloseTo(0.01, within(1e-5));
        assertThat(CramerVonMisesLaw.probability(1.16786)).isCloseTo(0.001, within(1e-6));
    }

    /** The lower tail, with Bessel's K of order 1/4 as the integral of exp(-q cosh u) cosh(u/4). */
    private static double seriesBelow(double z) {
        double sum = 0;
        for (int k = 0; k < 40; k++) {
            double y = 4 * k + 1;
            double q = y * y / (16 * z);
            double bessel = 0;
            double step = 0.01;
            for (int i = 0; i < 2_000; i++) {
                double u = i * step;
                bessel +=
                        (i == 0 ? 0.5 : 1)
                                * step
                                * Math.exp(-q * (Math.cosh(u) + 1))
                                * Math.cosh(u / 4);
            }
            double factor =
                    Math.exp(Gamma.logGamma(k + 0.5) - Gamma.logGamma(k + 1.0))
                            / (Math.pow(Math.PI, 1.5) * Math.sqrt(z));
            sum += factor * Math.sqrt(y) * bessel;
        }
        return sum;
    }

    @Test
    void keepsItsDigitsInTheTail() {
        double previous = 1;
        for (double z = 0.004; z < 140; z *= 1.5) {
            double probability = CramerVonMisesLaw.probability(z);
            assertThat(probability).isPositive().isLessThanOrEqualTo(previous);
            previous = probability;
        }
        // mpmath, 150 digits, cut to 15: 1 - sum of gamma(k + 1/2) / k! / (pi^(3/2) sqrt(z)) *
        // sqrt(4k + 1)
        // * exp(-q) * besselk(1/4, q), q = (4k + 1)^2 / (16 z), over k below 120
        assertTail(0.02, 0.996999385698398);
        assertTail(0.1, 0.584873438406794);
        assertTail(0.5, 0.0398332175656075);
        assertTail(2, 1.27807361727816e-5);
        assertTail(8, 9.01975625992772e-19);
        assertTail(20, 1.09720931656538e-44);
        assertThat(CramerVonMisesLaw.probability(200)).isZero();
        assertThat(CramerVonMisesLaw.probability(-1)).isOne();
    }

    private static void assertTail(double z, double expected) {
        assertRelative(CramerVonMisesLaw.probability(z), expected, 1e-12, 0);
    }

    @Test
    void invertsItsLaw() {
        for (double probability : new double[] {0.9, 0.5, 0.05, 1e-3, 1e-9, 1e-100}) {
            double z = CramerVonMisesLaw.quantile(probability);
            assertThat(CramerVonMisesLaw.probability(z) / probability).isCloseTo(1, within(1e-10));
        }
    }

    @Test
    void isExactWithoutSharedGapsAndBracketedWithThem() {
        Random random = new Random(1);
        int exact = 0;
        for (int round = 0; round < 20_000; round++) {
            double[] reference = Samples.nasty(random, 1 + random.nextInt(40));
            double[] window = windowFor(reference, random);
            NumericProfile profile = NumericProfile.of(reference, 2 + random.nextInt(12));
            Measurement measurement = measure(profile, window);
            double t = naive(reference, window);
            assertThat(t)
                    .as("%s against %s", Arrays.toString(window), Arrays.toString(reference))
                    .isBetween(
                            measurement.lower() * (1 - 1e-12) - 1e-15,
                            measurement.upper() * (1 + 1e-12) + 1e-15);
            if (!hasSharedGaps(profile, window)) {
                exact++;
                assertThat(measurement.upper())
                        .isCloseTo(measurement.lower(), within(1e-12 * Math.max(1, t)));
            }
        }
        assertThat(exact).isGreaterThan(2_000);
    }

    @Test
    void bracketsTheStatisticInCoarseCells() {
        Random random = new Random(2);
        for (int round = 0; round < 20_000; round++) {
            double[] reference = Samples.nasty(random, 1 + random.nextInt(50));
            double[] window = windowFor(reference, random);
            NumericProfile coarse = coarse(reference, 2 + random.nextInt(6));
            Measurement measurement = measure(coarse, window);
            double t = naive(reference, window);
            assertThat(t)
                    .as("%s against %s", Arrays.toString(window), Arrays.toString(reference))
                    .isBetween(
                            measurement.lower() * (1 - 1e-12) - 1e-15,
                            measurement.upper() * (1 + 1e-12) + 1e-15);
        }
    }

    /** All orders and ties of two values of the window and three of the reference in one cell. */
    @Test
    void hasBoundsThatSomeSamplesReachWhereTheSignDoesNotChange() {
        double[] edges = {Math.nextDown(0.0), 0, 10, Math.nextDown(20.0), 20};
        NumericProfile empty =
                NumericProfile.restore(
                        edges, new double[] {0}, false, Tally.EMPTY, Moments.UNKNOWN);
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        Measurement measurement = null;
        for (int code = 0; code < 5 * 5 * 5 * 5 * 5; code++) {
            int[] places = {code % 5, code / 5 % 5, code / 25 % 5, code / 125 % 5, code / 625};
            double[] window = {0, 0, 0, 0, 0, 1 + places[0], 1 + places[1], 20};
            double[] reference = {1 + places[2], 1 + places[3], 1 + places[4], 20, 20, 20};
            NumericProfile profile =
                    NumericProfile.restore(
                            edges,
                            new double[] {0},
                            false,
                            Samples.count(empty, reference),
                            Moments.UNKNOWN);
            measurement = measure(profile, window);
            double t = naive(reference, window);
            least = Math.min(least, t);
            most = Math.max(most, t);
        }
        assertThat(measurement.lower()).isCloseTo(least, within(1e-14));
        assertThat(measurement.upper()).isCloseTo(most, within(1e-14));
        assertThat(most).isGreaterThan(least);
    }

    @Test
    void isPreciseInTheGridOfANormalFeature() {
        double[] reference = Samples.normal(6, 50_000, 0, 1);
        NumericProfile grid = NumericProfile.of(reference, 10);
        for (int size : new int[] {100, 1_000, 10_000}) {
            for (double shift : new double[] {0, 0.1, 0.5}) {
                for (int seed = 0; seed < 10; seed++) {
                    double[] window = Samples.normal(100 + seed, size, shift, 1);
                    Measurement measurement = measure(grid, window);
                    double t = naive(reference, window);
                    assertThat(t).isBetween(measurement.lower(), measurement.upper());
                    if (shift == 0.5) {
                        assertThat(measurement.lower()).isGreaterThan(0.94 * t);
                        assertThat(measurement.upper()).isLessThan(1.15 * t);
                    }
                }
            }
        }
    }

    @Test
    void hasTheMeanAndTheLevelThatItsNoiseSays() {
        NumericProfile profile = NumericProfile.of(Samples.normal(20, 2_000, 0, 1), 10);
        Random random = new Random(3);
        double sum = 0;
        int significant = 0;
        int rounds = 2_000;
        for (int round = 0; round < rounds; round++) {
            // Fresh samples each time: ranks are enough, as the law does not depend on the values.
            double[] reference = random.doubles(60).toArray();
            double[] window = random.doubles(40).toArray();
            NumericProfile small = NumericProfile.of(reference, 4);
            Comparison comparison =
                    new Comparison(small, Samples.count(small, window), Smoothing.jeffreys(), 0.05);
            Measurement measurement = CVM.measure(comparison);
            sum += naive(reference, window);
            significant += measurement.pValue() <= 0.05 ? 1 : 0;
        }
        Noise noise = CVM.noise(new Trial(profile, 40, 10, 0.05, 1));
        assertThat(sum / rounds).isCloseTo(noise.level(), within(0.012));
        assertThat((double) significant / rounds).isBetween(0.02, 0.06);
        Noise doubled = CVM.noise(new Trial(profile, 40, 10, 0.05, 2));
        assertThat(doubled.level()).isCloseTo(2 * noise.level(), within(1e-15));
        assertThat(doubled.critical()).isCloseTo(2 * noise.critical(), within(1e-15));
        assertThat(noise.detectable()).isNaN();
    }

    @Test
    void isAsSureOfTwiceTheStatisticWhenCountsVaryTwiceAsMuch() {
        NumericProfile profile = NumericProfile.of(Samples.normal(21, 2_000, 0, 1), 10);
        assertThat(CramerVonMises.pValue(1.4, new Trial(profile, 300, 10, 0.01, 2)))
                .isEqualTo(CramerVonMises.pValue(0.7, new Trial(profile, 300, 10, 0.01, 1)));
    }

    @Test
    void isTheSameForMergedPanesAndOneWindow() {
        NumericProfile profile = NumericProfile.of(Samples.normal(22, 12_000, 0, 1), 10);
        double[] values = Samples.normal(23, 900, 0.1, 1);
        Tally merged = Tally.EMPTY;
        for (int from = 0; from < values.length; from += 30) {
            merged =
                    Samples.count(profile, Arrays.copyOfRange(values, from, from + 30))
                            .plus(merged);
        }
        Comparison comparison = new Comparison(profile, merged, Smoothing.jeffreys(), 0.01);
        assertThat(CVM.measure(comparison)).isEqualTo(measure(profile, values));
    }

    @Test
    void seesNothingInTheReferenceItself() {
        for (double[] sample :
                new double[][] {Samples.normal(24, 300, 2, 1), Samples.normal(25, 15_000, 2, 1)}) {
            Measurement measurement = measure(NumericProfile.of(sample, 10), sample);
            assertThat(measurement.value()).isZero();
            assertThat(measurement.pValue()).isOne();
        }
    }

    @Test
    void comparesCountsWhoseProductExceedsALong() {
        NumericProfile small = NumericProfile.of(new double[] {1, 2, 2, 3}, 2);
        Tally window = Samples.count(small, 1, 2, 3, 3, 3);
        NumericProfile huge =
                NumericProfile.restore(
                        small.cellEdges(),
                        small.binEdges(),
                        true,
                        times(small.reference(), 4_000_000_000L),
                        small.moments());
        Comparison comparison =
                new Comparison(huge, times(window, 4_000_000_000L), Smoothing.jeffreys(), 0.01);
        double t = measure(small, 1, 2, 3, 3, 3).value();
        assertThat(CVM.measure(comparison).value()).isCloseTo(4e9 * t, within(1e-3));
        assertThat(CVM.measure(comparison).pValue()).isZero();
    }

    private static Tally times(Tally tally, long factor) {
        long[] counts = Arrays.stream(tally.counts()).map(count -> count * factor).toArray();
        return Tally.of(tally.cells(), counts, 0, 0, 0, 0);
    }

    private static boolean hasSharedGaps(NumericProfile profile, double[] window) {
        Tally tally = Samples.count(profile, window);
        for (int i = 0; i < tally.size(); i++) {
            if (!profile.isAtom(tally.cell(i)) && tally.count(i) > 1) {
                return true;
            }
        }
        return false;
    }

    private static Measurement measure(NumericProfile profile, double... window) {
        return CVM.measure(
                new Comparison(
                        profile, Samples.count(profile, window), Smoothing.jeffreys(), 0.01));
    }

    /** A profile whose cells are its bins. */
    private static NumericProfile coarse(double[] reference, int bins) {
        double[] edges = NumericProfile.of(reference, bins).binEdges();
        NumericProfile empty =
                NumericProfile.restore(edges, edges, false, Tally.EMPTY, Moments.UNKNOWN);
        return NumericProfile.restore(
                edges, edges, false, Samples.count(empty, reference), Moments.UNKNOWN);
    }

    /** A window that shares values with the reference, lies beside them or between them. */
    private static double[] windowFor(double[] reference, Random random) {
        double[] window = Samples.nasty(random, 1 + random.nextInt(30));
        for (int i = 0; i < window.length; i++) {
            double value = reference[random.nextInt(reference.length)];
            double neighbour = reference[random.nextInt(reference.length)];
            window[i] =
                    switch (random.nextInt(5)) {
                        case 0 -> value;
                        case 1 -> Math.nextUp(value);
                        case 2 -> Math.nextDown(value);
                        case 3 -> value / 2 + neighbour / 2;
                        default -> window[i];
                    };
            window[i] = Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, window[i]));
        }
        return window;
    }

    /** The definition: squared differences at every value of both samples. */
    private static double naive(double[] reference, double[] window) {
        double[] ordered = reference.clone();
        double[] other = window.clone();
        for (double[] sample : new double[][] {ordered, other}) {
            for (int i = 0; i < sample.length; i++) {
                sample[i] += 0.0;
            }
            Arrays.sort(sample);
        }
        double sum = 0;
        for (double[] sample : new double[][] {ordered, other}) {
            for (double x : sample) {
                double difference = share(other, x) - share(ordered, x);
                sum += difference * difference;
            }
        }
        double n = other.length;
        double m = ordered.length;
        return n * m / ((n + m) * (n + m)) * sum;
    }

    private static double share(double[] sorted, double x) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] <= x) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return (double) low / sorted.length;
    }
}
