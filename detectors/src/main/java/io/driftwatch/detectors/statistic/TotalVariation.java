package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;

/**
 * Total variation distance: half the sum over bins of |q - p|, with p and q the shares of reference
 * and window. It is the share of the window's values that would have to move to another bin for
 * both to be equal.
 *
 * <p>The p-value is that of the two-sample chi-square test on the same bins, rare ones pooled,
 * never one derived from the distance itself.
 *
 * <ul>
 *   <li><b>Inputs</b>: counts in K bins of any feature; shares are not smoothed.
 *   <li><b>Output</b>: from 0 to 1; exactly 0 for equal shares, 1 for samples without a common bin.
 *       The law of a sum of absolute values is not known in closed form, so there is no critical
 *       value.
 *   <li><b>Empty samples</b>: not evaluable. Missing and infinite values do not enter.
 *   <li><b>Assumptions</b>: independent rows. Without drift its mean is about sqrt((1/n + 1/m) / (2
 *       pi)) times the sum of sqrt(p (1 - p)), by the normal law of each share; sparse bins, whose
 *       shares are not normal, stay below it.
 *   <li><b>Cost</b>: O(cells counted + bins).
 *   <li><b>Source</b>: Levin, Peres and Wilmer, "Markov Chains and Mixing Times", chapter 4,
 *       American Mathematical Society, 2009. Pinned by {@code golden/numeric.json} and {@code
 *       golden/categorical.json}.
 * </ul>
 */
public final class TotalVariation implements Statistic {

    @Override
    public String name() {
        return "tvd";
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
            sum += Math.abs(shares.difference(bin));
        }
        return Math.min(1, sum / 2);
    }

    @Override
    public Noise noise(Trial trial) {
        double spreads = 0;
        for (long inBin : trial.reference().referenceBins()) {
            double p = (double) inBin / trial.referenceCount();
            spreads += Math.sqrt(p * (1 - p));
        }
        return new Noise(
                        Math.sqrt(trial.variance() / (2 * Math.PI)) * spreads,
                        Double.NaN,
                        Double.NaN)
                .finite();
    }

    @Override
    public boolean isGraded() {
        return true;
    }

    @Override
    public double psiEquivalent(Measurement measurement) {
        return Shift.squaredBeyondNoise(measurement, Shift.OF_DISTRIBUTION_FUNCTION);
    }

    @Override
    public long smallestWindow(Trial plan, double threshold) {
        return SmallestWindow.ofBinned(this, plan, threshold);
    }
}
