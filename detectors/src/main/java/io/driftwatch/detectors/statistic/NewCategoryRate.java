package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.profile.Tally;
import java.util.Optional;

/**
 * New-category rate: the share of the window's values whose category the reference does not have.
 *
 * <ul>
 *   <li><b>Inputs</b>: the count of the cell behind the known categories of a categorical feature.
 *   <li><b>Output</b>: from 0 to 1. p-value by the two-sample chi-square test of the 2 x 2 table
 *       (known, new); the critical value is the rate above the reference's at which that test
 *       becomes significant, absent if none is.
 *   <li><b>Empty samples</b>: not evaluable. Missing values do not enter.
 *   <li><b>Assumptions</b>: independent rows; with few values even the first new category is no
 *       evidence.
 *   <li><b>Cost</b>: O(log cells).
 *   <li><b>Source</b>: as {@link ChiSquare}. Pinned by {@code golden/categorical.json}.
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
    public Measurement measure(Comparison comparison) {
        Optional<Measurement> refusal = comparison.refusal(this);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        CategoricalProfile profile = (CategoricalProfile) comparison.reference();
        Tally reference = profile.reference();
        int newCell = profile.categories().size();
        return Rates.measure(
                comparison.window().countOf(newCell),
                comparison.count(),
                reference.countOf(newCell),
                reference.count(),
                comparison.significance());
    }
}
