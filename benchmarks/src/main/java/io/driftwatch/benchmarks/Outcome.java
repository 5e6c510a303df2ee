package io.driftwatch.benchmarks;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.profile.Tally;
import io.driftwatch.detectors.statistic.Comparison;
import io.driftwatch.detectors.statistic.KolmogorovSmirnov;
import io.driftwatch.detectors.statistic.Measurement;
import io.driftwatch.detectors.statistic.PopulationStabilityIndex;
import io.driftwatch.detectors.statistic.Smoothing;
import io.driftwatch.detectors.statistic.Trial;

/**
 * What the monitor measures in one window.
 *
 * @param psi population stability index
 * @param excess how far it is beyond what chance is expected to give
 * @param pValue its p-value
 * @param ksPValue that of the Kolmogorov-Smirnov distance; NaN for categories
 * @param reference what the window is compared with
 * @param count values in the window
 */
record Outcome(
        double psi,
        double excess,
        double pValue,
        double ksPValue,
        FeatureProfile reference,
        long count) {
    /** Decides critical values only, which nothing here looks at. */
    private static final double LEVEL = 0.001;

    private static final PopulationStabilityIndex PSI = new PopulationStabilityIndex();
    private static final KolmogorovSmirnov KS = new KolmogorovSmirnov();

    static Outcome of(FeatureProfile reference, Tally window, double overdispersion) {
        Comparison comparison =
                new Comparison(reference, window, Smoothing.jeffreys(), LEVEL, overdispersion);
        Measurement psi = PSI.measure(comparison);
        return new Outcome(
                psi.value(),
                psi.excess(),
                psi.pValue(),
                reference.type() == FeatureType.NUMERIC
                        ? KS.measure(comparison).pValue()
                        : Double.NaN,
                reference,
                window.count());
    }

    /**
     * Whether the window is large enough to be judged at this level, by {@code min_count: auto}.
     */
    boolean isJudged(double significance) {
        Trial plan = Trial.planned(reference, count, significance, 1);
        return count >= PSI.smallestWindow(plan, Double.NaN);
    }
}
