package io.driftwatch.detectors;

/** What kind of values a feature has, and so which cells count them. */
public enum FeatureType {
    /** Doubles: cells are right-closed intervals. */
    NUMERIC,
    /** Strings: a cell for every category of the reference and one for all others. */
    CATEGORICAL
}
