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
 *       (known, new), or by an exact conditional test where new ones are rare, against a rise; the
 *       critical value is the rate above the reference's at which that test becomes significant,
 *       absent if none is.
 *   <li><b>Empty samples</b>: not evaluable. Missing values do not enter.
 *   <li><b>Assumptions</b>: independent rows, none of them copies of another. What to expect is
 *       read from the reference's rows that are alone in having their category (Good, "The
 *       population frequencies of species and the estimation of population parameters", Biometrika
 *       40, 1953, doi:10.1093/biomet/40.3-4.237).
 *   <li><b>Cost</b>: O(cells of the reference).
 *   <li><b>Source</b>: as {@link ChiSquare}; Przyborowski and Wilenski, "Homogeneity of results in
 *       testing samples from Poisson series", Biometrika 31, 1940. Pinned by {@code
 *       golden/categorical.json}.
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
        long expected = expected(profile);
        return Rates.measureRise(
                comparison.window().countOf(profile.newCell()),
                expected,
                comparison.trial(),
                (double) expected / comparison.referenceCount());
    }

    /**
     * Hits to hold a window against. What the reference holds is known by definition, but the rows
     * that are alone in having their category would have been new but for themselves; their share
     * estimates how often the next row is new.
     */
    private static long expected(CategoricalProfile profile) {
        long hits = profile.reference().countOf(profile.newCell());
        for (int i = 0; i < profile.reference().size(); i++) {
            boolean named = profile.reference().cell(i) < profile.categories().size();
            hits += named && profile.reference().count(i) == 1 ? 1 : 0;
        }
        return hits;
    }

    @Override
    public Noise noise(Trial trial) {
        CategoricalProfile profile = (CategoricalProfile) trial.reference();
        long expected = expected(profile);
        return Rates.noiseOfRise(expected, trial, (double) expected / trial.referenceCount());
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
