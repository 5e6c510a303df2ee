package io.driftwatch.job;

/**
 * The stages of the flow, in order. Operator ids come from here: they name state in savepoints, so
 * a stage is never renamed.
 */
public enum Stage {
    /** Topic or file to bytes with their place. */
    SOURCE,
    /** Bytes to observations. */
    DECODE,
    /** Observations to counts by pane. */
    TALLY,
    /** Counts by pane to counts by window. */
    WINDOW,
    /** Counts by window to scores. */
    SCORE,
    /** Scores to changes of alerts. */
    JUDGE,
    /** Changes of alerts to notifications. */
    ROUTE,
    /** Notifications to deliveries. */
    DELIVER,
    /** Alerts to retrain requests. */
    RETRAIN,
    /** Whatever leaves the flow. */
    SINK,
    /** Results to metrics. */
    OBSERVE;

    /**
     * The operator id of this stage for one part of the configuration.
     *
     * @param parts what the operator works for, such as model and stream role
     */
    public String uid(String... parts) {
        String name = name().toLowerCase(java.util.Locale.ROOT);
        return parts.length == 0 ? name : name + "-" + String.join("-", parts);
    }
}
