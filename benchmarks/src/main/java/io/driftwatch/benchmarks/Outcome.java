package io.driftwatch.benchmarks;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.profile.Tally;
import io.driftwatch.detectors.statistic.Comparison;
import io.driftwatch.detectors.statistic.KolmogorovSmirnov;
import io.driftwatch.detectors.statistic.Measurement;
import io.driftwatch.detectors.statistic.PopulationStabilityIndex;
import io.driftwatch.detectors.statistic.Smoothing;

/**
 * What the monitor measures in one window.
 *
 * @param psi population stability index
 * @param excess how far it is beyond what chance is expected to give
 * @param pValue its p-value
 * @param ksPValue that of the Kolmogorov-Smirnov distance; NaN for categories
 */
record Outcome(double psi, double excess, double pValue, double ksPValue) {
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
                        : Double.NaN);
    }
}
