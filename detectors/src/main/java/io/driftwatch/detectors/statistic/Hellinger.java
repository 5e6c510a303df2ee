package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;

/**
 * Hellinger distance: the square root of half the sum over bins of (sqrt(q) - sqrt(p))^2, with p
 * and q the shares of reference and window.
 *
 * <p>A metric, symmetric, and finite without smoothing. Its square lies between half the squared
 * total variation and the total variation. The p-value is that of the two-sample chi-square test on
 * the same bins, rare ones pooled, never one derived from the distance itself: with sparse bins
 * that would be far too small.
 *
 * <ul>
 *   <li><b>Inputs</b>: counts in K bins of any feature; shares are not smoothed.
 *   <li><b>Output</b>: from 0 to 1; exactly 0 for equal shares, 1 for samples without a common bin.
 *       Precise to about 1e-15 of itself, also for nearly equal shares. No critical value where K
 *       is 1.
 *   <li><b>Empty samples</b>: not evaluable. Missing and infinite values do not enter.
 *   <li><b>Assumptions</b>: independent rows. Without drift its mean is about sqrt((K - 1)(1/n +
 *       1/m) / 8); where many bins are sparse it exceeds its critical value far too often, which is
 *       why that alone is no test.
 *   <li><b>Cost</b>: O(cells counted + bins).
 *   <li><b>Source</b>: Hellinger, "Neue Begruendung der Theorie quadratischer Formen von
 *       unendlichvielen Veraenderlichen", Journal fuer die reine und angewandte Mathematik 136,
 *       1909, doi:10.1515/crll.1909.136.210. Pinned by {@code golden/numeric.json} and {@code
 *       golden/categorical.json}.
 * </ul>
 */
public final class Hellinger implements Statistic {

    @Override
    public String name() {
        return "hellinger";
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
        double sum = 0;
        for (int bin = 0; bin < shares.size(); bin++) {
            // sqrt(q) - sqrt(p), without the cancellation.
            double difference =
                    shares.difference(bin)
                            / (Math.sqrt(shares.window(bin)) + Math.sqrt(shares.reference(bin)));
            sum += difference * difference;
        }
        return Math.min(1, Math.sqrt(sum / 2));
    }

    @Override
    public Noise noise(Trial trial) {
        return ChiSquareNoise.root(trial, 1.0 / 8);
    }

    @Override
    public boolean isGraded() {
        return true;
    }

    @Override
    public double psiEquivalent(Measurement measurement) {
        return Shift.squaredBeyondNoise(measurement, Shift.OF_HELLINGER);
    }

    @Override
    public long smallestWindow(Trial plan, double threshold) {
        return SmallestWindow.ofBinned(this, plan, threshold);
    }
}
