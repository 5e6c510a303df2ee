package io.driftwatch.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.driftwatch.job.RecordCounts;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import io.driftwatch.schemas.RetrainRequest;
import io.driftwatch.schemas.Score;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.core.execution.JobClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both jobs, a real broker, a webhook: three partitions of which one is idle, two subtasks. */
class DriftPipelineIT {
    private static final int WINDOWS = 20;
    private static final int FIRST_DRIFTED = 8;
    private static final int LAST_DRIFTED = 12;
    private static final int ROWS = 300;

    private static final String CONFIG =
            """
            kafka: {bootstrap_servers: "${servers}"}
            models:
              - name: basket-value
                profile: basket-value.avro
                streams:
                  - {role: inference, topic: baskets, format: json, event_time: at,
                     out_of_orderness: 1s, idle_after: 5s}
                window: {size: 1m, lateness: 2m, min_count: 50}
                features:
                  amount: {type: numeric, path: /basket/amount}
                  country: {type: categorical}
                statistics: [psi, ks, chi2, mean, missing_rate]
            rules:
              - alert: AmountDrift
                statistic: psi
                above: 0.2
                significance: 0.001
                features: amount
                for: 2
                retrain: true
            route: {receiver: team, group_by: [model], group_wait: 1s, group_interval: 1s}
            delivery: {allow: [127.0.0.1]}
            receivers:
              - name: team
                webhook: [{url: "${hook}", format: json}]
            retrain: {enabled: true, dry_run: false}
            """;

    @TempDir Path folder;

    @Test
    void everyWindowEqualsAnIndependentCountAndEachEpisodeIsToldOnce() throws Exception {
        Truth truth = new Truth(7);
        try (RecordingReceiver hook = new RecordingReceiver();
                Installation installed =
                        new Installation(folder, CONFIG.replace("${hook}", hook.url()), 3)) {
            JobClient monitor = installed.monitor(2, null, installed.kafka());
            JobClient notifier = installed.notifier();
            long sent = sendInOrder(installed, truth, 0, LAST_DRIFTED + 1);
            // What is resolved before its group has spoken is never told.
            try (TopicReader<Delivery> deliveries = deliveries(installed)) {
                deliveries.until(d -> d.size() == 1);
            }
            sent += sendInOrder(installed, truth, LAST_DRIFTED + 1, WINDOWS);
            try (TopicReader<Score> scores = installed.scores()) {
                scores.until(s -> hasWindow(s, WINDOWS - 2));
            }
            long late = sendLateAndBad(installed, truth);
            int bad = 4;
            installed.flush();
            try (TopicReader<DeadLetter> letters =
                    installed.reader(installed.config().topics().deadLetters(), DeadLetter.class)) {
                letters.until(l -> l.size() == bad);
            }
            try (TopicReader<DeadLetter> letters =
                    installed.reader(installed.config().topics().late(), DeadLetter.class)) {
                letters.until(l -> l.size() == late);
            }
            installed.stop(monitor, true);

            assertThat(Installation.in(monitor)).isEqualTo(sent + 1 + late + bad);
            assertThat(Installation.count(monitor, RecordCounts.TALLIED)).isEqualTo(sent + 1);
            assertThat(Installation.count(monitor, RecordCounts.LATE)).isEqualTo(late);
            assertThat(Installation.count(monitor, RecordCounts.DEAD_LETTERED)).isEqualTo(bad);
            checkWindows(installed, truth);
            checkLetters(installed);
            checkAlertsAndDeliveries(installed, hook);
            notifier.cancel().get();
        }
    }

    /** Two of the three partitions get records; the third stays empty. */
    private static long sendInOrder(Installation installed, Truth truth, int from, int to)
            throws Exception {
        long sent = 0;
        for (int window = from; window < to; window++) {
            boolean drifted = window >= FIRST_DRIFTED && window <= LAST_DRIFTED;
            for (long time : truth.timesIn(window, ROWS)) {
                installed.send((int) (sent % 2), truth.record(time, drifted ? 2 : 0));
                sent++;
            }
        }
        installed.flush();
        return sent;
    }

