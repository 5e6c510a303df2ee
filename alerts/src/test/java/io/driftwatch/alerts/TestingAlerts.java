package io.driftwatch.alerts;

import io.driftwatch.alerts.rule.Fingerprint;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.Direction;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.NotificationChange;
import io.driftwatch.schemas.NotificationStatus;
import io.driftwatch.schemas.Score;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Alerts and notifications to send. */
public final class TestingAlerts {
    static {
        ClassTrust.ensure();
    }

    private TestingAlerts() {}

    public static Alert firing(String feature, long episode, long sequence) {
        return alert(feature, "warning", AlertState.firing, episode, sequence, 0.31);
    }

    public static Alert resolved(String feature, long episode, long sequence) {
        return alert(feature, "warning", AlertState.resolved, episode, sequence, 0.05);
    }

    public static Alert alert(
            String feature,
            String severity,
            AlertState state,
            long episode,
            long sequence,
            double value) {
        Score score =
                Score.newBuilder(TestingScores.score(14, value))
                        .setFeature(feature)
                        .setPValue(1e-13)
                        .build();
        Map<String, String> labels = new TreeMap<>();
        labels.put("alertname", "FeatureDrift");
        labels.put("severity", severity);
        labels.put("model", "flight-delay");
        labels.put("model_version", "default");
        labels.put("feature", feature);
        labels.put("statistic", "psi");
        return Alert.newBuilder()
                .setFingerprint(Fingerprint.of(labels))
                .setEpisode(episode)
                .setSequence(sequence)
                .setState(state)
                .setLabels(labels)
                .setAnnotations(Map.of("summary", feature + " of flight-delay: psi " + value))
                .setScore(score)
                .setThreshold(0.2)
                .setDirection(Direction.above)
                .setStartsAt(TestingScores.windowEnd(13))
                .setEndsAt(state == AlertState.resolved ? TestingScores.windowEnd(14) : null)
                .setReason("because")
                .build();
    }

    public static Notification notification(String receiver, List<Alert> alerts) {
        boolean fires = alerts.stream().anyMatch(a -> a.getState() == AlertState.firing);
        return Notification.newBuilder()
                .setId("4f2d6c1b9a3e8d70")
                .setReceiver(receiver)
                .setGroupKey("{}:{model=\"flight-delay\"}")
                .setGroupLabels(Map.of("model", "flight-delay"))
                .setStatus(fires ? NotificationStatus.firing : NotificationStatus.resolved)
                .setChange(fires ? NotificationChange.firing : NotificationChange.resolved)
                .setAlerts(alerts)
                .setCreatedAt(Instant.parse("2001-06-16T00:00:30Z"))
                .build();
    }
}
