package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;

/**
 * One number that says how a window differs from its reference. Implementations are stateless and
 * may be shared by threads.
 *
 * <p>To add one: a class named by its concept, and a line in {@link Statistics}; the contract test
 * runs it from there.
 */
public interface Statistic {

    /** The name in configuration and in scores, in snake_case. */
    String name();

    /** Whether it is defined for features of this type. */
    boolean appliesTo(FeatureType type);

    /**
     * Measures the window. A sample without values gives a measurement with a reason, never an
     * exception and never NaN as value.
     *
     * @throws IllegalArgumentException if the statistic does not apply to the feature's type
     */
    Measurement measure(Comparison comparison);
}
