package io.driftwatch.alerts.log;

import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.Score;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.MDC;

/**
 * Fields that log lines carry beside their words while this is open, for layouts that print them.
 * They are the thread's (slf4j's mapped diagnostic context), so whoever opens this closes it on the
 * same thread, around no more than the line itself:
 *
 * <pre>{@code
 * try (LogFields fields = LogFields.of(alert)) {
 *     LOG.info("Alert {} of {} fires", name, model);
 * }
 * }</pre>
 *
 * <p>Names and times only: no address, no message, nothing that could be a secret.
 */
public final class LogFields implements AutoCloseable {
    public static final String MODEL = "model";
    public static final String VERSION = "model_version";
    public static final String FEATURE = "feature";

    /** Begin and end, as in {@code 2024-03-01T00:00:00Z/2024-03-01T01:00:00Z}. */
    public static final String WINDOW = "window";

    /** Of an alert; several of a notification, separated by commas. */
    public static final String FINGERPRINT = "fingerprint";

    public static final String ALERT = "alert";
    public static final String STATE = "state";
    public static final String SEVERITY = "severity";
    public static final String NOTIFICATION = "notification";
    public static final String RECEIVER = "receiver";
    public static final String ENDPOINT = "endpoint";

    private static final int MOST_FINGERPRINTS = 20;

    private final Map<String, String> before = new HashMap<>();

    private LogFields() {}

    /** Opens fields that are none yet. */
    public static LogFields open() {
        return new LogFields();
    }

    /** Opens the fields of a change of an alert. */
    public static LogFields of(Alert alert) {
        Score score = alert.getScore();
        return open().with(MODEL, score.getModel())
                .with(VERSION, score.getModelVersion())
                .with(FEATURE, score.getFeature())
                .with(WINDOW, score.getWindowStart() + "/" + score.getWindowEnd())
                .with(FINGERPRINT, alert.getFingerprint())
                .with(ALERT, alert.getLabels().get("alertname"))
                .with(SEVERITY, alert.getLabels().get("severity"))
                .with(STATE, alert.getState().name());
    }

    /** Opens the fields of a notification to an endpoint. */
    public static LogFields of(Notification notification, String receiver, String endpoint) {
        List<Alert> alerts = notification.getAlerts();
        List<String> models =
                alerts.stream().map(alert -> alert.getScore().getModel()).distinct().toList();
        return open().with(NOTIFICATION, notification.getId())
                .with(RECEIVER, receiver)
                .with(ENDPOINT, endpoint)
                .with(MODEL, models.size() == 1 ? models.get(0) : null)
                .with(
                        FINGERPRINT,
                        alerts.stream()
                                .map(Alert::getFingerprint)
                                .limit(MOST_FINGERPRINTS)
                                .collect(Collectors.joining(",")));
    }

    /**
     * Adds a field.
     *
     * @param valueOrNull null adds none
     */
    public LogFields with(String field, String valueOrNull) {
        if (valueOrNull != null && !valueOrNull.isEmpty()) {
            before.putIfAbsent(field, MDC.get(field));
            MDC.put(field, valueOrNull);
        }
        return this;
    }

    /** Leaves the thread as it was before. */
    @Override
    public void close() {
        before.forEach(
                (field, value) -> {
                    if (value == null) {
                        MDC.remove(field);
                    } else {
                        MDC.put(field, value);
                    }
                });
    }
}
