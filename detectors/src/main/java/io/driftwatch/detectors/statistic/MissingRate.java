package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.Tally;

/**
 * Missing rate: the share of the window's rows without a value. Infinite values are values.
 *
 * <ul>
 *   <li><b>Inputs</b>: rows and missing rows of any feature.
 *   <li><b>Output</b>: from 0 to 1. p-value by the two-sample chi-square test of the 2 x 2 table
 *       (present, missing), or by an exact conditional test where missing ones are rare, against a
 *       change either way; the critical value is the rate above the reference's at which that test
 *       becomes significant, absent if none is.
 *   <li><b>Empty samples</b>: not evaluable without rows; a window in which all is missing has rate
 *       1.
 *   <li><b>Assumptions</b>: independent rows.
 *   <li><b>Cost</b>: O(1).
 *   <li><b>Source</b>: as {@link ChiSquare}; Przyborowski and Wilenski, "Homogeneity of results in
 *       testing samples from Poisson series", Biometrika 31, 1940. Pinned by {@code
 *       golden/numeric.json}.
 * </ul>
 */
public final class MissingRate implements Statistic {

    @Override
    public String name() {
        return "missing_rate";
    }

    @Override
    public boolean appliesTo(FeatureType type) {
        return true;
    }

    @Override
    public boolean explainedByBins() {
        return false;
    }

    @Override
    public Measurement measure(Comparison comparison) {
        Tally window = comparison.window();
        Tally reference = comparison.reference().reference();
        if (reference.rows() == 0 || window.rows() == 0) {
            return Rates.refused(
                    reference.rows() == 0 ? "reference" : "window",
                    "rows",
                    window.rows(),
                    reference.rows());
        }
        return Rates.measure(
                window.missing(),
                reference.missing(),
                reference.rows(),
                comparison.trial().withCount(window.rows()));
    }

    @Override
    public Noise noise(Trial trial) {
        Tally reference = trial.reference().reference();
        return Rates.noise(reference.missing(), reference.rows(), trial);
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
