package io.driftwatch.detectors.statistic;

import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.PoissonDistribution;

/**
 * The test that two samples have one rate.
 *
 * <p>Pearson's chi-square in the 2 x 2 table where at least {@value #LEAST_EXPECTED} hits and as
 * many misses are expected in the window. Where hits are rarer the chi-square law fails badly (one
 * hit in a small window against none in a large reference would be certain drift), and the exact
 * conditional test takes its place: given all K hits, those in the window are binomial with the
 * window's share of all values, n / (n + m). It is two-sided by doubling, and conservative.
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
 */
record RateTest(long total, long referenceHits, long referenceTotal, double overdispersion) {
    private static final int LEAST_EXPECTED = 5;

    double pValue(long hits) {
        if (isRare((double) hits)) {
            return exact(hits, referenceHits);
        }
        if (isRare((double) (total - hits), referenceTotal - referenceHits)) {
            return exact(total - hits, referenceTotal - referenceHits);
        }
        return TwoSampleChiSquare.of(hits, total, referenceHits, referenceTotal)
                .pValue(overdispersion);
    }

    /** Whether so few hits are expected in the window that the chi-square law fails. */
    boolean isRare(double hits) {
        return isRare(hits, referenceHits);
    }

    private boolean isRare(double hits, long referenceCount) {
        return (hits + referenceCount) / overdispersion * windowShare() < LEAST_EXPECTED;
    }

    private double windowShare() {
        return total / ((double) total + referenceTotal);
    }

    private double exact(long hits, long referenceCount) {
        long clusters = (long) Math.floor(hits / overdispersion);
        long all = clusters + Math.round(referenceCount / overdispersion);
        if (all == 0) {
            return 1;
        }
        double atLeast;
        double atMost;
        if (all <= Integer.MAX_VALUE) {
            BinomialDistribution law = BinomialDistribution.of((int) all, windowShare());
            atLeast = law.survivalProbability((int) clusters - 1);
            atMost = law.cumulativeProbability((int) clusters);
        } else {
            PoissonDistribution law = PoissonDistribution.of(all * windowShare());
            atLeast = law.survivalProbability((int) clusters - 1);
            atMost = law.cumulativeProbability((int) clusters);
        }
        return Math.min(1, 2 * Math.min(atLeast, atMost));
    }
}
