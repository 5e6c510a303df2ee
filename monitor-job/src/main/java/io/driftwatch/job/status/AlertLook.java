package io.driftwatch.job.status;

import io.driftwatch.alerts.route.Silences;
import io.driftwatch.job.config.KafkaConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.kafka.TopicRecords;
import io.driftwatch.job.source.ControlTopic;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Silence;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What fires, and what is silenced. */
final class AlertLook {
    private final MonitorConfig config;
    private final Clock clock;

    AlertLook(MonitorConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    List<Status.Firing> alerts() throws IOException {
        Map<String, Alert> last = new LinkedHashMap<>();
        for (Alert alert :
                new TopicRecords<>(config.kafka(), config.topics().alerts(), "", Alert.class)
                        .all()) {
            last.merge(
                    alert.getFingerprint(),
                    alert,
                    (a, b) -> b.getSequence() >= a.getSequence() ? b : a);
        }
        return last.values().stream()
                .filter(alert -> alert.getState() == AlertState.firing)
                .sorted(Comparator.comparing(Alert::getStartsAt))
                .map(AlertLook::firing)
                .toList();
    }

    private static Status.Firing firing(Alert alert) {
        Map<String, String> labels = alert.getLabels();
        return new Status.Firing(
                alert.getFingerprint(),
                labels.getOrDefault("alertname", ""),
                labels.getOrDefault("severity", ""),
                alert.getScore().getModel(),
                alert.getScore().getModelVersion(),
                alert.getScore().getFeature(),
                alert.getStartsAt().toString(),
                alert.getAnnotations().getOrDefault("summary", alert.getReason()));
    }

    List<Status.Quiet> silences() throws IOException {
        Instant now = clock.instant();
        KafkaConfig kafka = config.kafka();
        return new TopicRecords<>(
                        kafka, config.topics().control(), ControlTopic.SILENCE, Silence.class)
                .latest().stream()
                        .filter(each -> Silences.phase(each, now) == Silences.Phase.ACTIVE)
                        .map(
                                each ->
                                        new Status.Quiet(
                                                each.getId(),
                                                each.getEndsAt().toString(),
                                                each.getCreatedBy(),
                                                List.copyOf(each.getMatchers()),
                                                each.getComment()))
                        .toList();
    }
}
