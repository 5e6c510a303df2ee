package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;

/**
 * L-infinity distance: the largest |q - p| over bins, with p and q the shares of reference and
 * window. It is how far the bin moved that moved most.
 *
 * <p>The p-value is that of the two-sample chi-square test on the same bins, rare ones pooled,
 * never one derived from the distance itself. The critical value is where the bin that varies most
 * becomes significant alone, at a level divided by the number of bins (Bonferroni).
 *
 * <ul>
 *   <li><b>Inputs</b>: counts in K bins of any feature; shares are not smoothed.
 *   <li><b>Output</b>: from 0 to 1; exactly 0 for equal shares. What chance alone makes of it on
 *       average is not known in closed form. No critical value where the reference has one bin
 *       only.
 *   <li><b>Empty samples</b>: not evaluable. Missing and infinite values do not enter.
 *   <li><b>Assumptions</b>: independent rows, and enough of them in the fullest bins for their
 *       shares to be normal.
 *   <li><b>Cost</b>: O(cells counted + bins).
 *   <li><b>Source</b>: Dunn, "Multiple comparisons among means", Journal of the American
 *       Statistical Association 56, 1961, doi:10.1080/01621459.1961.10482090, for the bound. Values
 *       pinned by {@code golden/numeric.json} and {@code golden/categorical.json}.
 * </ul>
 */
public final class LInfinity implements Statistic {

    @Override
    public String name() {
        return "linf";
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
        double largest = 0;
        for (int bin = 0; bin < shares.size(); bin++) {
            largest = Math.max(largest, Math.abs(shares.difference(bin)));
        }
        return Math.min(1, largest);
    }

    @Override
    public Noise noise(Trial trial) {
        double most = 0;
        for (long inBin : trial.reference().referenceBins()) {
            double p = (double) inBin / trial.referenceCount();
            most = Math.max(most, p * (1 - p));
        }
        if (!(most > 0)) {
            return Noise.UNKNOWN;
        }
        double spread = Math.sqrt(trial.variance() * most);
        double critical =
                ChiSquareTail.normalQuantile(trial.significance() / trial.bins()) * spread;
        return new Noise(Double.NaN, critical, critical + Noise.POWER_QUANTILE * spread).finite();
    }
}
