package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.Moments;
import io.driftwatch.detectors.profile.NumericProfile;
import java.util.Optional;

/**
 * {@link Wasserstein} distance in population standard deviations of the reference, so that features
 * of any unit share one scale. A normal feature whose mean moves by d deviations has distance d.
 *
 * <ul>
 *   <li><b>Inputs</b>: as for the distance itself, and the reference's standard deviation.
 *   <li><b>Output</b>: 0 or more, 0 for equal samples, with lower and upper bound; p-value, noise
 *       level and excess as for the distance.
 *   <li><b>Empty samples</b>: not evaluable; neither is a reference whose deviation is 0 or
 *       unknown. Missing and infinite values do not enter.
 *   <li><b>Assumptions</b>: finite variance. Small windows are far from their reference by chance
 *       alone: of 200 values, more than 0.1 in every third window.
 *   <li><b>Cost</b>: O(cells counted in either sample).
 *   <li><b>Source</b>: as for the distance. Pinned by {@code golden/numeric.json}.
 * </ul>
 */
public final class WassersteinSd implements Statistic {

    @Override
    public String name() {
        return "wasserstein_sd";
    }

    @Override
    public boolean appliesTo(FeatureType type) {
        return type == FeatureType.NUMERIC;
    }

    @Override
    public boolean needsCellSums() {
        return true;
    }

    @Override
    public Measurement measure(Comparison comparison) {
        Optional<Measurement> refusal = comparison.refusal(this);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        NumericProfile profile = (NumericProfile) comparison.reference();
        double sd = scaledSd(profile);
        if (!(sd > 0)) {
            return comparison.refused(
                    "The reference's standard deviation is "
                            + (sd == 0 ? "0" : "not known")
                            + ", so nothing can be measured in it; use wasserstein, in the"
                            + " feature's own unit");
        }
        Optional<Measurement> lacking = Wasserstein.refusal(this, comparison);
        if (lacking.isPresent()) {
            return lacking.get();
        }
        WassersteinBounds bounds = WassersteinBounds.of(profile, comparison.window());
        double rounding = relativeError(profile);
        return Wasserstein.measurement(
                comparison,
                bounds.lower() / sd * (1 - rounding),
                bounds.value() / sd,
                bounds.upper() / sd * (1 + rounding),
                noise(comparison.trial()));
    }

    @Override
    public Noise noise(Trial trial) {
        double sd = scaledSd((NumericProfile) trial.reference());
        return sd > 0 ? Wasserstein.level(trial, 1 / sd) : Noise.UNKNOWN;
    }

    @Override
    public boolean isGraded() {
        return true;
    }

    @Override
    public double psiEquivalent(Measurement measurement) {
        return Shift.squaredBeyondNoise(measurement, 1);
    }

    /** The population standard deviation in scales; the moments have that of a sample. */
    private static double scaledSd(NumericProfile profile) {
        Moments moments = profile.moments();
        double m = profile.reference().count();
        return moments.sd() / moments.scale() * Math.sqrt((m - 1) / m);
    }

    /** How precise the standard deviation is: half of a sum of m squares, in a unit that rounds. */
    private static double relativeError(NumericProfile profile) {
        double inSum = (profile.reference().count() + 16) * 0x1p-53;
        return Math.min(1, inSum + Double.MIN_VALUE / profile.moments().sd());
    }
}
