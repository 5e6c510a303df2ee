package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;
import java.util.Optional;

/**
 * The two-sample chi-square statistic of {@link ChiSquare}, after all bins in which the reference
 * lets expect fewer than five of the window's values are summed to one.
 *
 * <p>It keeps its level with sparse bins, such as many rare categories, as long as the reference is
 * some ten times the window: which bins are rare is read from the reference alone.
 *
 * <ul>
 *   <li><b>Inputs</b>: counts in K bins of any feature; bins empty in both samples are dropped.
 *   <li><b>Output</b>: 0 or more. A window so small that all bins are summed to one shows nothing:
 *       value 0, p-value 1, no critical value.
 *   <li><b>Empty samples</b>: not evaluable. Missing and infinite values do not enter.
 *   <li><b>Assumptions</b>: independent rows; a reference of at least ten windows.
 *   <li><b>Cost</b>: O(cells counted + bins).
 *   <li><b>Source</b>: Cochran, "Some methods for strengthening the common chi-square tests",
 *       Biometrics 10, 1954, doi:10.2307/3001616. Pinned by {@code golden/numeric.json} and {@code
 *       golden/categorical.json}.
 * </ul>
 */
public final class PooledChiSquare implements Statistic {

    @Override
    public String name() {
        return "chi2_pooled";
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
                : ChiSquare.measurement(comparison, comparison.pooledChiSquare());
    }

    @Override
    public Noise noise(Trial trial) {
        long[] reference = trial.reference().referenceBins();
        int fullest = 0;
        for (int bin = 1; bin < reference.length; bin++) {
            fullest = reference[bin] > reference[fullest] ? bin : fullest;
        }
        long[] window = new long[reference.length];
        // How many values fall into which bin is not known yet, but only their number decides, as
        // long as no bin takes part that the reference does not have.
        window[fullest] = trial.count();
        int bins = BinPairs.of(reference, window).pooled().size();
        return ChiSquareNoise.test(bins - 1, trial);
    }

    @Override
    public long smallestWindow(Trial plan, double threshold) {
        return 1;
    }
}
