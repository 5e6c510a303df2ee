package io.driftwatch.detectors.significance;

/** How much a drift matters, from least to most. */
public enum DriftSeverity {
    /** Chance explains it. */
    NONE,
    /** Real, but too small to matter. */
    INFO,
    /** Real and small. */
    LOW,
    /** Real and large enough to look at. */
    WARNING,
    /** Real and so large that the model is in doubt. */
    CRITICAL
}
