package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.Moments;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Tally;
import java.util.Optional;

/**
 * Sample standard deviation (divisor n - 1) of the window's finite values, in the feature's own
 * unit.
 *
 * <p>The p-value is that of a two-sided z-test on ln(sd / reference sd). The variance of ln sd is a
 * quarter of that of the sample variance over its squared mean: ((k - 1) / n + 2 / (n (n - 1))) /
 * 4, with the reference's kurtosis k (3 for a normal feature) for both samples.
 *
 * <ul>
 *   <li><b>Inputs</b>: sums of deviations from the reference's mean and of their squares, in units
 *       of the reference's scale.
 *   <li><b>Output</b>: 0 or more. A window whose mean moved by h loses precision: the error is
 *       about 1e-8 h. The critical value lies on the window's side of the reference's value.
 *       Neither p-value nor critical value where the reference's sd or kurtosis is unknown or its
 *       sd is 0 (but p-value 1 if both samples are constant).
 *   <li><b>Empty samples</b>: not evaluable, nor is a window of one value, nor are sums that
 *       overflowed. Missing and infinite values do not enter.
 *   <li><b>Assumptions</b>: independent rows, finite fourth moment; heavy tails make the estimated
 *       kurtosis, and so the p-value, unreliable. Read p-values of windows below a hundred values
 *       with care, and those of a two-valued feature split in halves not at all: with kurtosis 1
 *       the normal approximation fails and small p-values come far too often.
 *   <li><b>Cost</b>: O(1).
 *   <li><b>Source</b>: variance of the sample variance by Cho and Cho, "The variance of sample
 *       variance from a finite population", 2008; delta method for the logarithm. Values pinned by
 *       {@code golden/numeric.json}.
 * </ul>
 */
public final class StandardDeviation implements Statistic {
    /** Below it the normal law of the logarithm is no more than a hope. */
    private static final int LEAST_COUNT = 100;

    @Override
    public String name() {
        return "sd";
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
        if (comparison.count() < 2) {
            return comparison.refused(
                    "The window has one finite value, and a standard deviation needs two; use larger"
                            + " windows");
        }
        Moments moments = ((NumericProfile) comparison.reference()).moments();
        double value = Math.sqrt(scaledVariance(comparison.window())) * moments.scale();
        if (!Double.isFinite(value)) {
            return comparison.refused(
                    "The squares of the window's values overflowed; they are too large for this"
                            + " reference, whose spread is about "
                            + moments.scale());
        }
        Trial trial = comparison.trial();
        if (moments.sd() == 0) {
            return Measurement.exact(
                    value, value == 0 ? 1 : Double.NaN, noise(trial), Double.NaN, trial);
        }
        double ratio = Math.log(value / moments.sd());
        double z = ratio / error(moments, trial);
        return Measurement.exact(
                value,
                Double.isNaN(z) ? Double.NaN : ChiSquareTail.normalProbability(z),
                noise(moments, Math.copySign(1, ratio), trial),
                Double.NaN,
                trial);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Of a rise.
     */
    @Override
    public Noise noise(Trial trial) {
        return noise(((NumericProfile) trial.reference()).moments(), 1, trial);
    }

    @Override
    public long smallestWindow(Trial plan, double threshold) {
        return (long) Math.ceil(SmallestWindow.scaled(LEAST_COUNT, plan));
    }

    private static Noise noise(Moments moments, double sign, Trial trial) {
        double z = ChiSquareTail.normalQuantile(trial.significance());
        double error = error(moments, trial);
        return new Noise(
                        moments.sd(),
                        moments.sd() * Math.exp(sign * z * error),
                        moments.sd() * Math.exp(sign * (z + Noise.POWER_QUANTILE) * error))
                .finite();
    }

    /** Standard error of the difference of the two ln sd. */
    private static double error(Moments moments, Trial trial) {
        return Math.sqrt(
                        trial.overdispersion()
                                * (relativeVariance(moments.kurtosis(), trial.count())
                                        + relativeVariance(
                                                moments.kurtosis(), trial.referenceCount())))
                / 2;
    }

    /** The sample variance in squared scales; NaN for one value or after an overflow. */
    static double scaledVariance(Tally window) {
        double n = window.count();
        if (n < 2) {
            return Double.NaN;
        }
        double mean = window.sum() / n;
        return Math.max(0, window.sumOfSquares() - mean * window.sum()) / (n - 1);
    }

    /** Variance of the sample variance of n values over the square of what it estimates. */
    private static double relativeVariance(double kurtosis, long size) {
        double n = size;
        // No distribution has a kurtosis below 1; rounding may say otherwise.
        return Math.max(0, kurtosis - 1) / n + 2 / (n * (n - 1));
    }
}
