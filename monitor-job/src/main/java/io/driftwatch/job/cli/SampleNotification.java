package io.driftwatch.job.cli;

import io.driftwatch.alerts.rule.Fingerprint;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.BinChange;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.ColumnRole;
import io.driftwatch.schemas.Direction;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.NotificationStatus;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import io.driftwatch.schemas.Shape;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A made-up notification that says of itself that it is one. */
final class SampleNotification {
    private static final String MODEL = "sample-model";
    private static final String FEATURE = "sample_feature";
    private static final double THRESHOLD = 0.2;

    private SampleNotification() {}

    /** Two samples made at different times have different ids. */
    static Notification of(String receiver, boolean resolved, Instant now) {
        ClassTrust.ensure();
        Instant end = now.truncatedTo(ChronoUnit.SECONDS);
        Map<String, String> labels = new TreeMap<>();
        labels.put("alertname", "DriftwatchTest");
        labels.put("severity", "info");
        labels.put("model", MODEL);
        labels.put("model_version", "default");
        labels.put("feature", FEATURE);
        labels.put("statistic", "psi");
        Alert alert =
                Alert.newBuilder()
                        .setFingerprint(Fingerprint.of(labels))
                        .setEpisode(1)
                        .setSequence(resolved ? 2 : 1)
                        .setState(resolved ? AlertState.resolved : AlertState.firing)
                        .setLabels(labels)
                        .setAnnotations(
                                Map.of(
                                        "summary",
                                        "This is a test of Driftwatch, sent by hand. Nothing has"
                                                + " drifted."))
                        .setScore(score(resolved ? 0.02 : 0.31, end))
                        .setThreshold(THRESHOLD)
                        .setDirection(Direction.above)
                        .setStartsAt(end)
                        .setEndsAt(resolved ? end : null)
                        .setReason("driftwatch notify test")
                        .build();
        return Notification.newBuilder()
                .setId(Fingerprint.of(receiver + " " + resolved + " " + now))
                .setReceiver(receiver)
                .setGroupKey("{}:{model=\"" + MODEL + "\"}")
                .setGroupLabels(Map.of("model", MODEL))
                .setStatus(resolved ? NotificationStatus.resolved : NotificationStatus.firing)
                .setAlerts(List.of(alert))
                .setCreatedAt(now.truncatedTo(ChronoUnit.MILLIS))
                .build();
    }

    private static Score score(double value, Instant end) {
        return Score.newBuilder()
                .setModel(MODEL)
                .setModelVersion("default")
                .setSegment(Map.of())
                .setFeature(FEATURE)
                .setStatistic("psi")
                .setValue(value)
                .setLower(value)
                .setUpper(value)
                .setCount(1_000)
                .setReferenceCount(10_000)
                .setWindowStart(end.minus(Duration.ofHours(1)))
                .setWindowEnd(end)
                .setStatus(ScoreStatus.scored)
                .setRevision(0)
                .setRole(ColumnRole.feature)
                .setShape(new Shape("▄▄▄▄▄▄▄▄▄▄", "▂▂▂▂▃▃▃▄▅█"))
                .setMinimumDetectable(0.05)
                .setLargestChange(new BinChange("> 100.0", 0.27, 0.1))
                .build();
    }
}
