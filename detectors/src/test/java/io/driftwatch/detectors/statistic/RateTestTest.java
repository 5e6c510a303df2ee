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
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateTestTest {
    /** One hit of 100 values against none of 10,000 is no wonder: it had one chance in 101. */
    @Test
    void doesNotTakeASingleRareHitForDrift() {
        assertThat(new RateTest(100, 0, 10_000, 1, false).pValue(1))
                .isCloseTo(2 * 100 / 10_100.0, within(1e-12));
        assertThat(new RateTest(100, 0, 10_000, 1, false).pValue(0)).isOne();
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

        assertThat(new RateTest(n, referenceHits, m, 1, false).pValue(hits))
                .isCloseTo(2 * oneSided, within(0.1 * 2 * oneSided))
                .isGreaterThanOrEqualTo(2 * oneSided * (1 - 1e-9));
    }

    @Test
    void isPearsonsTestWhereHitsAreNotRare() {
        assertThat(new RateTest(1000, 500, 5000, 1, false).pValue(140))
                .isEqualTo(TwoSampleChiSquare.of(140, 1000, 500, 5000).pValue(1));
    }

    @Test
    void treatsRareMissesAsRareHits() {
        assertThat(new RateTest(100, 10_000, 10_000, 1, false).pValue(99))
                .isEqualTo(new RateTest(100, 0, 10_000, 1, false).pValue(1));
    }

    @Test
    void countsClustersWhereHitsComeTogether() {
        RateTest single = new RateTest(1000, 0, 10_000, 1, false);
        RateTest fives = new RateTest(1000, 0, 10_000, 5, false);

        assertThat(fives.pValue(10)).isEqualTo(single.pValue(2));
        assertThat(fives.pValue(4)).isOne();
    }

    /** The true level, summed over everything that can happen in a window. */
    @ParameterizedTest
    @CsvSource({
        "100,0.001",
        "100,0.01",
        "100,0.05",
        "100,0.1",
        "100,0.3",
        "1000,0.0005",
        "1000,0.005",
        "1000,0.01",
        "1000,0.02",
        "1000,0.2",
        "1000,0.99",
        "10000,0.001",
        "10000,0.01"
    })
    void keepsItsLevelWithoutDrift(int n, double rate) {
        long m = 10_000_000;
        RateTest test = new RateTest(n, Math.round(rate * m), m, 1, false);
        BinomialDistribution law = BinomialDistribution.of(n, rate);
        for (double level : new double[] {1e-3, 1e-5, 1e-6}) {
            double alarms = 0;
            for (int hits = 0; hits <= n; hits++) {
                alarms += test.pValue(hits) <= level ? law.probability(hits) : 0;
            }
            assertThat(alarms / level).as("at %s", level).isLessThan(3.5);
        }
    }

    @ParameterizedTest
    @CsvSource({"1000,10000,0.01", "1000,1000000,0.01", "200,2000,0.05"})
    void keepsItsLevelWhereTheWindowIsLargerThanTheReference(int m, long n, double rate) {
        BinomialDistribution law = BinomialDistribution.of(m, rate);
        double level = 1e-5;
        double alarms = 0;
        for (int hits = 0; hits <= m; hits++) {
            RateTest test = new RateTest(n, hits, m, 1, false);
            alarms += test.pValue(Math.round(n * rate)) <= level ? law.probability(hits) : 0;
        }
        assertThat(alarms / level).isLessThan(3.5);
    }

    @Test
    void takesAFallForNothingWhereOnlyRisesCount() {
        RateTest rises = new RateTest(1000, 500, 5000, 1, true);

        assertThat(rises.pValue(50)).isOne();
        assertThat(rises.pValue(100)).isOne();
        assertThat(rises.pValue(140))
                .isEqualTo(new RateTest(1000, 500, 5000, 1, false).pValue(140) / 2);
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
            RateTest test = new RateTest(n, 0, 10_000, 1, false);
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
