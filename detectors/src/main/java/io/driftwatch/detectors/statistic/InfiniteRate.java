package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.Tally;

/**
 * Infinite rate: the share of infinite values among those that are not missing.
 *
 * <ul>
 *   <li><b>Inputs</b>: finite and infinite counts of a numeric feature.
 *   <li><b>Output</b>: from 0 to 1. p-value by the two-sample chi-square test of the 2 x 2 table
 *       (finite, infinite), or by an exact conditional test where infinite ones are rare, against a
 *       change either way; the critical value is the rate above the reference's at which that test
 *       becomes significant, absent if none is.
 *   <li><b>Empty samples</b>: not evaluable where all is missing.
 *   <li><b>Assumptions</b>: independent rows.
 *   <li><b>Cost</b>: O(1).
 *   <li><b>Source</b>: as {@link ChiSquare}; Przyborowski and Wilenski, "Homogeneity of results in
 *       testing samples from Poisson series", Biometrika 31, 1940.
 * </ul>
 */
public final class InfiniteRate implements Statistic {

    @Override
    public String name() {
        return "infinite_rate";
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
        comparison.requireApplicable(this);
        Tally window = comparison.window();
        Tally reference = comparison.reference().reference();
        long total = window.count() + window.infinite();
        long referenceTotal = reference.count() + reference.infinite();
        if (referenceTotal == 0 || total == 0) {
            return Rates.refused(
                    referenceTotal == 0 ? "reference" : "window",
                    "values that are not missing",
                    total,
                    referenceTotal);
        }
        return Rates.measure(
                window.infinite(),
                reference.infinite(),
                referenceTotal,
                comparison.trial().withCount(total));
    }

    @Override
    public Noise noise(Trial trial) {
        Tally reference = trial.reference().reference();
        return Rates.noise(reference.infinite(), reference.count() + reference.infinite(), trial);
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
