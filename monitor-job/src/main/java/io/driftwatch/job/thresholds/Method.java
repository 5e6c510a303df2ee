package io.driftwatch.job.thresholds;

/** How a threshold is found. */
public enum Method {
    /** Where chance alone would exceed it as often as the budget allows, by the null law. */
    LAW,

    /** The largest value of history: nothing in it would have fired. */
    HISTORY,

    /** Mean and three standard deviations of history, as NannyML does. */
    MEAN_3SD
}
