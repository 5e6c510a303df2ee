package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;

/**
 * Likelihood ratio statistic G of the 2 x K table of both samples: twice the sum over its 2 K
 * fields of observed ln(observed / expected).
 *
 * <p>It has the same law as {@link ChiSquare} in large samples, chi2(K - 1), and takes its p-value
 * from that. With sparse bins this p-value is too small; prefer {@link PooledChiSquare} there.
 *
 * <ul>
 *   <li><b>Inputs</b>: counts in K bins of any feature; bins empty in both samples are dropped, and
 *       0 ln 0 is 0.
 *   <li><b>Output</b>: 0 or more, exactly 0 for equal shares, about K - 1 without drift; grows with
 *       the samples. Precise to about 1e-15 of itself, also for nearly equal shares. With K = 1 the
 *       value is 0, the p-value 1 and there is no critical value.
 *   <li><b>Empty samples</b>: not evaluable. Missing and infinite values do not enter.
 *   <li><b>Assumptions</b>: independent rows, some five values or more in every bin.
 *   <li><b>Cost</b>: O(cells counted + bins).
 *   <li><b>Source</b>: Wilks, "The likelihood test of independence in contingency tables", Annals
 *       of Mathematical Statistics 6(4), 1935, doi:10.1214/aoms/1177732564. Pinned by {@code
 *       golden/numeric.json} and {@code golden/categorical.json}.
 * </ul>
 */
public final class GTest implements Statistic {
    /** Up to here the series of {@link #surplus} is more precise than its definition. */
    private static final double SMALL = 0.1;

    /** Powers of {@link #SMALL} beyond this one do not change a double. */
    private static final int LAST_POWER = 17;

    @Override
    public String name() {
        return "g";
    }

    @Override
    public boolean appliesTo(FeatureType type) {
        return true;
    }

    @Override
    public Measurement measure(Comparison comparison) {
        return comparison.refusal(this).orElseGet(() -> test(comparison));
    }

    private Measurement test(Comparison comparison) {
        Trial trial = comparison.trial();
        double statistic = statistic(comparison.bins());
        double pValue =
                trial.degreesOfFreedom() == 0
                        ? 1
                        : ChiSquareTail.probability(
                                statistic / trial.overdispersion(), trial.degreesOfFreedom());
        return Measurement.exact(statistic, pValue, noise(trial), Double.NaN, trial);
    }

    /**
     * With E what is expected in a field and x = observed / E - 1, a field adds E (1 + x) ln(1 +
     * x). The E x of all fields sum to 0, so they are taken off, which leaves terms that are all 0
     * or more and cannot cancel.
     */
    private static double statistic(BinPairs bins) {
        double n = bins.windowTotal();
        double m = bins.referenceTotal();
        double sum = 0;
        for (int bin = 0; bin < bins.size(); bin++) {
            double w = bins.window(bin);
            double c = bins.reference(bin);
            double both = w + c;
            double difference = TwoSampleChiSquare.differenceOfProducts(w, m, c, n);
            sum += n * (both / (n + m)) * surplus(difference / n / both);
            sum += m * (both / (n + m)) * surplus(-difference / m / both);
        }
        return 2 * sum;
    }

    /** (1 + x) ln(1 + x) - x, of x from -1 on; about x^2 / 2 for a small x. */
    private static double surplus(double x) {
        if (x <= -1) {
            return 1;
        }
        if (Math.abs(x) > SMALL) {
            return (1 + x) * Math.log1p(x) - x;
        }
        double sum = 0;
        for (int power = LAST_POWER; power >= 2; power--) {
            sum = 1.0 / (power * (power - 1)) - x * sum;
        }
        return sum * x * x;
    }

    @Override
    public Noise noise(Trial trial) {
        return ChiSquareNoise.test(trial.degreesOfFreedom(), trial);
    }

    @Override
    public long smallestWindow(Trial plan, double threshold) {
        return SmallestWindow.ofBinned(this, plan, Double.NaN);
    }
}
