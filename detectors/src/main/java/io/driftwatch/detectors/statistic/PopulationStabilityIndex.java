package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;

/**
 * Population stability index: how far the window's bin shares q moved from the reference's shares
 * p, as the sum over bins of (p - q) ln(p / q).
 *
 * <p>It answers how large a drift is; whether it is real is another question, which sampling noise
 * decides. So the p-value is that of the two-sample chi-square test on the same bins, rare ones
 * pooled, and an alert should ask for both: a large index, and a small p-value. If all bins are so
 * rare that pooling leaves only one, the test without pooling speaks instead. The critical value is
 * where the index itself becomes significant by its null law, chi2(K - 1) times (1/n + 1/m).
 *
 * <ul>
 *   <li><b>Inputs</b>: counts in K bins of any feature; bins empty in both samples are dropped.
 *       Shares are smoothed, so that bins empty in one sample stay finite.
 *   <li><b>Output</b>: nats, 0 or more, 0 for equal shares. No critical value where K is 1.
 *   <li><b>Empty samples</b>: not evaluable. Missing and infinite values do not enter.
 *   <li><b>Assumptions</b>: independent rows. Without drift its mean is about (K - 1)(1/n + 1/m):
 *       with ten bins, a window of 100 values often exceeds the folklore threshold of 0.1 by
 *       chance.
 *   <li><b>Cost</b>: O(cells counted + bins).
 *   <li><b>Source</b>: Yurdakul and Naranjo, "Statistical properties of the population stability
 *       index", Journal of Risk Model Validation 14(4), 2020, doi:10.21314/JRMV.2020.227. Pinned by
 *       {@code golden/numeric.json} and {@code golden/categorical.json}.
 * </ul>
 */
public final class PopulationStabilityIndex implements Statistic {

    @Override
    public String name() {
        return "psi";
    }

    @Override
    public boolean appliesTo(FeatureType type) {
        return true;
    }

    @Override
    public Measurement measure(Comparison comparison) {
        return comparison
                .refusal(this)
                .orElseGet(() -> comparison.measured(this, index(comparison)));
    }

    private static double index(Comparison comparison) {
        BinPairs bins = comparison.bins();
        Smoothing smoothing = comparison.smoothing();
        double index = 0;
        for (int bin = 0; bin < bins.size(); bin++) {
            double p =
                    smoothing.share(bins.reference(bin), comparison.referenceCount(), bins.size());
            double q = smoothing.share(bins.window(bin), comparison.count(), bins.size());
            index += (p - q) * Math.log(p / q);
        }
        return index;
    }

    @Override
    public Noise noise(Trial trial) {
        return ChiSquareNoise.quadratic(trial, 1);
    }

    @Override
    public boolean isGraded() {
        return true;
    }

    @Override
    public double psiEquivalent(Measurement measurement) {
        return measurement.excess();
    }

    @Override
    public long smallestWindow(Trial plan, double threshold) {
        return SmallestWindow.ofBinned(this, plan, threshold);
    }
}
