package io.driftwatch.detectors.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.profile.NumericCounter;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Samples;
import io.driftwatch.detectors.profile.Tally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every statistic in the list must do, for every kind of profile that it applies to. */
class StatisticContractTest {
    private static final Set<String> IN_UNIT_OF_FEATURE = Set.of("mean", "sd");
    private static final Set<String> OF_ROWS = Set.of("missing_rate", "infinite_rate");

    /** Those whose p-value comes from their own law, not from that of another test. */
    private static final Set<String> OWN_TEST =
            Set.of(
                    "chi2",
                    "chi2_pooled",
                    "g",
                    "ks",
                    "missing_rate",
                    "infinite_rate",
                    "out_of_range_rate",
                    "new_category_rate",
                    "mean",
                    "sd");

    /** Those of which a smallest window is searched for by their critical values. */
    private static final Set<String> WITH_CRITICAL_SIZE =
            Set.of(
                    "psi",
                    "kl",
                    "js",
                    "hellinger",
                    "linf",
                    "ks",
                    "missing_rate",
                    "infinite_rate",
                    "out_of_range_rate",
                    "new_category_rate");

    private static final double[] SAMPLE = Samples.normal(1, 3_000, 10, 2);
    private static final NumericProfile EXACT = NumericProfile.of(SAMPLE, 10);
    private static final NumericProfile GRID =
            NumericProfile.of(Samples.normal(2, 20_000, 10, 2), 10);
    private static final CategoricalProfile CATEGORIES =
            CategoricalProfile.of(Map.of("a", 700L, "b", 200L, "c", 90L, "d", 10L), 5);

    static Stream<Arguments> statisticsAndProfiles() {
        List<Named<FeatureProfile>> profiles =
                List.of(
                        Named.of("exact", EXACT),
                        Named.of("grid", GRID),
                        Named.of("categories", CATEGORIES));
        List<Arguments> arguments = new ArrayList<>();
        for (Statistic statistic : Statistics.all()) {
            for (Named<FeatureProfile> profile : profiles) {
                if (statistic.appliesTo(profile.getPayload().type())) {
                    arguments.add(Arguments.of(Named.of(statistic.name(), statistic), profile));
                }
            }
        }
        return arguments.stream();
    }

