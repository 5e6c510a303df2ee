package io.driftwatch.job.demo;

import io.driftwatch.schemas.Alert;
import java.time.Instant;

/**
 * One firing of an alert, from start to end.
 *
 * @param fingerprint identity of the alert
 * @param alert its name
 * @param feature what drifted
 * @param statistic by which statistic
 * @param value the value that made it fire
 * @param firedOn start of the window that made it fire
 * @param resolvedOn start of the window that ended it; null while it fires
 */
record Episode(
        String fingerprint,
        String alert,
        String feature,
        String statistic,
        double value,
        Instant firedOn,
        Instant resolvedOn) {

    static Episode begun(Alert firing) {
        return new Episode(
                firing.getFingerprint(),
                firing.getLabels().get("alertname"),
                firing.getScore().getFeature(),
                firing.getScore().getStatistic(),
                firing.getScore().getValue(),
                firing.getScore().getWindowStart(),
                null);
    }

    Episode ended(Alert resolved) {
        return new Episode(
                fingerprint,
                alert,
                feature,
                statistic,
                value,
                firedOn,
                resolved.getScore().getWindowStart());
    }
}
