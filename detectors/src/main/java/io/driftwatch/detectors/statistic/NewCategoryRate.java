package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.CategoricalProfile;
import java.util.Optional;

/**
 * New-category rate: the share of the window's values whose category the reference does not have.
 *
 * <ul>
 *   <li><b>Inputs</b>: the count of the last cell of a categorical feature, which holds new
 *       categories.
 *   <li><b>Output</b>: from 0 to 1. p-value by the two-sample chi-square test of the 2 x 2 table
 *       (known, new), or by an exact conditional test where new ones are rare; the critical value is the rate above the reference's at which that test
 *       becomes significant, absent if none is.
 *   <li><b>Empty samples</b>: not evaluable. Missing values do not enter.
 *   <li><b>Assumptions</b>: independent rows.
 *   <li><b>Cost</b>: O(log cells).
 *   <li><b>Source</b>: as {@link ChiSquare}; Przyborowski and Wilenski, "Homogeneity of results
 *       in testing samples from Poisson series", Biometrika 31, 1940. Pinned by {@code golden/categorical.json}.
 * </ul>
 */
public final class NewCategoryRate implements Statistic {

    @Override
    public String name() {
        return "new_category_rate";
    }

    @Override
    public boolean appliesTo(FeatureType type) {
        return type == FeatureType.CATEGORICAL;
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
        CategoricalProfile profile = (CategoricalProfile) comparison.reference();
        return Rates.measure(
                comparison.window().countOf(profile.newCell()),
                profile.reference().countOf(profile.newCell()),
                comparison.referenceCount(),
                comparison.trial());
    }

    @Override
    public Noise noise(Trial trial) {
        CategoricalProfile profile = (CategoricalProfile) trial.reference();
        return Rates.noise(
                profile.reference().countOf(profile.newCell()), trial.referenceCount(), trial);
    }

    @Override
    public double psiEquivalent(double excess) {
        return Rates.psiEquivalent(excess);
    }
}
