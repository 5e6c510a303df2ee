package io.driftwatch.detectors.statistic;

import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.PoissonDistribution;

/**
 * The test that two samples have one rate of hits.
 *
 * <p>Pearson's chi-square in the 2 x 2 table where hits and misses are common in both samples.
 * Where they are rare the chi-square law fails badly (one hit in a small window against none in a
 * large reference would be certain drift), and the exact conditional test takes its place: given
 * all K hits, those in the window are binomial with the window's share of all values, n / (n + m).
 * Two-sided by doubling.
 *
 * <p>With overdispersion, the chi-square is divided by it; hits of the exact test are taken to come
 * in clusters of that size.
 *
 * <p>Source: Przyborowski and Wilenski, "Homogeneity of results in testing samples from Poisson
 * series", Biometrika 31, 1940.
 *
 * @param total values in the window
 * @param referenceHits hits in the reference
 * @param referenceTotal values in the reference
 * @param overdispersion at least 1
 * @param risesOnly whether a rate below the reference's says nothing
 */
record RateTest(
        long total,
        long referenceHits,
        long referenceTotal,
        double overdispersion,
        boolean risesOnly) {

    /** Below it the chi-square law is out of question. */
    private static final int FEW_EXPECTED = 5;

    /** Below it the law's far tail is still too light, if hits are rarer than {@link #RARE}. */
    private static final int SOME_EXPECTED = 100;

    private static final double RARE = 0.25;

    double pValue(long hits) {
        if (risesOnly && (double) hits / total <= (double) referenceHits / referenceTotal) {
            return 1;
        }
        if (isExact(hits)) {
            return missesAreRarer(hits)
                    ? exact(total - hits, referenceTotal - referenceHits, false)
                    : exact(hits, referenceHits, true);
        }
        double bothSides =
                TwoSampleChiSquare.of(hits, total, referenceHits, referenceTotal)
                        .pValue(overdispersion);
        return risesOnly ? bothSides / 2 : bothSides;
    }

    /** Whether the exact test speaks for this number of hits. */
    boolean isExact(long hits) {
        double rarer = rarer(hits);
        double expected = rarer / overdispersion * Math.min(windowShare(), 1 - windowShare());
        double rate = rarer / ((double) total + referenceTotal);
        return expected < FEW_EXPECTED || (expected < SOME_EXPECTED && rate < RARE);
    }

    private boolean missesAreRarer(long hits) {
        return all(hits) > ((double) total + referenceTotal) / 2;
    }

    private double rarer(long hits) {
        double all = all(hits);
        return Math.min(all, (double) total + referenceTotal - all);
    }

    private double all(long hits) {
        return (double) hits + referenceHits;
    }

    private double windowShare() {
        return total / ((double) total + referenceTotal);
    }

    private double exact(long count, long referenceCount, boolean areHits) {
        long clusters = (long) Math.floor(count / overdispersion);
        long referenceClusters = (long) Math.ceil(referenceCount / overdispersion);
        if (clusters + referenceClusters == 0) {
            return 1;
        }
        boolean windowIsSmaller = windowShare() <= 0.5;
        Tails smaller =
                Tails.of(
                        windowIsSmaller ? clusters : referenceClusters,
                        clusters + referenceClusters,
                        Math.min(windowShare(), 1 - windowShare()));
        double atLeast = windowIsSmaller ? smaller.atLeast() : smaller.atMost();
        double atMost = windowIsSmaller ? smaller.atMost() : smaller.atLeast();
        if (risesOnly) {
            return Math.min(1, areHits ? atLeast : atMost);
        }
        return Math.min(1, 2 * Math.min(atLeast, atMost));
    }

    /** How likely the smaller sample has at least, and at most, as many of all hits as it has. */
    private record Tails(double atLeast, double atMost) {
        static Tails of(long count, long all, double share) {
            if (all > Integer.MAX_VALUE) {
                PoissonDistribution law = PoissonDistribution.of(all * share);
                int most = (int) Math.min(Integer.MAX_VALUE, count);
                return new Tails(
                        law.survivalProbability(most - 1), law.cumulativeProbability(most));
            }
            BinomialDistribution law = BinomialDistribution.of((int) all, share);
            return new Tails(
                    law.survivalProbability((int) count - 1),
                    law.cumulativeProbability((int) count));
        }
    }
}
