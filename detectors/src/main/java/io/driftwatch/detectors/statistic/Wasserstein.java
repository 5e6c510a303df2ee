package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.Moments;
import io.driftwatch.detectors.profile.NumericProfile;
import java.util.Optional;

/**
 * Wasserstein distance W1 (earth mover's distance): the area between the distribution functions of
 * window and reference, which is how far an average value must move to turn one sample into the
 * other.
 *
 * <p>The counts and the sum of each cell give it exactly wherever the two functions do not cross
 * inside a cell, so also outside the reference's range; elsewhere they give proved bounds. The
 * proof is in {@code WassersteinBounds}.
 *
 * <p>W1 has no law that is free of the distribution, so the p-value is that of the
 * Kolmogorov-Smirnov test on the same cells, and the critical value is unknown. The noise level is
 * the mean area that sampling alone leaves, sqrt(2 v / pi) times the integral of sqrt(F (1 - F))
 * over the reference's range, with v = (1/n + 1/m) times the overdispersion. The excess is the
 * value beyond it.
 *
 * <ul>
 *   <li><b>Inputs</b>: counts over the cells of a numeric feature, and the sum of each cell that
 *       can hold several different values; bins do not matter.
 *   <li><b>Output</b>: in the feature's own unit, 0 or more, 0 for equal samples, with lower and
 *       upper bound that allow for rounding.
 *   <li><b>Empty samples</b>: not evaluable; neither are windows counted without sums, nor values
 *       too far apart for a double. Missing and infinite values do not enter.
 *   <li><b>Assumptions</b>: a finite mean. With tails as heavy as Cauchy's the value says nothing.
 *   <li><b>Cost</b>: O(cells counted in either sample).
 *   <li><b>Source</b>: Vallender, "Calculation of the Wasserstein distance between probability
 *       distributions on the line", Theory of Probability and its Applications 18, 1974,
 *       doi:10.1137/1118101. Pinned by {@code golden/numeric.json}.
 * </ul>
 */
public final class Wasserstein implements Statistic {

    @Override
    public String name() {
        return "wasserstein";
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
        Optional<Measurement> refusal = refusal(this, comparison);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        NumericProfile profile = (NumericProfile) comparison.reference();
        Moments moments = profile.moments();
        WassersteinBounds bounds = WassersteinBounds.of(profile, comparison.window());
        double scale = moments.scale();
        // Where the scale is tiny, the unit itself rounds.
        return measurement(
                comparison,
                Math.max(0, Math.nextDown(bounds.lower() * scale)),
                bounds.value() * scale,
                bounds.upper() > 0 ? Math.nextUp(bounds.upper() * scale) : 0,
                noise(comparison.trial()));
    }

    @Override
    public Noise noise(Trial trial) {
        NumericProfile profile = (NumericProfile) trial.reference();
        return level(trial, profile.moments().scale());
    }

    /** The mean area without drift, with {@code unit} of the statistic's units in a scale. */
    static Noise level(Trial trial, double unit) {
        double spread = WassersteinBounds.spread((NumericProfile) trial.reference());
        double level = Math.sqrt(2 * trial.variance() / Math.PI) * spread * unit;
        return new Noise(level, Double.NaN, Double.NaN).finite();
    }

    /** The measurement of a statistic that lacks what both forms of the distance need. */
    static Optional<Measurement> refusal(Statistic statistic, Comparison comparison) {
        Optional<Measurement> refusal = comparison.refusal(statistic);
        if (refusal.isPresent()) {
            return refusal;
        }
        NumericProfile profile = (NumericProfile) comparison.reference();
        if (!profile.knowsRange()) {
            return Optional.of(
                    comparison.refused(
                            "The profile does not say the reference's range; rebuild the profile"));
        }
        if (!WassersteinBounds.knowsSums(profile, profile.reference())) {
            return Optional.of(
                    comparison.refused(
                            "The profile does not have the sum of each cell, as it was built before"
                                    + " these were kept; rebuild the profile"));
        }
        if (!WassersteinBounds.knowsSums(profile, comparison.window())) {
            return Optional.of(
                    comparison.refused(
                            "The window was counted, in part at least, before "
                                    + statistic.name()
                                    + " was configured, so without the sum of each cell; windows"
                                    + " that begin later have it"));
        }
        return Optional.empty();
    }

    /** The measurement of bounds, with the p-value of Kolmogorov and Smirnov. */
    static Measurement measurement(
            Comparison comparison, double lower, double value, double upper, Noise noise) {
        if (!Double.isFinite(upper)) {
            return comparison.refused(
                    "The values of the window and the reference are too far apart for a double; the"
                            + " reference's spread is about "
                            + ((NumericProfile) comparison.reference()).moments().scale());
        }
        Trial trial = comparison.trial();
        NumericProfile profile = (NumericProfile) comparison.reference();
        double distance =
                Math.min(1, KolmogorovSmirnov.bounds(profile, comparison.window()).lower());
        return Measurement.bracketed(
                value,
                Math.min(lower, value),
                Math.max(upper, value),
                KolmogorovSmirnov.pValue(distance, trial),
                noise,
                Measurement.above(noise.level(), value),
                trial);
    }
}
