package io.driftwatch.detectors.dependence;

/** What a distribution varies with, again and again. */
public enum Season {
    NONE,
    HOUR_OF_DAY,
    DAY_OF_WEEK
}
