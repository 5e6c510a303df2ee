package io.driftwatch.job.metrics;

import java.util.List;
import java.util.Locale;
import org.apache.flink.metrics.MetricGroup;

/**
 * The metrics of both jobs: the one list of their names and labels. Dashboards, rules and the table
 * in the documentation are held against it.
 *
 * <p>Flink puts the name of each label into the name of the metric, see {@link #prometheusName}.
 */
public enum JobMetric {
    /** Records that came from a stream. */
    RECORDS_IN("records_in_total", Kind.COUNTER, "model"),
    /** What became of them: {@code tallied}, {@code late} or {@code dead_lettered}. */
    RECORDS("records_total", Kind.COUNTER, "model", "outcome"),
    /** Those that were late or dead-lettered, by the reason. */
    RECORDS_REJECTED("records_rejected_total", Kind.COUNTER, "model", "reason"),
    /** Of the tallied ones: those whose counts then came after their windows were closed. */
    RECORDS_REFUSED("records_refused_total", Kind.COUNTER, "model"),
    /** Of the tallied ones: those of a version that has no reference. */
    RECORDS_UNKNOWN_VERSION("records_unknown_version_total", Kind.COUNTER, "model"),
    /** Scores by their status. */
    SCORES("scores_total", Kind.COUNTER, "model", "status"),
    /** Windows of a version that were scored as a whole; revisions do not count again. */
    WINDOWS("windows_scored_total", Kind.COUNTER, "model", "version"),
    /** End of the newest window that was scored. */
    WINDOW_END("latest_window_end_timestamp_seconds", Kind.GAUGE, "model", "version"),
    /** Most values that a feature has in that window. */
    WINDOW_SAMPLES("window_samples", Kind.GAUGE, "model", "version"),
    /** How far apart the windows of a model end. */
    WINDOW_INTERVAL("window_interval_seconds", Kind.GAUGE, "model"),
    /** The newest value of a statistic; not a number if its window gave none. */
    DRIFT_SCORE("drift_score", Kind.GAUGE, "model", "version", "segment", "feature", "statistic"),
    /** From where on it is significant; not a number where there is no such value. */
    DRIFT_CRITICAL_VALUE(
            "drift_critical_value",
            Kind.GAUGE,
            "model",
            "version",
            "segment",
            "feature",
            "statistic"),
    /** Statistics that are exported. */
    SCORE_SERIES("score_series", Kind.GAUGE, "model"),
    /** How many may be. */
    SCORE_SERIES_LIMIT("score_series_limit", Kind.GAUGE, "model"),
    /** Scores that were not exported because there were so many already. */
    SCORES_NOT_EXPORTED("scores_not_exported_total", Kind.COUNTER, "model"),
    /** Alerts that are {@code pending} or {@code firing} now. */
    ALERTS("alerts", Kind.GAUGE, "model", "severity", "state"),
    /** Changes of alerts, by what they became. */
    ALERT_TRANSITIONS("alert_transitions_total", Kind.COUNTER, "model", "severity", "state"),
    /** Version of the configuration that a job has heard of last. */
    CONFIG_VERSION("config_version", Kind.GAUGE, "part"),
    /** Configurations that it has refused, because they are wrong or need a restart. */
    CONFIG_REFUSED("config_refused_total", Kind.COUNTER, "part"),
    /** Always 1; which release runs. */
    BUILD_INFO("build_info", Kind.GAUGE, "release"),

    /** Notifications that are done with: {@code delivered}, {@code rejected}, {@code exhausted}. */
    NOTIFICATIONS("notifications_total", Kind.COUNTER, "receiver", "endpoint", "outcome"),
    /** Attempts that did not succeed, by the reason. */
    ATTEMPTS_FAILED(
            "delivery_attempts_failed_total", Kind.COUNTER, "receiver", "endpoint", "reason"),
    /** From a notification's making to its delivery. */
    NOTIFICATION_LATENCY("notification_latency_seconds", Kind.SUMMARY, "receiver", "endpoint"),
    /** Notifications that an endpoint is still to get. */
    OUTBOX("outbox_notifications", Kind.GAUGE, "receiver", "endpoint"),
    /** For how long the oldest of them has waited; 0 without any. */
    OUTBOX_AGE("outbox_oldest_age_seconds", Kind.GAUGE, "receiver", "endpoint"),
    /** 1 while an endpoint is left alone because it failed again and again. */
    ENDPOINT_DOWN("endpoint_down", Kind.GAUGE, "receiver", "endpoint"),
    /** Silences: {@code active} or {@code pending}. */
    SILENCES("silences", Kind.GAUGE, "state"),
    /** Changes of retrain requests, by what they became. */
    RETRAIN_CHANGES("retrain_status_changes_total", Kind.COUNTER, "model", "status"),
    /** Retrain requests that are not over, by where they stand. */
    RETRAIN_REQUESTS("retrain_requests", Kind.GAUGE, "model", "status");

    /** How a metric moves, in Prometheus' words. Flink's reporter calls counters gauges. */
    public enum Kind {
        COUNTER,
        GAUGE,
        SUMMARY;

        /** Returns the name in lower case, as documentation has it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Stands before every name, and after the labels' names. */
    public static final String PREFIX = "driftwatch";

    private static final String SCOPE = "flink_taskmanager_job_task_operator_";

    private final String shortName;
    private final Kind kind;
    private final List<String> labels;

    JobMetric(String shortName, Kind kind, String... labels) {
        this.shortName = shortName;
        this.kind = kind;
        this.labels = List.of(labels);
    }

    /** Returns the name without scope, labels and prefix. */
    public String shortName() {
        return shortName;
    }

    /** Says how it moves. */
    public Kind kind() {
        return kind;
    }

    /** Returns the names of its labels, beside those that Flink gives to all metrics. */
    public List<String> labels() {
        return labels;
    }

    /** Returns the name under which Flink's Prometheus reporter shows it. */
    public String prometheusName() {
        return SCOPE + String.join("_", labels) + "_" + PREFIX + "_" + shortName;
    }

    /**
     * Returns the group to register it in, which has the labels.
     *
     * @param operator the group of the operator
     * @param values one for each label, in their order
     */
    public MetricGroup in(MetricGroup operator, String... values) {
        if (values.length != labels.size()) {
            throw new IllegalArgumentException(
                    this + " has the labels " + labels + ", not " + values.length);
        }
        MetricGroup group = operator;
        for (int i = 0; i < values.length; i++) {
            group = group.addGroup(labels.get(i), values[i]);
        }
        return group.addGroup(PREFIX);
    }
}
