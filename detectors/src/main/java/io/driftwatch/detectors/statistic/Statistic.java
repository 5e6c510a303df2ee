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

    /**
     * What chance alone makes of it in a window of the trial's size. Of a window that was counted,
     * {@link Measurement#noise} says the same, with what is known of that window besides.
     */
    Noise noise(Trial trial);

    /**
     * The population stability index of a drift of the measured size, less what chance contributes:
     * by it statistics of different units share one scale of severity. For a normal feature whose
     * mean moves so far that this statistic would show as much. NaN for statistics that are not
     * sizes of a drift, or whose unit is the feature's own.
     */
    default double psiEquivalent(Measurement measurement) {
        return Double.NaN;
    }

    /** Whether {@link #psiEquivalent} is defined, so that drifts can be graded by it. */
    default boolean isGraded() {
        return false;
    }

    /**
     * The smallest window in which this statistic says something: one in which a value beyond
     * {@code threshold} cannot be explained by chance, and which is large enough for the
     * statistic's own approximations.
     *
     * @param plan reference and level; its count is not looked at
     * @param threshold the value that somebody wants to be told of; NaN if nobody does
     * @return values in the window; {@link Long#MAX_VALUE} if no window is large enough, because
     *     the reference is too small
     */
    default long smallestWindow(Trial plan, double threshold) {
        return SmallestWindow.of(this, plan, threshold, 1);
    }

    /** Whether the bin whose share changed most says something about its value. */
    default boolean explainedByBins() {
        return true;
    }

    /** Whether the values in each cell must be summed for it, not only counted. */
    default boolean needsCellSums() {
        return false;
    }
}
