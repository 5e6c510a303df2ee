package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.NumericProfile;
import java.util.Optional;

/**
 * Out-of-range rate: the share of the window's finite values below the reference's smallest or
 * above its largest. Exact, because the range ends on cell edges.
 *
 * <ul>
 *   <li><b>Inputs</b>: counts over the cells of a numeric feature.
 *   <li><b>Output</b>: from 0 to 1. p-value by the two-sample chi-square test of the 2 x 2 table
 *       (inside, outside), or by an exact conditional test where outside ones are rare, against a
 *       rise; the critical value is the rate at which that test becomes significant, absent if none
 *       is.
 *   <li><b>Empty samples</b>: not evaluable. Missing and infinite values do not enter.
 *   <li><b>Assumptions</b>: independent rows. Without drift about 2 / (m + 1) of the values fall
 *       outside, so a small reference has a narrow range.
 *   <li><b>Cost</b>: O(cells counted).
 *   <li><b>Source</b>: as {@link ChiSquare}; Przyborowski and Wilenski, "Homogeneity of results in
 *       testing samples from Poisson series", Biometrika 31, 1940. Pinned by {@code
 *       golden/numeric.json}.
 * </ul>
 */
public final class OutOfRangeRate implements Statistic {
    /**
     * No reference value lies outside its own range, yet without drift some 2 / (m + 1) of the
     * window's values do: those beyond a sample's two extremes. One hit in the reference makes the
     * upper tail of the conditional test that of their number, f^k (k + 1 - k f) for k or more of
     * them in large samples, with f = n / (n + m).
     */
    private static final long EXTREMES = 1;

    @Override
    public String name() {
        return "out_of_range_rate";
    }

    @Override
    public boolean appliesTo(FeatureType type) {
        return type == FeatureType.NUMERIC;
    }

    @Override
    public boolean explainedByBins() {
        return false;
    }

    @Override
    public Measurement measure(Comparison comparison) {
        Optional<Measurement> refusal = comparison.refusal(this);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        NumericProfile profile = (NumericProfile) comparison.reference();
        if (!profile.knowsRange()) {
            return comparison.refused(
                    "The profile does not say the reference's range; rebuild the profile");
        }
        return Rates.measureRise(
                profile.outOfRange(comparison.window()),
                EXTREMES,
                comparison.trial(),
                level(comparison.referenceCount()));
    }

    private static double level(long referenceCount) {
        return 2 / (referenceCount + 1.0);
    }

    @Override
    public Noise noise(Trial trial) {
        return Rates.noiseOfRise(EXTREMES, trial, level(trial.referenceCount()));
    }

    @Override
    public boolean isGraded() {
        return true;
    }

    @Override
    public double psiEquivalent(Measurement measurement) {
        return Rates.psiEquivalent(measurement);
    }

    @Override
    public long smallestWindow(Trial plan, double threshold) {
        return Rates.smallestWindow(this, plan, threshold);
    }
}
