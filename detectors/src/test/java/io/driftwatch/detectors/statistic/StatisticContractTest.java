package io.driftwatch.detectors.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.profile.FeatureProfile;
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
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every statistic in the list must do, for every kind of profile that it applies to. */
class StatisticContractTest {
    private static final Set<String> IN_UNIT_OF_FEATURE = Set.of("mean", "sd");
    private static final Set<String> OF_ROWS = Set.of("missing_rate", "infinite_rate");

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
            boolean sameTest = !statistic.name().equals("psi");
            if (sameTest && !Double.isNaN(critical)) {
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

    @Test
    void doesNotCareForTheOrderOfCategories() {
        long[] reference = {50, 300, 20, 130};
        long[] window = {70, 210, 0, 190};
        CategoricalProfile straight = profileOf(reference);
        CategoricalProfile reversed = profileOf(130, 20, 300, 50);
        for (String name : List.of("psi", "chi2", "chi2_pooled")) {
            Statistic statistic = Statistics.named(name).orElseThrow();
            assertThat(measure(statistic, straight, tallyOf(window)).value())
                    .isCloseTo(
                            measure(statistic, reversed, tallyOf(190, 0, 210, 70)).value(),
                            within(1e-12));
        }
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
                        window.sumOfSquares() * 0x1p50);
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
            return Samples.count(numeric, values);
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
