package io.driftwatch.detectors.statistic;

/**
 * A share of the window against the same share of the reference: value, p-value of the two-sample
 * chi-square test in the 2 x 2 table, and where a rise becomes significant.
 */
final class Rates {
    private Rates() {}

    /** Compares {@code hits} of {@code total} rows with the reference's; totals are not 0. */
    static Measurement measure(
            long hits, long total, long referenceHits, long referenceTotal, double significance) {
        TwoSampleChiSquare test = TwoSampleChiSquare.of(hits, total, referenceHits, referenceTotal);
        return Measurement.exact(
                (double) hits / total,
                test.pValue(),
                criticalRate(total, referenceHits, referenceTotal, significance),
                total,
                referenceTotal);
    }

    /** The measurement where a sample has no rows to take a share of. */
    static Measurement refused(String sample, String rows, long total, long referenceTotal) {
        return Measurement.notEvaluable(
                "The " + sample + " has no " + rows + ", so there is no share of them",
                total,
                referenceTotal);
    }

    /**
     * The rate above the reference's at which the test reaches {@code significance}; NaN if even a
     * rate of 1 does not.
     *
     * <p>With r the reference's rate, d the difference, f = n / (n + m) and x the critical value,
     * the test reads d^2 = x (1/n + 1/m) (r + f d) (1 - r - f d), a quadratic in d.
     */
    private static double criticalRate(
            long total, long referenceHits, long referenceTotal, double significance) {
        double n = total;
        double m = referenceTotal;
        double rate = referenceHits / m;
        double noise = ChiSquareTail.quantile(significance, 1) * (1 / n + 1 / m);
        double fraction = n / (n + m);
        double a = 1 + noise * fraction * fraction;
        double b = noise * fraction * (1 - 2 * rate);
        double c = noise * rate * (1 - rate);
        double critical = rate + (b + Math.sqrt(b * b + 4 * a * c)) / (2 * a);
        return critical > rate && critical <= 1 ? critical : Double.NaN;
    }
}
