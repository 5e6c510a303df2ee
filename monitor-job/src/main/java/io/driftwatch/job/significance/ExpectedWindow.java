package io.driftwatch.job.significance;

import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.statistic.KolmogorovSmirnov;
import io.driftwatch.detectors.statistic.Noise;
import io.driftwatch.detectors.statistic.PopulationStabilityIndex;
import io.driftwatch.detectors.statistic.Trial;
import io.driftwatch.job.profile.ReferenceSample;
import java.time.Duration;

/**
 * What the monitor can see of one feature in windows of the size to expect.
 *
 * @param feature its name
 * @param count values in a window
 * @param referenceCount values in the reference
 * @param overdispersion how many times more counts vary than independent ones, 1 if not measured
 * @param psi what chance makes of the population stability index
 * @param ks what chance makes of the Kolmogorov-Smirnov distance; unknown for categories
 */
public record ExpectedWindow(
        String feature,
        long count,
        long referenceCount,
        double overdispersion,
        Noise psi,
        Noise ks) {

    /** The expectation for one feature of a sample; {@code rows} is what a window holds. */
    static ExpectedWindow of(ReferenceSample sample, String feature, double rows, double level) {
        FeatureProfile reference = sample.feature(feature);
        long counted = reference.reference().count();
        long count =
                Math.max(1, Math.round(rows * counted / Math.max(1, reference.reference().rows())));
        double overdispersion = sample.dependenceOf(feature).overdispersion();
        if (counted == 0) {
            return new ExpectedWindow(feature, 0, 0, overdispersion, Noise.UNKNOWN, Noise.UNKNOWN);
        }
        Trial trial = Trial.planned(reference, count, level, overdispersion);
        return new ExpectedWindow(
                feature,
                count,
                counted,
                overdispersion,
                new PopulationStabilityIndex().noise(trial),
                reference instanceof NumericProfile
                        ? new KolmogorovSmirnov().noise(trial)
                        : Noise.UNKNOWN);
    }

    /**
     * Rows that a window of this size holds on average, judged by the times of the reference; NaN
     * where it carries none, or is shorter than a window.
     */
    static double rows(ReferenceSample sample, Duration size) {
        if (sample.firstEventTime() == null || sample.lastEventTime() == null) {
            return Double.NaN;
        }
        Duration span = Duration.between(sample.firstEventTime(), sample.lastEventTime());
        return span.compareTo(size) < 0
                ? Double.NaN
                : (double) sample.rows() * size.toMillis() / span.toMillis();
    }

    /**
     * The shift of the mean of a normal feature, in standard deviations, that psi sees in nine
     * windows of ten; NaN if not known.
     */
    public double detectableShift() {
        return Math.sqrt(psi.detectable());
    }
}
