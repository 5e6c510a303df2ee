package io.driftwatch.job.config;

/** Whether a watched column is an input of the model, its answer, or the truth. */
public enum ValueRole {
    FEATURE,
    PREDICTION,
    LABEL
}
