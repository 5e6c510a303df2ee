package io.driftwatch.detectors.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Samples;
import io.driftwatch.detectors.profile.Tally;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the laws of chance say, against what chance does in drawn samples. */
class NoiseTest {
    private static final double LEVEL = 0.05;
    private static final int ROUNDS = 4_000;
    private static final int M = 4_000;
    private static final int N = 1_000;
    private static final double[] SHARES = {.2, .16, .14, .12, .1, .08, .07, .06, .04, .03};
    private static final List<String> SIZES =
            List.of("psi", "kl", "js", "hellinger", "tvd", "linf", "chi2", "g");

    @Test
    void chanceAloneMakesWhatTheNoiseSays() {
        Random random = new Random(1);
        Map<String, Double> means = new HashMap<>();
        Map<String, Double> beyond = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            CategoricalProfile profile = BinDistancesTest.profile(draw(random, SHARES, M));
            Comparison comparison = comparison(profile, draw(random, SHARES, N));
            for (String name : SIZES) {
                Measurement measured = measure(name, comparison);
                means.merge(name, measured.value() / ROUNDS, Double::sum);
                boolean significant = measured.value() >= measured.criticalValue();
                beyond.merge(name, significant ? 1.0 / ROUNDS : 0, Double::sum);
            }
        }
        CategoricalProfile typical = BinDistancesTest.profile(scaled(SHARES, M));
        Trial trial = Trial.planned(typical, N, LEVEL, 1);
        for (String name : SIZES) {
            Noise noise = Statistics.named(name).orElseThrow().noise(trial);
            if (!name.equals("linf")) {
                assertThat(means.get(name) / noise.level()).as(name).isCloseTo(1, within(0.03));
            }
        }
        // The standard error of these rates is 0.0034.
        for (String name : List.of("psi", "kl", "js", "hellinger", "chi2", "g")) {
            assertThat(beyond.get(name)).as(name).isBetween(0.035, 0.065);
        }
        // Bonferroni, and the spread of the fullest bin for all: never too often.
        assertThat(beyond.get("linf")).isBetween(0.0005, LEVEL);
        assertThat(beyond.get("tvd")).isZero();
    }

    @Test
    void detectableDriftsAreFoundInNineWindowsOfTen() {
        Random random = new Random(2);
        Trial trial = Trial.planned(BinDistancesTest.profile(scaled(SHARES, M)), N, LEVEL, 1);
        for (String name : List.of("psi", "kl", "js", "hellinger", "linf")) {
            Statistic statistic = Statistics.named(name).orElseThrow();
            double[] drifted = drifted(statistic, statistic.noise(trial).detectable());
            int found = 0;
            int rounds = 2_000;
            for (int round = 0; round < rounds; round++) {
                CategoricalProfile profile = BinDistancesTest.profile(draw(random, SHARES, M));
                Measurement measured = measure(name, comparison(profile, draw(random, drifted, N)));
                found += measured.value() >= measured.criticalValue() ? 1 : 0;
            }
            // A distance of which the other bins make a part is found a little more often.
            double most = name.equals("linf") ? 0.97 : 0.93;
            assertThat((double) found / rounds).as(name).isBetween(0.87, most);
        }
    }

    /**
     * Shares of which the largest gives to all others in proportion until {@code size} is reached.
     */
    private static double[] drifted(Statistic statistic, double size) {
        CategoricalProfile huge = BinDistancesTest.profile(scaled(SHARES, 1e12));
        double low = 0;
        double high = 0.15;
        double[] shares = SHARES.clone();
        while (high - low > 1e-9) {
            double moved = (low + high) / 2;
            shares[0] = SHARES[0] - moved;
            for (int bin = 1; bin < shares.length; bin++) {
                shares[bin] = SHARES[bin] * (1 + moved / (1 - SHARES[0]));
            }
            double reached = statistic.measure(comparison(huge, scaled(shares, 1e12))).value();
            if (reached < size) {
                low = moved;
            } else {
                high = moved;
            }
        }
        return shares;
    }

    @Test
    void kolmogorovSmirnovKeepsItsNoiseLevelAndFindsItsDetectableDrift() {
        Random random = new Random(3);
        double mean = 0;
        int significant = 0;
        int found = 0;
        int rounds = 400;
        for (int round = 0; round < rounds; round++) {
            NumericProfile profile =
                    NumericProfile.of(Samples.normal(random.nextLong(), 2_000, 0, 1), 10);
            Measurement same = ks(profile, Samples.normal(random.nextLong(), 500, 0, 1));
            mean += same.value() / rounds;
            significant += same.value() >= same.criticalValue() ? 1 : 0;
            // The distance of two normal distributions is 2 Phi(shift / 2) - 1.
            double shift = 2 * ChiSquareTail.normalQuantile(1 - same.noise().detectable());
            Measurement moved = ks(profile, Samples.normal(random.nextLong(), 500, shift, 1));
            found += moved.value() >= moved.criticalValue() ? 1 : 0;
        }
        Noise noise =
                new KolmogorovSmirnov()
                        .noise(new Trial(BinDistancesTest.profile(2_000), 500, 10, LEVEL, 1));
        // Finite samples stay a little below the limit.
        assertThat(mean / noise.level()).isBetween(0.93, 1.01);
        assertThat((double) significant / rounds).isBetween(0.015, 0.075);
        assertThat((double) found / rounds).isGreaterThan(0.87);
    }

    @Test
    void nothingIsKnownWithoutValuesAndNothingIsInfinite() {
        CategoricalProfile empty = CategoricalProfile.of(Map.of(), 0);
        CategoricalProfile full = BinDistancesTest.profile(30, 50, 20);
        NumericProfile numeric = NumericProfile.of(Samples.normal(1, 100, 0, 1), 10);
        NumericProfile none = NumericProfile.of(new double[0], 10);
        for (Statistic statistic : Statistics.all()) {
            for (Trial trial :
                    List.of(
                            Trial.planned(empty, 10, 0.01, 1),
                            Trial.planned(full, 0, 0.01, 1),
                            Trial.planned(none, 10, 0.01, 1),
                            Trial.planned(numeric, 0, 0.01, 1))) {
                if (statistic.appliesTo(trial.reference().type())) {
                    Noise noise = statistic.noise(trial);
                    assertThat(noise.level()).as(statistic.name()).isNotInfinite();
                    assertThat(noise.critical()).as(statistic.name()).isNotInfinite();
                    assertThat(noise.detectable()).as(statistic.name()).isNotInfinite();
                }
            }
        }
        assertThat(new KolmogorovSmirnov().noise(Trial.planned(full, 0, 0.01, 1)))
                .isEqualTo(Noise.UNKNOWN);
    }

    @Test
    void oneBinHasNoNoiseToSpeakOf() {
        Trial trial = Trial.planned(BinDistancesTest.profile(100), 50, 0.01, 1);
        for (String name : List.of("psi", "kl", "js", "hellinger", "linf", "chi2", "g")) {
            assertThat(Statistics.named(name).orElseThrow().noise(trial))
                    .as(name)
                    .isEqualTo(Noise.UNKNOWN);
        }
        assertThat(new TotalVariation().noise(trial).level()).isZero();
    }

    @Test
    void pooledTestCountsNoBinThatTheReferenceDoesNotHave() {
        // A constant in a varying feature: nothing of the reference lies below the first edge.
        CategoricalProfile profile = BinDistancesTest.profile(0, 500, 300, 200);
        Comparison comparison = comparison(profile, new long[] {0, 50, 30, 20});
        PooledChiSquare pooled = new PooledChiSquare();
        Measurement measured = pooled.measure(comparison);
        assertThat(measured.noise().level()).isEqualTo(2);
        assertThat(pooled.noise(Trial.planned(profile, 100, LEVEL, 1))).isEqualTo(measured.noise());
    }

    @Test
    void excessOfAVastMeanIsFinite() {
        NumericProfile tiny = NumericProfile.of(new double[] {1e-300, 2e-300, 4e-300}, 10);
        double[] window = {1, 2};
        Measurement mean =
                new Mean()
                        .measure(
                                new Comparison(
                                        tiny,
                                        Samples.count(tiny, window),
                                        Smoothing.jeffreys(),
                                        LEVEL));
        assertThat(mean.value()).isCloseTo(1.5, within(1e-12));
        assertThat(mean.excess()).isFinite().isGreaterThan(1e299);
    }

    private static Measurement ks(NumericProfile profile, double[] window) {
        return new KolmogorovSmirnov()
                .measure(
                        new Comparison(
                                profile,
                                Samples.count(profile, window),
                                Smoothing.jeffreys(),
                                LEVEL));
    }

    private static Measurement measure(String name, Comparison comparison) {
        return Statistics.named(name).orElseThrow().measure(comparison);
    }

    private static Comparison comparison(CategoricalProfile profile, long[] window) {
        Tally tally = BinDistancesTest.tally(window);
        return new Comparison(profile, tally, Smoothing.jeffreys(), LEVEL);
    }

    private static long[] draw(Random random, double[] shares, int size) {
        double[] upTo = shares.clone();
        Arrays.parallelPrefix(upTo, Double::sum);
        long[] counts = new long[shares.length];
        for (int i = 0; i < size; i++) {
            double u = random.nextDouble();
            int bin = 0;
            while (bin < upTo.length - 1 && u >= upTo[bin]) {
                bin++;
            }
            counts[bin]++;
        }
        return counts;
    }

    private static long[] scaled(double[] shares, double total) {
        return Arrays.stream(shares).mapToLong(share -> Math.round(share * total)).toArray();
    }
}
