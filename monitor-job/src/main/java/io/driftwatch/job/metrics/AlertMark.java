package io.driftwatch.job.metrics;

import io.driftwatch.alerts.rule.Severity;
import io.driftwatch.schemas.Alert;

/** What metrics show of an alert. */
public record AlertMark(
        String fingerprint, long sequence, String model, String severity, String state) {

    /** Takes from a change of an alert what is shown of it. */
    public static AlertMark of(Alert alert) {
        return new AlertMark(
                alert.getFingerprint(),
                alert.getSequence(),
                alert.getScore().getModel(),
                Severity.ofLabel(alert.getLabels().get("severity")).label(),
                alert.getState().name());
    }
}
