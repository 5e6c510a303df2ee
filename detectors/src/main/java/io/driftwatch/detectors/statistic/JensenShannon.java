package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;

/**
 * Jensen-Shannon distance: the square root of the divergence (KL(p, s) + KL(q, s)) / 2 to base 2,
 * with p and q the shares of reference and window in the bins, and s their mean.
 *
 * <p>A metric, symmetric, and finite without smoothing. The p-value is that of the two-sample
 * chi-square test on the same bins, rare ones pooled, never one derived from the distance itself:
 * with sparse bins that would be far too small.
 *
 * <ul>
 *   <li><b>Inputs</b>: counts in K bins of any feature; shares are not smoothed, and 0 ln 0 is 0.
 *   <li><b>Output</b>: from 0 to 1; exactly 0 for equal shares, 1 for samples without a common bin.
 *       Precise to about 1e-15 of itself, also for nearly equal shares. No critical value where K
 *       is 1.
 *   <li><b>Empty samples</b>: not evaluable. Missing and infinite values do not enter.
 *   <li><b>Assumptions</b>: independent rows. Without drift its mean is about sqrt((K - 1)(1/n +
 *       1/m) / (8 ln 2)); where many bins are sparse it exceeds its critical value far too often,
 *       which is why that alone is no test.
 *   <li><b>Cost</b>: O(cells counted + bins).
 *   <li><b>Source</b>: Endres and Schindelin, "A new metric for probability distributions", IEEE
 *       Transactions on Information Theory 49(7), 2003, doi:10.1109/TIT.2003.813506. Pinned by
 *       {@code golden/numeric.json} and {@code golden/categorical.json}.
 * </ul>
 */
public final class JensenShannon implements Statistic {
    private static final double LN_2 = Math.log(2);

    @Override
    public String name() {
        return "js";
    }

    @Override
    public boolean appliesTo(FeatureType type) {
        return true;
    }

    @Override
    public Measurement measure(Comparison comparison) {
        return comparison
                .refusal(this)
                .orElseGet(
                        () ->
                                comparison.measured(
                                        this, distance(new BinShares(comparison.bins()))));
    }

    private static double distance(BinShares shares) {
        double nats = 0;
        for (int bin = 0; bin < shares.size(); bin++) {
            double sum = shares.reference(bin) + shares.window(bin);
            nats += sum / 4 * gain(shares.relativeDifference(bin));
        }
        return Math.min(1, Math.sqrt(nats / LN_2));
    }

    /**
     * (1 + t) ln(1 + t) + (1 - t) ln(1 - t), of t from -1 to 1: what a bin adds, where t is the
     * difference of its shares over their sum.
     *
     * <p>For small t the two terms are near t and -t and cancel. Written as ln(1 - t^2) + 2 t
     * artanh(t) they are near -t^2 and 2 t^2 and do not; near 1 that form loses digits instead.
     */
    private static double gain(double t) {
        double size = Math.abs(t);
        if (size >= 1) {
            return 2 * LN_2;
        }
        double more = Math.log1p(size);
        double less = Math.log1p(-size);
        return size < 0.5
                ? Math.log1p(-size * size) + size * (more - less)
                : (1 + size) * more + (1 - size) * less;
    }

    @Override
    public Noise noise(Trial trial) {
        return ChiSquareNoise.root(trial, 1 / (8 * LN_2));
    }

    @Override
    public boolean isGraded() {
        return true;
    }

    @Override
    public double psiEquivalent(Measurement measurement) {
        return Shift.squaredBeyondNoise(measurement, Shift.OF_JENSEN_SHANNON);
    }

    @Override
    public long smallestWindow(Trial plan, double threshold) {
        return SmallestWindow.ofBinned(this, plan, threshold);
    }
}
