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
 * reference sd^2 / m), with both variances estimated (Welch).
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

    @Override
    public String name() {
        return "mean";
    }

    @Override
    public boolean appliesTo(FeatureType type) {
        return type == FeatureType.NUMERIC;
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
        double critical =
                error > 0
                        ? inUnit(
                                referenceMean(moments)
                                        + Math.copySign(
                                                ChiSquareTail.normalQuantile(
                                                                comparison.significance())
                                                        * error,
                                                shift),
                                moments)
                        : Double.NaN;
        return Measurement.exact(
                value,
                pValue,
                Double.isInfinite(critical) ? Double.NaN : critical,
                comparison.count(),
                comparison.referenceCount());
    }

    private static double standardError(Comparison comparison, Moments moments) {
        if (Double.isNaN(moments.mean())) {
            return Double.NaN;
        }
        double referenceSd = moments.sd() / moments.scale();
        double error =
                Math.sqrt(
                        StandardDeviation.scaledVariance(comparison.window()) / comparison.count()
                                + referenceSd * referenceSd / comparison.referenceCount());
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
