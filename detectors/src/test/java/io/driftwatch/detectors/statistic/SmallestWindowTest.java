package io.driftwatch.detectors.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.profile.FeatureProfile;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmallestWindowTest {
    private static final PopulationStabilityIndex PSI = new PopulationStabilityIndex();

    /** 139.4 and 278.8 values by hand, at level 0.001, ten bins and a vast reference. */
    @ParameterizedTest
    @CsvSource({"0.2, 139.4, 140", "0.1, 278.8, 279"})
    void indexNeedsTheWindowOfTheClosedForm(double threshold, double byHand, long expected) {
        double chiSquare = 27.877164871256568;
        double closed = 1 / (threshold / chiSquare - 1 / 1e13);
        assertThat(closed).isCloseTo(byHand, within(0.05));
        assertThat(PSI.smallestWindow(plan(equal(10, 1_000_000_000_000L), 1), threshold))
                .isEqualTo(expected)
                .isEqualTo((long) Math.ceil(closed));
    }

    @ParameterizedTest
    @CsvSource({
        "0.25, 1000, 1",
        "0.1, 3000, 1",
        "0.1, 30000, 5.5",
        "0.02, 50000, 2",
        "0.5, 700, 3"
    })
    void indexNeedsMoreWhereTheReferenceIsSmallOrTheCountsVaryMore(
            double threshold, long referenceCount, double overdispersion) {
        double chiSquare = 27.877164871256568 * overdispersion;
        double closed = 1 / (threshold / chiSquare - 1.0 / referenceCount);
        assertThat(
                        PSI.smallestWindow(
                                plan(equal(10, referenceCount / 10), overdispersion), threshold))
                .isEqualTo((long) Math.ceil(closed));
    }

    @Test
    void noWindowIsLargeEnoughForASmallReference() {
        // 27.88 / 250 is 0.11.
        Trial plan = plan(equal(10, 25), 1);
        assertThat(PSI.smallestWindow(plan, 0.11)).isEqualTo(Long.MAX_VALUE);
        assertThat(PSI.smallestWindow(plan, 0.112)).isBetween(20_000L, 1_000_000L);
        assertThat(PSI.smallestWindow(plan, 0)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void binnedStatisticsAskForFiveValuesABinAtLeast() {
        Trial plan = plan(equal(30, 1_000_000), 1);
        for (String name : new String[] {"psi", "kl", "js", "hellinger", "tvd", "chi2", "g"}) {
            Statistic statistic = Statistics.named(name).orElseThrow();
            assertThat(statistic.smallestWindow(plan, 100)).as(name).isEqualTo(150);
            assertThat(statistic.smallestWindow(plan, Double.NaN)).as(name).isEqualTo(150);
        }
        assertThat(new LInfinity().smallestWindow(plan, Double.NaN)).isOne();
    }

    @Test
    void asksForNoMoreOfAConstantFeatureWhoseNoiseIsUnknown() {
        assertThat(PSI.smallestWindow(plan(equal(1, 500), 1), 0.1)).isEqualTo(5);
        assertThat(new LInfinity().smallestWindow(plan(equal(1, 500), 1), 0.1)).isOne();
    }

    @Test
    void windowsInWhichEvenARateOfOneIsNotSignificantAreTooSmall() {
        CategoricalProfile profile = CategoricalProfile.of(Map.of("a", 100L), 900);
        MissingRate rate = new MissingRate();
        Trial plan = Trial.planned(profile, 1, 0.001, 1);
        assertThat(rate.noise(plan).critical()).isNaN();
        long smallest = rate.smallestWindow(plan, 0.95);
        assertThat(smallest).isGreaterThan(100);
        assertThat(rate.noise(plan.withCount(smallest)).critical()).isLessThanOrEqualTo(0.95);
        assertThat(rate.noise(plan.withCount(smallest - 1)).critical()).isGreaterThan(0.95);
        long possible = rate.smallestWindow(plan, 1);
        assertThat(rate.noise(plan.withCount(possible)).critical()).isLessThanOrEqualTo(1);
        assertThat(rate.noise(plan.withCount(possible - 1)).critical()).isNaN();
    }

    private static Trial plan(FeatureProfile profile, double overdispersion) {
        return Trial.planned(profile, 1, 0.001, overdispersion);
    }

    private static CategoricalProfile equal(int bins, long count) {
        long[] counts = new long[bins];
        Arrays.fill(counts, count);
        return BinDistancesTest.profile(counts);
    }

    @Test
    void asksForNoWindowWhereTheUsualRateIsBeyondTheThreshold() {
        CategoricalProfile profile = CategoricalProfile.of(Map.of("a", 900L), 100);
        Trial plan = Trial.planned(profile, 1, 0.001, 1);

        assertThat(new MissingRate().smallestWindow(plan, 0.05)).isOne();
        assertThat(new MissingRate().smallestWindow(plan, 0.3)).isGreaterThan(10);
    }
}
