package io.driftwatch.detectors.statistic;

/**
 * Pearson's chi-square test that two samples have one distribution over the same bins; both samples
 * are random, there is no continuity correction. With one bin there is nothing to differ in:
 * statistic 0, no degree of freedom, p-value 1.
 */
record TwoSampleChiSquare(double statistic, int degreesOfFreedom) {

    /** The test over bins of which none is empty in both samples. */
    static TwoSampleChiSquare of(BinPairs bins) {
        double n = bins.windowTotal();
        double m = bins.referenceTotal();
        double sum = 0;
        for (int bin = 0; bin < bins.size(); bin++) {
            double w = bins.window(bin);
            double c = bins.reference(bin);
            double difference = differenceOfProducts(w, m, c, n);
            sum += difference / n * (difference / m) / (w + c);
        }
        return new TwoSampleChiSquare(sum, bins.size() - 1);
    }

    /** The test in two bins: {@code hits} of {@code total} against the same of the reference. */
    static TwoSampleChiSquare of(long hits, long total, long referenceHits, long referenceTotal) {
        return of(
                BinPairs.of(
                        new long[] {referenceTotal - referenceHits, referenceHits},
                        new long[] {total - hits, hits}));
    }

    /** a * b - c * d without cancellation, after Kahan; huge counts would lose most digits. */
    static double differenceOfProducts(double a, double b, double c, double d) {
        double product = c * d;
        double error = Math.fma(c, d, -product);
        return Math.fma(a, b, -product) - error;
    }

    /** The p-value where counts vary {@code overdispersion} times more than independent ones. */
    double pValue(double overdispersion) {
        return degreesOfFreedom == 0
                ? 1
                : ChiSquareTail.probability(statistic / overdispersion, degreesOfFreedom);
    }
}