    @ParameterizedTest
    @MethodSource("statisticsAndProfiles")
    void seesNoDriftInTheReferenceItself(Statistic statistic, FeatureProfile profile) {
        Measurement measurement = measure(statistic, profile, profile.reference());
        assertThat(measurement.evaluated()).isTrue();
        assertThat(measurement.pValue()).isCloseTo(1, within(1e-6));
        if (!IN_UNIT_OF_FEATURE.contains(statistic.name()) && !OF_ROWS.contains(statistic.name())) {
            assertThat(measurement.value()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("statisticsAndProfiles")
    void staysWithinItsBoundsAndBelowItsCriticalValueExactlyWhenNotSignificant(
            Statistic statistic, FeatureProfile profile) {
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            Tally window = anyWindow(profile, random, 1 + random.nextInt(400));
            Measurement measurement = measure(statistic, profile, window);
            if (!measurement.evaluated()) {
                assertThat(measurement.reason()).isNotBlank();
                continue;
            }
            assertThat(measurement.value()).isFinite();
            assertThat(measurement.lower()).isLessThanOrEqualTo(measurement.value());
            assertThat(measurement.upper()).isGreaterThanOrEqualTo(measurement.value());
            double critical = measurement.criticalValue();
            if (!IN_UNIT_OF_FEATURE.contains(statistic.name())) {
                assertThat(measurement.value()).isNotNegative();
            }
            assertThat(Double.isNaN(measurement.excess()) || measurement.excess() >= 0).isTrue();
            if (OWN_TEST.contains(statistic.name()) && !Double.isNaN(critical)) {
                assertThat(beyond(measurement, profile, statistic))
                        .as("%s", measurement)
                        .isEqualTo(measurement.pValue() <= 0.01);
            }
        }
    }

    /** Whether the value lies beyond the critical value, on the side on which that lies. */
    private static boolean beyond(
            Measurement measurement, FeatureProfile profile, Statistic statistic) {
        if (IN_UNIT_OF_FEATURE.contains(statistic.name())) {
            var moments = ((NumericProfile) profile).moments();
            double centre = statistic.name().equals("mean") ? moments.mean() : moments.sd();
            return measurement.criticalValue() >= centre
                    ? measurement.value() >= measurement.criticalValue()
                    : measurement.value() <= measurement.criticalValue();
        }
        double rate = statistic.name().equals("missing_rate") ? referenceMissingRate(profile) : 0;
        // The test sees a fall as well; the critical value speaks of a rise.
        return measurement.value() < rate
                ? measurement.pValue() <= 0.01
                : measurement.value() >= measurement.criticalValue();
    }

    private static double referenceMissingRate(FeatureProfile profile) {
        return (double) profile.reference().missing() / profile.reference().rows();
    }

    @ParameterizedTest
    @MethodSource("statisticsAndProfiles")
    void measuresMergedPanesAsOneWindow(Statistic statistic, FeatureProfile profile) {
        Random random = new Random(4);
        Tally merged = Tally.EMPTY;
        List<Tally> panes = new ArrayList<>();
        for (int pane = 0; pane < 20; pane++) {
            panes.add(anyWindow(profile, random, 30));
            merged = merged.plus(panes.get(pane));
        }
        Tally backwards = Tally.EMPTY;
        for (int pane = 19; pane >= 0; pane--) {
            backwards = panes.get(pane).plus(backwards);
        }
        double value = measure(statistic, profile, merged).value();
        assertThat(measure(statistic, profile, backwards).value())
                .isCloseTo(value, within(1e-12 * Math.max(1, Math.abs(value))));
    }

    @ParameterizedTest
    @MethodSource("statisticsAndProfiles")
    void refusesAnEmptyWindowWithAReason(Statistic statistic, FeatureProfile profile) {
        Measurement measurement = measure(statistic, profile, Tally.EMPTY);
        assertThat(measurement.evaluated()).isFalse();
        assertThat(measurement.reason()).contains("The window has no");
        assertThat(measurement.value()).isNaN();
        assertThat(measurement.count()).isZero();
    }

    @ParameterizedTest
    @MethodSource("statisticsAndProfiles")
    void refusesAWindowInWhichAllIsMissingWithAReason(Statistic statistic, FeatureProfile profile) {
        Measurement measurement =
                measure(statistic, profile, Tally.of(new int[0], new long[0], 30, 0, 0, 0));
        if (statistic.name().equals("missing_rate")) {
            assertThat(measurement.value()).isOne();
            assertThat(measurement.pValue()).isLessThan(1e-20);
        } else {
            assertThat(measurement.evaluated()).isFalse();
            assertThat(measurement.reason()).contains("The window has no");
        }
    }

    @ParameterizedTest
    @MethodSource("statisticsAndProfiles")
    void refusesAWindowInWhichAllIsInfiniteWithAReason(
            Statistic statistic, FeatureProfile profile) {
        if (profile.type() != FeatureType.NUMERIC) {
            return;
        }
        Measurement measurement =
                measure(statistic, profile, Tally.of(new int[0], new long[0], 0, 30, 0, 0));
        switch (statistic.name()) {
            case "missing_rate" -> assertThat(measurement.value()).isZero();
            case "infinite_rate" -> {
                assertThat(measurement.value()).isOne();
                assertThat(measurement.pValue()).isLessThan(1e-20);
            }
            default -> {
                assertThat(measurement.evaluated()).isFalse();
                assertThat(measurement.reason()).contains("The window has no", "30 infinite");
                assertThat(measurement.noise()).isEqualTo(Noise.UNKNOWN);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("statisticsAndProfiles")
    void refusesAReferenceWithoutValuesWithAReason(Statistic statistic, FeatureProfile profile) {
        FeatureProfile empty =
                profile.type() == FeatureType.NUMERIC
                        ? NumericProfile.of(new double[0], 10)
                        : CategoricalProfile.of(Map.of(), 0);
        Tally window = Tally.of(new int[] {0}, new long[] {9}, 0, 0, 0, 0);
        Measurement measurement = measure(statistic, empty, window);
        assertThat(measurement.evaluated()).isFalse();
        assertThat(measurement.reason()).contains("The reference has no");
    }

    @ParameterizedTest
    @MethodSource("statisticsAndProfiles")
    void keepsMissingAndInfiniteValuesApart(Statistic statistic, FeatureProfile profile) {
        Tally window = anyWindow(profile, new Random(5), 300);
        Tally noisy =
                window.plus(
                        Tally.of(
                                new int[0],
                                new long[0],
                                40,
                                profile.type() == FeatureType.NUMERIC ? 50 : 0,
                                0,
                                0));
        if (!OF_ROWS.contains(statistic.name())) {
            assertThat(measure(statistic, profile, noisy))
                    .isEqualTo(measure(statistic, profile, window));
        }
    }

    @ParameterizedTest
    @MethodSource("statisticsAndProfiles")
    void doesNotCareForTheOrderOfCategories(Statistic statistic, FeatureProfile profile) {
        if (profile.type() != FeatureType.CATEGORICAL) {
            return;
        }
        // The last cell, of new categories, stays where it is.
        long[] reference = {50, 300, 20, 130, 0};
        long[] window = {70, 210, 0, 190, 6};
        Measurement straight = measure(statistic, profileOf(reference), tallyOf(window));
        Random random = new Random(7);
        for (int round = 0; round < 20; round++) {
            for (int cell = 3; cell > 0; cell--) {
                int other = random.nextInt(cell + 1);
                swap(reference, cell, other);
                swap(window, cell, other);
            }
            Measurement permuted = measure(statistic, profileOf(reference), tallyOf(window));
            assertThat(permuted.value())
                    .isCloseTo(straight.value(), withinRelative(straight.value()));
            assertThat(permuted.pValue())
                    .isCloseTo(straight.pValue(), withinRelative(straight.pValue()));
            assertSame(permuted.noise(), straight.noise());
        }
    }

    private static void swap(long[] counts, int one, int other) {
        long count = counts[one];
        counts[one] = counts[other];
        counts[other] = count;
    }

    @ParameterizedTest
    @MethodSource("statisticsAndProfiles")
    void saysOfAPlannedWindowWhatItSaysOfOneThatWasCounted(
            Statistic statistic, FeatureProfile profile) {
        Random random = new Random(8);
        int compared = 0;
        for (int round = 0; round < 50; round++) {
            Tally window = anyWindow(profile, random, 30 + random.nextInt(400));
            Comparison comparison = new Comparison(profile, window, Smoothing.jeffreys(), 0.01, 2);
            Measurement measurement = statistic.measure(comparison);
            Trial planned = Trial.planned(profile, measurement.count(), 0.01, 2);
            if (comparison.trial().bins() != planned.bins()) {
                continue;
            }
            compared++;
            Noise noise = statistic.noise(planned);
            if (IN_UNIT_OF_FEATURE.contains(statistic.name())) {
                // A plan speaks of a rise, and does not know how much the window will vary.
                assertThat(noise.level()).isEqualTo(measurement.noise().level());
                assertThat(
                                Math.abs(measurement.criticalValue() - noise.level())
                                        / (noise.critical() - noise.level()))
                        .isBetween(0.5, 1.5);
            } else {
                assertSame(noise, measurement.noise());
            }
        }
        assertThat(compared).isGreaterThan(10);
    }

    @ParameterizedTest
    @MethodSource("statisticsAndProfiles")
    void overdispersionDividesTheEvidenceByItself(Statistic statistic, FeatureProfile profile) {
        Random random = new Random(9);
        int compared = 0;
        for (int round = 0; round < 100; round++) {
            Tally window = anyWindow(profile, random, 100 + random.nextInt(300));
            Measurement once =
                    statistic.measure(
                            new Comparison(profile, window, Smoothing.jeffreys(), 0.01, 1));
            Comparison comparison = new Comparison(profile, window, Smoothing.jeffreys(), 0.01, 4);
            Measurement fourfold = statistic.measure(comparison);
            assertThat(fourfold.value()).isEqualTo(once.value());
            assertThat(fourfold.pValue()).isGreaterThanOrEqualTo(once.pValue());
            // Beyond these, the inverse has lost what the probability still knew.
            if (once.pValue() > 1e-200
                    && fourfold.pValue() < 0.999
                    && dividesItsEvidence(statistic)) {
                compared++;
                assertThat(evidence(fourfold.pValue(), statistic, comparison))
                        .isCloseTo(
                                evidence(once.pValue(), statistic, comparison) / 4, within(1e-6));
            }
            assertCriticalValuesGrow(statistic, profile, once, fourfold);
        }
        if (dividesItsEvidence(statistic)) {
            assertThat(compared).isGreaterThan(5);
        }
    }

    /** Rates count clusters, cvm divides what lies beyond its mean, and mean has a t law. */
    private static boolean dividesItsEvidence(Statistic statistic) {
        return !isRate(statistic) && !Set.of("cvm", "mean").contains(statistic.name());
    }

    /** Tests of rates count whole hits, so what they see moves in steps. */
    private static boolean isRate(Statistic statistic) {
        return statistic.name().endsWith("_rate");
    }

    /** What the p-value was made of, on a scale that overdispersion divides. */
    private static double evidence(double pValue, Statistic statistic, Comparison comparison) {
        if (Set.of("ks", "wasserstein", "wasserstein_sd").contains(statistic.name())) {
            double z = Kolmogorov.quantile(pValue);
            return z * z;
        }
        int degreesOfFreedom =
                switch (statistic.name()) {
                    case "chi2", "g" -> comparison.chiSquare().degreesOfFreedom();
                    case "psi", "kl", "js", "hellinger", "tvd", "linf", "chi2_pooled" ->
                            comparison.pooledChiSquare().degreesOfFreedom();
                    default -> 1;
                };
        return ChiSquareTail.quantile(pValue, degreesOfFreedom);
    }

    private static void assertCriticalValuesGrow(
            Statistic statistic, FeatureProfile profile, Measurement once, Measurement fourfold) {
        double critical = once.criticalValue();
        double larger = fourfold.criticalValue();
        switch (statistic.name()) {
            case "psi", "kl", "chi2", "chi2_pooled", "g" ->
                    assertThat(larger).isCloseTo(4 * critical, withinRelative(larger));
            case "js", "hellinger", "linf", "ks" ->
                    assertThat(larger).isCloseTo(2 * critical, withinRelative(larger));
            case "mean" -> {
                double mean = ((NumericProfile) profile).moments().mean();
                assertThat(larger - mean).isCloseTo(2 * (critical - mean), within(1e-9));
            }
            case "sd" -> {
                double sd = ((NumericProfile) profile).moments().sd();
                assertThat(Math.log(larger / sd))
                        .isCloseTo(2 * Math.log(critical / sd), within(1e-9));
            }
            case "tvd", "wasserstein", "wasserstein_sd" -> assertThat(larger).isNaN();
            default -> assertThat(larger).isGreaterThan(critical);
        }
    }

    @ParameterizedTest
    @MethodSource("statisticsAndProfiles")
    void smallestWindowIsTheFirstWhoseCriticalValueIsNotAboveTheThreshold(
            Statistic statistic, FeatureProfile profile) {
        Trial plan = Trial.planned(profile, 1, 0.01, 2);
        assertThat(statistic.smallestWindow(plan, Double.NaN)).isBetween(1L, 250L);
        if (!WITH_CRITICAL_SIZE.contains(statistic.name())) {
            assertThat(statistic.smallestWindow(plan, 1e-9))
                    .isEqualTo(statistic.smallestWindow(plan, Double.NaN));
            return;
        }
        double threshold = statistic.noise(plan.withCount(777)).critical();
        if (isRate(statistic)) {
            long window = statistic.smallestWindow(plan, threshold);
            assertThat(statistic.noise(plan.withCount(window)).critical())
                    .isLessThanOrEqualTo(threshold);
            return;
        }
        assertThat(statistic.noise(plan.withCount(776)).critical()).isGreaterThan(threshold);
        assertThat(statistic.smallestWindow(plan, threshold)).isEqualTo(777);
        double outOfReach = statistic.noise(plan.withCount(1L << 50)).critical() / 2;
        assertThat(statistic.smallestWindow(plan, outOfReach)).isEqualTo(Long.MAX_VALUE);
    }

    private static void assertSame(Noise actual, Noise expected) {
        assertSame(actual.level(), expected.level());
        assertSame(actual.critical(), expected.critical());
        assertSame(actual.detectable(), expected.detectable());
    }

    private static void assertSame(double actual, double expected) {
        if (Double.isNaN(expected)) {
            assertThat(actual).isNaN();
        } else {
            assertThat(actual).isCloseTo(expected, withinRelative(expected));
        }
    }

    private static Offset<Double> withinRelative(double expected) {
        return within(1e-12 * Math.abs(expected));
    }

    @ParameterizedTest
    @MethodSource("statisticsAndProfiles")
    void copesWithHugeCounts(Statistic statistic, FeatureProfile profile) {
        Tally window = anyWindow(profile, new Random(6), 500);
        long[] counts = Arrays.stream(window.counts()).map(count -> count << 50).toArray();
        Tally huge =
                Tally.of(
                        window.cells(),
                        counts,
                        window.missing() << 50,
                        window.infinite() << 50,
                        window.sum() * 0x1p50,
                        window.sumOfSquares() * 0x1p50,
                        Arrays.stream(window.cellSums()).map(sum -> sum * 0x1p50).toArray());
        Measurement measurement = measure(statistic, profile, huge);
        double value = measure(statistic, profile, window).value();
        assertThat(measurement.evaluated()).isTrue();
        assertThat(measurement.pValue()).isBetween(0.0, 1.0);
        if (statistic.name().equals("ks")
                || OF_ROWS.contains(statistic.name())
                || statistic.name().equals("mean")) {
            assertThat(measurement.value()).isCloseTo(value, within(1e-14 * Math.abs(value)));
        }
    }

    @Test
    void refusesAFeatureOfAnotherType() {
        for (Statistic statistic : Statistics.all()) {
            for (FeatureProfile profile : List.of(EXACT, CATEGORIES)) {
                if (!statistic.appliesTo(profile.type())) {
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> measure(statistic, profile, profile.reference()))
                            .withMessageContaining(statistic.name() + " is not defined for");
                }
            }
        }
    }

    @Test
    void hasANameOfItsOwn() {
        assertThat(new HashSet<>(Statistics.names())).hasSameSizeAs(Statistics.all());
        for (Statistic statistic : Statistics.all()) {
            assertThat(statistic.name()).matches("[a-z][a-z0-9_]*");
            assertThat(Statistics.named(statistic.name())).containsSame(statistic);
        }
        assertThat(Statistics.named("nobody")).isEmpty();
        assertThat(Statistics.names()).containsAll(Statistics.defaults());
    }

    private static Measurement measure(Statistic statistic, FeatureProfile profile, Tally window) {
        return statistic.measure(new Comparison(profile, window, Smoothing.jeffreys(), 0.01));
    }

    private static Tally anyWindow(FeatureProfile profile, Random random, int size) {
        if (profile instanceof NumericProfile numeric) {
            double shift = random.nextInt(3) == 0 ? random.nextGaussian() : 0;
            double[] values = Samples.normal(random.nextLong(), size, 10 + shift, 2);
            if (size > 3 && random.nextBoolean()) {
                values[0] = Double.NaN;
                values[1] = Double.NEGATIVE_INFINITY;
            }
            NumericCounter counter = numeric.newCounter(true);
            for (double value : values) {
                counter.add(value);
            }
            return counter.drain();
        }
        String[] names = {"a", "a", "a", "a", "a", "a", "a", "b", "b", "c", "e", null};
        int known = random.nextBoolean() ? 10 : 12;
        String[] values = new String[size];
        for (int i = 0; i < size; i++) {
            values[i] = names[random.nextInt(known)];
        }
        return Samples.count((CategoricalProfile) profile, values);
    }

    private static CategoricalProfile profileOf(long... counts) {
        return CategoricalProfile.restore(List.of("a", "b", "c", "d"), tallyOf(counts));
    }

    private static Tally tallyOf(long... counts) {
        Tally tally = Tally.EMPTY;
        for (int cell = 0; cell < counts.length; cell++) {
            if (counts[cell] > 0) {
                tally =
                        tally.plus(
                                Tally.of(new int[] {cell}, new long[] {counts[cell]}, 0, 0, 0, 0));
            }
        }
        return tally;
    }
}