    /** One record within the lateness, two far beyond it, and four that cannot be decoded. */
    private static long sendLateAndBad(Installation installed, Truth truth) throws Exception {
        installed.send(0, truth.record((WINDOWS - 2) * Truth.WINDOW_MILLIS, 0));
        installed.send(0, truth.uncounted(3 * Truth.WINDOW_MILLIS));
        installed.send(1, truth.uncounted(4 * Truth.WINDOW_MILLIS));
        installed.send(0, "{\"at\":\"2024-03-01T00:19:30Z\",\"basket\":{\"amount\":\"much\"}}");
        installed.send(1, "not json");
        installed.send(0, null);
        installed.send(1, "{\"at\":12,\"basket\":{\"amount\":1}}");
        return 2;
    }

    private static TopicReader<Delivery> deliveries(Installation installed) {
        return installed.reader(installed.config().topics().deliveries(), Delivery.class);
    }

    private static boolean hasWindow(List<Score> scores, int window) {
        return scores.stream().anyMatch(s -> s.getWindowStart().equals(Truth.window(window)));
    }

    private static void checkWindows(Installation installed, Truth truth) {
        List<Score> all;
        try (TopicReader<Score> scores = installed.scores()) {
            all = scores.all();
        }
        for (String feature : List.of("amount", "country")) {
            Map<Instant, Long> counted =
                    last(all, feature, "missing_rate").entrySet().stream()
                            .collect(
                                    Collectors.toMap(
                                            Map.Entry::getKey,
                                            e -> e.getValue().getCount(),
                                            (a, b) -> b,
                                            TreeMap::new));
            assertThat(counted).as("rows of %s by window", feature).isEqualTo(truth.rows());
        }
        last(all, "amount", "mean")
                .forEach(
                        (window, score) ->
                                assertThat(score.getValue())
                                        .isCloseTo(
                                                truth.mean(window),
                                                org.assertj.core.data.Offset.offset(1e-12)));
        Score revised = last(all, "amount", "mean").get(Truth.window(WINDOWS - 2));
        assertThat(revised.getRevision()).as("a late record makes a revision").isEqualTo(1);
    }

    /** The last revision of each window. */
    private static Map<Instant, Score> last(List<Score> all, String feature, String statistic) {
        return all.stream()
                .filter(s -> s.getFeature().equals(feature))
                .filter(s -> s.getStatistic().equals(statistic))
                .sorted(Comparator.comparingInt(Score::getRevision))
                .collect(Collectors.toMap(Score::getWindowStart, s -> s, (a, b) -> b));
    }

    private static void checkLetters(Installation installed) {
        try (TopicReader<DeadLetter> letters =
                installed.reader(installed.config().topics().deadLetters(), DeadLetter.class)) {
            assertThat(letters.all())
                    .extracting(DeadLetter::getReason)
                    .containsExactlyInAnyOrder(
                            "wrong_type", "malformed", "empty_payload", "implausible_event_time");
            assertThat(letters.all())
                    .allSatisfy(
                            letter -> {
                                assertThat(letter.getTopic()).isEqualTo(Installation.INPUT);
                                assertThat(letter.getPartition()).isIn(0, 1);
                                assertThat(letter.getOffset()).isNotNegative();
                            });
        }
    }

    private static void checkAlertsAndDeliveries(Installation installed, RecordingReceiver hook)
            throws Exception {
        try (TopicReader<Alert> alerts =
                        installed.reader(installed.config().topics().alerts(), Alert.class);
                TopicReader<Delivery> deliveries = deliveries(installed);
                TopicReader<RetrainRequest> requests =
                        installed.reader(
                                installed.config().topics().retrainRequests(),
                                RetrainRequest.class)) {
            assertThat(alerts.all())
                    .extracting(Alert::getState)
                    .containsExactly(AlertState.pending, AlertState.firing, AlertState.resolved);
            assertThat(alerts.all().get(1).getScore().getWindowStart())
                    .isEqualTo(Truth.window(FIRST_DRIFTED + 1));
            assertThat(deliveries.until(d -> d.size() >= 2))
                    .hasSize(2)
                    .allMatch(d -> d.getOutcome() == DeliveryOutcome.delivered);
            assertThat(requests.until(r -> !r.isEmpty()))
                    .singleElement()
                    .satisfies(r -> assertThat(r.getModel()).isEqualTo("basket-value"));
        }
        List<String> told = new ArrayList<>();
        for (JsonNode body : hook.bodies()) {
            for (JsonNode alert : body.get("alerts")) {
                told.add(alert.get("state").asText() + " " + alert.get("episode").asLong());
            }
        }
        assertThat(told).containsExactly("firing 1", "resolved 1");
    }
}
