package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;

/**
 * Kullback-Leibler divergence of the window from the reference: the sum over bins of q ln(q / p),
 * with q the window's shares and p the reference's.
 *
 * <p>Not symmetric: it weighs a bin by its share of the window, so what the window has and the
 * reference lacks counts most. Twice the divergence is, for small drifts, the {@linkplain
 * PopulationStabilityIndex index}. The p-value is that of the two-sample chi-square test on the
 * same bins, rare ones pooled, never one derived from the divergence itself: with sparse bins that
 * would be far too small.
 *
 * <ul>
 *   <li><b>Inputs</b>: counts in K bins of any feature; bins empty in both samples are dropped.
 *       Shares are smoothed, so that bins empty in one sample stay finite.
 *   <li><b>Output</b>: nats, 0 or more, 0 for equal shares. No critical value where K is 1. Shares
 *       that were filled instead of smoothed do not sum to one; a sum below 0 is given as 0.
 *   <li><b>Empty samples</b>: not evaluable. Missing and infinite values do not enter.
 *   <li><b>Assumptions</b>: independent rows. Without drift its mean is about (K - 1)(1/n + 1/m) /
 *       2.
 *   <li><b>Cost</b>: O(cells counted + bins).
 *   <li><b>Source</b>: Kullback and Leibler, "On information and sufficiency", Annals of
 *       Mathematical Statistics 22(1), 1951, doi:10.1214/aoms/1177729694. Pinned by {@code
 *       golden/numeric.json} and {@code golden/categorical.json}.
 * </ul>
 */
public final class KullbackLeibler implements Statistic {

    @Override
    public String name() {
        return "kl";
    }

    @Override
    public boolean appliesTo(FeatureType type) {
        return true;
    }

    @Override
    public Measurement measure(Comparison comparison) {
        return comparison
                .refusal(this)
                .orElseGet(() -> comparison.measured(this, divergence(comparison)));
    }

    private static double divergence(Comparison comparison) {
        BinPairs bins = comparison.bins();
        Smoothing smoothing = comparison.smoothing();
        double sum = 0;
        for (int bin = 0; bin < bins.size(); bin++) {
            double p =
                    smoothing.share(bins.reference(bin), comparison.referenceCount(), bins.size());
            double q = smoothing.share(bins.window(bin), comparison.count(), bins.size());
            sum += q * Math.log(q / p);
        }
        return Math.max(0, sum);
    }

    @Override
    public Noise noise(Trial trial) {
        return ChiSquareNoise.quadratic(trial, 0.5);
    }

    @Override
    public boolean isGraded() {
        return true;
    }

    @Override
    public double psiEquivalent(Measurement measurement) {
        return 2 * measurement.excess();
    }

    @Override
    public long smallestWindow(Trial plan, double threshold) {
        return SmallestWindow.ofBinned(this, plan, threshold);
    }
}
