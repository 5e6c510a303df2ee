package io.driftwatch.detectors.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Samples;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MomentStatisticsTest {
    private static final NumericProfile REFERENCE =
            NumericProfile.of(Samples.normal(1, 8_000, 100, 5), 10);

    @Test
    void meanIsSignificantWhenItMovesByManyStandardErrors() {
        Measurement mean = mean(REFERENCE, Samples.normal(2, 400, 103, 5));
        assertThat(mean.value()).isCloseTo(103, within(1.0));
        assertThat(mean.pValue()).isLessThan(1e-6);
        assertThat(mean.criticalValue()).isBetween(100.0, mean.value());
        Measurement below = mean(REFERENCE, Samples.normal(3, 400, 97, 5));
        assertThat(below.criticalValue()).isBetween(below.value(), 100.0);
    }

    @Test
    void momentsKeepTheirLevelWithoutDrift() {
        Random random = new Random(4);
        int means = 0;
        int deviations = 0;
        int rounds = 2_000;
        for (int round = 0; round < rounds; round++) {
            double[] window = Samples.normal(random.nextLong(), 300, 100, 5);
            means += mean(REFERENCE, window).pValue() <= 0.05 ? 1 : 0;
            deviations += sd(REFERENCE, window).pValue() <= 0.05 ? 1 : 0;
        }
        assertThat((double) means / rounds).isBetween(0.03, 0.08);
        assertThat((double) deviations / rounds).isBetween(0.03, 0.08);
    }

    @Test
    void sdKeepsItsLevelWhereTheKurtosisIsLeast() {
        Random random = new Random(5);
        double[] coins = new double[4_000];
        for (int i = 0; i < coins.length; i++) {
            coins[i] = i % 2;
        }
        NumericProfile profile = NumericProfile.of(coins, 10);
        int significant = 0;
        for (int round = 0; round < 1_000; round++) {
            double[] window = random.ints(500, 0, 2).mapToDouble(x -> x).toArray();
            significant += sd(profile, window).pValue() <= 0.001 ? 1 : 0;
        }
        assertThat(significant).isLessThan(30);
    }

    @Test
    void momentsOfConstantsAreJudgedWithoutSpread() {
        NumericProfile constant = NumericProfile.of(new double[] {0.1, 0.1, 0.1}, 10);
        assertThat(mean(constant, 0.1, 0.1).pValue()).isOne();
        assertThat(mean(constant, 0.1, 0.1).value()).isEqualTo(0.1);
        assertThat(mean(constant, 0.3, 0.3).pValue()).isZero();
        assertThat(mean(constant, 0.3, 0.3).criticalValue()).isNaN();
        assertThat(sd(constant, 0.1, 0.1).value()).isZero();
        assertThat(sd(constant, 0.1, 0.1).pValue()).isOne();
        assertThat(sd(constant, 0.1, 0.2).pValue()).isNaN();
        assertThat(sd(constant, 0.1, 0.2).value()).isCloseTo(0.1 / Math.sqrt(2), within(1e-15));
    }

    @Test
    void constantWindowOfAVaryingFeatureIsSignificant() {
        double[] window = new double[50];
        Arrays.fill(window, 100);
        assertThat(sd(REFERENCE, window).value()).isCloseTo(0, within(1e-6));
        assertThat(sd(REFERENCE, window).pValue()).isLessThan(1e-20);
    }

    @Test
    void windowOfOneValueHasAMeanButNoTest() {
        Measurement mean = mean(REFERENCE, 104);
        assertThat(mean.value()).isEqualTo(104);
        assertThat(mean.pValue()).isNaN();
        assertThat(sd(REFERENCE, 104).reason()).contains("needs two");
    }

    @Test
    void valuesFarTooLargeForTheReferenceGiveAReason() {
        NumericProfile tiny = NumericProfile.of(new double[] {1e-300, 2e-300, 4e-300}, 10);
        assertThat(mean(tiny, 1e300, 1e300).reason()).contains("overflowed");
        assertThat(sd(tiny, 1e300, 1e200).reason()).contains("overflowed");
        Measurement mean = mean(REFERENCE, 1e200, 2e200);
        assertThat(mean.value()).isCloseTo(1.5e200, within(1e186));
        assertThat(mean.pValue()).isNaN();
        assertThat(sd(REFERENCE, 1e200, 2e200).reason()).contains("overflowed");
    }

    @Test
    void valuesAcrossTheWholeRangeOfDoublesHaveMoments() {
        double[] wide = {-1.7e308, -1.7e308, -1.7e308, 1.7e308};
        NumericProfile profile = NumericProfile.of(wide, 2);
        assertThat(mean(profile, 1.7e308, 1.7e308).value()).isCloseTo(1.7e308, within(1e294));
    }

    private static Measurement mean(NumericProfile profile, double... window) {
        return new Mean().measure(comparison(profile, window));
    }

    private static Measurement sd(NumericProfile profile, double... window) {
        return new StandardDeviation().measure(comparison(profile, window));
    }

    private static Comparison comparison(NumericProfile profile, double... window) {
        return new Comparison(profile, Samples.count(profile, window), Smoothing.jeffreys(), 0.001);
    }
}
