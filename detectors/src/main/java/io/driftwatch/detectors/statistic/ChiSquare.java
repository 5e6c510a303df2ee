package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;
import java.util.Optional;

/**
 * Pearson's two-sample chi-square statistic over the bins: the sum of (observed - expected)^2 /
 * expected over the 2 x K table of both samples.
 *
 * <p>Both samples are treated as random. Taking the reference for the truth instead, as a
 * one-sample test does, alarms far too often once windows are not small against the reference.
 *
 * <ul>
 *   <li><b>Inputs</b>: counts in K bins of any feature; bins empty in both samples are dropped.
 *   <li><b>Output</b>: 0 or more, 0 for equal shares, about K - 1 without drift; grows with the
 *       samples. With K = 1 the value is 0, the p-value 1 and there is no critical value.
 *   <li><b>Empty samples</b>: not evaluable. Missing and infinite values do not enter.
 *   <li><b>Assumptions</b>: independent rows; where many bins are rare, prefer {@link
 *       PooledChiSquare}.
 *   <li><b>Cost</b>: O(cells counted + bins).
 *   <li><b>Source</b>: Pearson, "On the probability that two independent distributions of frequency
 *       are really samples from the same population", Biometrika 8, 1911,
 *       doi:10.1093/biomet/8.1-2.250. Pinned by {@code golden/numeric.json} and {@code
 *       golden/categorical.json}.
 * </ul>
 */
public final class ChiSquare implements Statistic {

    @Override
    public String name() {
        return "chi2";
    }

    @Override
    public boolean appliesTo(FeatureType type) {
        return true;
    }

    @Override
    public Measurement measure(Comparison comparison) {
        Optional<Measurement> refusal = comparison.refusal(this);
        return refusal.isPresent()
                ? refusal.get()
                : measurement(comparison, comparison.chiSquare());
    }

    @Override
    public Noise noise(Trial trial) {
        return ChiSquareNoise.test(trial.degreesOfFreedom(), trial);
    }

    @Override
    public long smallestWindow(Trial plan, double threshold) {
        return SmallestWindow.ofBinned(this, plan, Double.NaN);
    }

    static Measurement measurement(Comparison comparison, TwoSampleChiSquare test) {
        return Measurement.exact(
                test.statistic(),
                test.pValue(comparison.overdispersion()),
                ChiSquareNoise.test(test.degreesOfFreedom(), comparison.trial()),
                Double.NaN,
                comparison.trial());
    }
}
