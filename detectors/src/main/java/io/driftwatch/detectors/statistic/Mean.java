package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.Moments;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Tally;
import java.util.Optional;

/**
 * Mean of the window's finite values, in the feature's own unit.
 *
 * <p>The p-value is that of the two-sided z-test z = (mean - reference mean) / sqrt(sd^2 / n +
 * reference sd^2 / m), with both variances estimated (Welch). The excess is the distance of the two
 * means in standard deviations of the reference.
 *
 * <ul>
 *   <li><b>Inputs</b>: sums of deviations from the reference's origin, in units of its scale.
 *   <li><b>Output</b>: any finite number, precise to about 1e-16 times the larger of the value and
 *       the reference's mean. The critical value lies on the window's side of the reference's mean.
 *       Neither p-value nor critical value for a window of one value or an unknown spread. Where
 *       neither sample varies, the p-value is 1 for equal means and 0 for others, without critical
 *       value.
 *   <li><b>Empty samples</b>: not evaluable; neither are sums that overflowed. Missing and infinite
 *       values do not enter.
 *   <li><b>Assumptions</b>: independent rows, finite variance, samples of some thirty or more.
 *   <li><b>Cost</b>: O(1).
 *   <li><b>Source</b>: Welch, "The generalization of Student's problem when several different
 *       population variances are involved", Biometrika 34, 1947, doi:10.1093/biomet/34.1-2.28.
 *       Values pinned by {@code golden/numeric.json}.
 * </ul>
 */
public final class Mean implements Statistic {
    /** Below it the normal law of the mean is no more than a hope. */
    static final int LEAST_COUNT = 30;

    @Override
    public String name() {
        return "mean";
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
        Moments moments = ((NumericProfile) comparison.reference()).moments();
        Tally window = comparison.window();
        double fromOrigin = window.sum() / window.count();
        double value = inUnit(fromOrigin, moments);
        if (!Double.isFinite(value)) {
            return comparison.refused(
                    "The sum of the window's values overflowed; they are too large for this"
                            + " reference, whose spread is about "
                            + moments.scale());
        }
        double shift = fromOrigin - referenceMean(moments);
        double error = standardError(comparison, moments);
        // An unknown spread makes the error NaN, and with it everything below.
        double z = shift == 0 && error == 0 ? 0 : shift / error;
        double pValue = Double.isNaN(z) ? Double.NaN : ChiSquareTail.normalProbability(z);
        Trial trial = comparison.trial();
        return Measurement.exact(
                value,
                pValue,
                noise(moments, error, Math.copySign(1, shift), trial),
                moments.sd() > 0 ? Math.abs(shift) * (moments.scale() / moments.sd()) : Double.NaN,
                trial);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Of a rise, where the window varies as much as the reference does.
     */
    @Override
    public Noise noise(Trial trial) {
        Moments moments = ((NumericProfile) trial.reference()).moments();
        double error = moments.sd() / moments.scale() * Math.sqrt(trial.variance());
        return noise(moments, error, 1, trial);
    }

    @Override
    public double psiEquivalent(double excess) {
        return excess * excess;
    }

    @Override
    public long smallestWindow(Trial plan, double threshold) {
        return LEAST_COUNT;
    }

    /** With the mean's standard error in scales, on the side that {@code sign} says. */
    private static Noise noise(Moments moments, double error, double sign, Trial trial) {
        double mean = referenceMean(moments);
        double z = ChiSquareTail.normalQuantile(trial.significance());
        boolean known = error > 0 && error < Double.POSITIVE_INFINITY;
        return new Noise(
                        moments.mean(),
                        known ? inUnit(mean + sign * z * error, moments) : Double.NaN,
                        known
                                ? inUnit(mean + sign * (z + Noise.POWER_QUANTILE) * error, moments)
                                : Double.NaN)
                .finite();
    }

    private static double standardError(Comparison comparison, Moments moments) {
        if (Double.isNaN(moments.mean())) {
            return Double.NaN;
        }
        double referenceSd = moments.sd() / moments.scale();
        double error =
                Math.sqrt(
                        comparison.overdispersion()
                                * (StandardDeviation.scaledVariance(comparison.window())
                                                / comparison.count()
                                        + referenceSd * referenceSd / comparison.referenceCount()));
        return Double.isInfinite(error) ? Double.NaN : error;
    }

    /** The reference's mean, in scales from the origin. */
    private static double referenceMean(Moments moments) {
        double halves = moments.mean() / 2 - moments.origin() / 2;
        return halves / (moments.scale() / 2);
    }

    /** The value that lies {@code shift} scales from the origin. */
    private static double inUnit(double shift, Moments moments) {
        // Halves: a shift across the whole range of doubles would overflow.
        return 2 * (moments.origin() / 2 + moments.scale() / 2 * shift);
    }
}
