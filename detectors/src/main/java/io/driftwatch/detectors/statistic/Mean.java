package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.Moments;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Tally;
import java.util.Optional;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Mean of the window's finite values, in the feature's own unit.
 *
 * <p>The p-value is that of the two-sided t-test t = (mean - reference mean) / sqrt(sd^2 / n +
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
        Spread spread = Spread.of(comparison, moments);
        Trial trial = comparison.trial();
        return Measurement.exact(
                value,
                spread.pValue(shift),
                noise(moments, spread, Math.copySign(1, shift), trial),
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
        return noise(moments, Spread.of(trial, moments), 1, trial);
    }

    @Override
    public boolean isGraded() {
        return true;
    }

    @Override
    public double psiEquivalent(Measurement measurement) {
        return measurement.excess() * measurement.excess();
    }

    @Override
    public long smallestWindow(Trial plan, double threshold) {
        return (long) Math.ceil(SmallestWindow.scaled(LEAST_COUNT, plan));
    }

    private static Noise noise(Moments moments, Spread spread, double sign, Trial trial) {
        double mean = referenceMean(moments);
        double critical = sign * spread.critical(trial.significance());
        double detectable = critical + sign * Noise.POWER_QUANTILE * spread.error();
        return new Noise(
                        moments.mean(),
                        inUnit(mean + critical, moments),
                        inUnit(mean + detectable, moments))
                .finite();
    }

    /**
     * How far apart chance puts two means.
     *
     * @param error standard error of their difference, in scales; NaN if not known
     * @param freedom degrees of freedom of its estimate, after Welch
     */
    private record Spread(double error, double freedom) {

        static Spread of(Comparison comparison, Moments moments) {
            double variance = StandardDeviation.scaledVariance(comparison.window());
            return of(variance, moments, comparison.trial());
        }

        /** Where the window varies as the reference does. */
        static Spread of(Trial trial, Moments moments) {
            double sd = moments.sd() / moments.scale();
            return of(sd * sd, moments, trial);
        }

        private static Spread of(double variance, Moments moments, Trial trial) {
            double referenceSd = moments.sd() / moments.scale();
            double n = trial.count();
            double m = trial.referenceCount();
            double window = variance / n;
            double reference = referenceSd * referenceSd / m;
            double both = window + reference;
            double freedom =
                    both * both / (window * window / (n - 1) + reference * reference / (m - 1));
            double error = Math.sqrt(trial.overdispersion() * both);
            boolean known = !Double.isNaN(moments.mean()) && error < Double.POSITIVE_INFINITY;
            return new Spread(known ? error : Double.NaN, freedom);
        }

        double pValue(double shift) {
            if (error == 0) {
                return shift == 0 ? 1 : 0;
            }
            return isKnown()
                    ? Math.min(
                            1,
                            2
                                    * TDistribution.of(freedom)
                                            .survivalProbability(Math.abs(shift) / error))
                    : Double.NaN;
        }

        /** The distance at which the p-value is {@code significance}. */
        double critical(double significance) {
            return isKnown()
                    ? error * TDistribution.of(freedom).inverseSurvivalProbability(significance / 2)
                    : Double.NaN;
        }

        private boolean isKnown() {
            return error > 0 && freedom > 0;
        }
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
