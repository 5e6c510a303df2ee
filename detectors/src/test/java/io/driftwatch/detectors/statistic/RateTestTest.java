package io.driftwatch.detectors.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Tally;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.commons.math3.distribution.HypergeometricDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateTestTest {
    private static final int WINDOWS = 20_000;

    /** One hit of 100 values against none of 10,000 is no wonder: it had one chance in 101. */
    @Test
    void doesNotTakeASingleRareHitForDrift() {
        assertThat(new RateTest(100, 0, 10_000, 1).pValue(1))
                .isCloseTo(2 * 100 / 10_100.0, within(1e-12));
        assertThat(new RateTest(100, 0, 10_000, 1).pValue(0)).isOne();
    }

    @ParameterizedTest
    @CsvSource({"3,100,0,10000", "2,500,4,5000", "6,1000,10,20000", "0,1000,80,20000"})
    void agreesWithFishersExactTestWhereHitsAreRare(int hits, int n, int referenceHits, int m) {
        HypergeometricDistribution fisher =
                new HypergeometricDistribution(n + m, hits + referenceHits, n);
        double oneSided =
                Math.min(
                        fisher.upperCumulativeProbability(hits),
                        fisher.cumulativeProbability(hits));

        assertThat(new RateTest(n, referenceHits, m, 1).pValue(hits))
                .isCloseTo(2 * oneSided, within(0.1 * 2 * oneSided))
                .isGreaterThanOrEqualTo(2 * oneSided * (1 - 1e-9));
    }

    @Test
    void isPearsonsTestWhereHitsAreNotRare() {
        assertThat(new RateTest(1000, 500, 5000, 1).pValue(140))
                .isEqualTo(TwoSampleChiSquare.of(140, 1000, 500, 5000).pValue(1));
    }

    @Test
    void treatsRareMissesAsRareHits() {
        assertThat(new RateTest(100, 10_000, 10_000, 1).pValue(99))
                .isEqualTo(new RateTest(100, 0, 10_000, 1).pValue(1));
    }

    @Test
    void countsClustersWhereHitsComeTogether() {
        RateTest single = new RateTest(1000, 0, 10_000, 1);
        RateTest fives = new RateTest(1000, 0, 10_000, 5);

        assertThat(fives.pValue(10)).isEqualTo(single.pValue(2));
        assertThat(fives.pValue(4)).isOne();
    }

    @ParameterizedTest
    @CsvSource({"0.0001,100", "0.0005,1000", "0.002,200", "0.01,1000", "0.2,50"})
    void keepsItsLevelWithoutDrift(double rate, int n) {
        SplittableRandom random = new SplittableRandom(7);
        int m = 20 * n;
        int[] alarms = new int[2];
        for (int window = 0; window < WINDOWS; window++) {
            double p = new RateTest(n, hits(random, m, rate), m, 1).pValue(hits(random, n, rate));
            alarms[0] += p <= 0.01 ? 1 : 0;
            alarms[1] += p <= 0.001 ? 1 : 0;
        }
        // Three standard errors above the nominal rates, and what Pearson's test adds in its tail.
        assertThat(alarms[0]).isLessThan((int) (1.3 * 0.01 * WINDOWS + 45));
        assertThat(alarms[1]).isLessThan((int) (2 * 0.001 * WINDOWS + 15));
    }

    private static long hits(SplittableRandom random, int total, double rate) {
        long hits = 0;
        for (int i = 0; i < total; i++) {
            hits += random.nextDouble() < rate ? 1 : 0;
        }
        return hits;
    }

    @Test
    void valuesOutOfRangeAreNoMoreSignificantThanTheyAreRare() {
        SplittableRandom random = new SplittableRandom(8);
        int outside = 0;
        int significant = 0;
        int windows = 4_000;
        for (int round = 0; round < windows; round++) {
            double[] sample = random.doubles(1_000).toArray();
            NumericProfile profile = NumericProfile.of(sample, 10);
            var counter = profile.newCounter();
            random.doubles(50).forEach(counter::add);
            Tally window = counter.drain();
            Measurement rate =
                    new OutOfRangeRate()
                            .measure(new Comparison(profile, window, Smoothing.jeffreys(), 0.01));
            outside += rate.value() > 0 ? 1 : 0;
            significant += rate.pValue() <= 0.05 ? 1 : 0;
        }
        // One window in ten holds a value beyond the extremes of a reference twenty times as large.
        assertThat(outside / (double) windows).isCloseTo(2 * 50 / 1_050.0, within(0.02));
        assertThat(significant / (double) windows).isLessThan(0.05);
    }

    @Test
    void theCriticalRateIsTheFirstThatIsSignificant() {
        NumericProfile profile =
                NumericProfile.of(new SplittableRandom(9).doubles(10_000).toArray(), 10);
        for (long n : new long[] {100, 1_000, 5_000}) {
            Trial trial = Trial.planned(profile, n, 0.001, 1);
            double critical = new MissingRate().noise(trial).critical();
            RateTest test = new RateTest(n, 0, 10_000, 1);
            long hits = Math.round(critical * n);

            assertThat(hits / (double) n).isEqualTo(critical);
            assertThat(test.pValue(hits)).isLessThanOrEqualTo(0.001);
            assertThat(test.pValue(hits - 1)).isGreaterThan(0.001);
        }
    }

    @Test
    void newCategoriesAreExpectedAsOftenAsTheReferenceHasLonelyOnes() {
        SplittableRandom random = new SplittableRandom(10);
        int windows = 3_000;
        int some = 0;
        int significant = 0;
        for (int round = 0; round < windows; round++) {
            CategoricalProfile profile = CategoricalProfile.of(zipf(random, 2_000), 0);
            var counter = profile.newCounter();
            zipf(random, 200)
                    .forEach(
                            (name, count) -> {
                                for (int i = 0; i < count; i++) {
                                    counter.add(name);
                                }
                            });
            Measurement rate =
                    new NewCategoryRate()
                            .measure(
                                    new Comparison(
                                            profile, counter.drain(), Smoothing.jeffreys(), 0.01));
            some += rate.value() > 0 ? 1 : 0;
            significant += rate.pValue() <= 0.01 ? 1 : 0;
        }
        assertThat(some).isGreaterThan(windows / 2);
        assertThat(significant / (double) windows).isLessThan(0.02);
    }

    /** Draws from 500 categories whose shares fall as 1 / rank. */
    private static Map<String, Long> zipf(SplittableRandom random, int rows) {
        Map<String, Long> counts = new HashMap<>();
        for (int i = 0; i < rows; i++) {
            int rank = (int) Math.floor(Math.pow(501, random.nextDouble()));
            counts.merge("c" + rank, 1L, Long::sum);
        }
        return counts;
    }
}
