package io.driftwatch.job.config;

/** What a stream carries. */
public enum StreamRole {
    /** What the model was given. */
    FEATURES,
    /** What the model answered. */
    PREDICTIONS,
    /** What turned out to be true, usually known late. */
    LABELS,
    /** Features and prediction in one record. */
    INFERENCE;

    /** The name used in configuration files and on the command line. */
    public String key() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Whether records of this stream hold values of features with that role. */
    public boolean carries(ValueRole role) {
        return switch (this) {
            case FEATURES -> role == ValueRole.FEATURE;
            case PREDICTIONS -> role == ValueRole.PREDICTION;
            case LABELS -> role == ValueRole.LABEL;
            case INFERENCE -> role != ValueRole.LABEL;
        };
    }
}
