package io.driftwatch.job.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.job.it.MoodyReceiver.Mood;
import io.driftwatch.job.kafka.TopicRecords;
import io.driftwatch.job.metrics.FlinkMetric;
import io.driftwatch.job.metrics.JobMetric;
import io.driftwatch.job.metrics.PrometheusScrape;
import io.driftwatch.job.source.ControlTopic;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.RetrainStatusChange;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import io.driftwatch.schemas.Silence;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.core.execution.JobClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Both jobs with Flink's Prometheus reporter: what is scraped is held against the topics. */
class MetricsIT {
    private static final String MODEL = "basket-value";
    private static final int WINDOWS = 8;
    private static final int FIRST_DRIFTED = 4;
    private static final int ROWS = 200;
    private static final int SERIES_LIMIT = 12;

    private static final String CONFIG =
            """
            kafka: {bootstrap_servers: "${servers}"}
            models:
              - name: basket-value
                profile: basket-value.avro
                version: {path: version}
                streams:
                  - {role: inference, topic: baskets, format: json, event_time: at,
                     out_of_orderness: 1s, idle_after: 5s}
                window: {size: 1m, lateness: 2m, min_count: 50}
                segments: [country]
                features:
                  amount: {type: numeric, path: /basket/amount}
                  country: {type: categorical}
                statistics: [psi, ks, chi2, mean, missing_rate]
            rules:
              - {alert: AmountDrift, statistic: psi, above: 0.2, features: amount, severity: critical,
                 retrain: true}
              - {alert: Rising, statistic: psi, above: 0.2, features: amount, for: 50}
            route: {receiver: team, group_by: [model], group_wait: 1s, group_interval: 1s}
            delivery: {allow: [127.0.0.1]}
            receivers:
              - {name: team, webhook: [{url: "${well}", format: json}, {url: "${fails}", format: json}]}
            retrain: {enabled: true, dry_run: false, approval: manual}
            metrics: {max_series: 12, segments: true}
            """;

    private static final RetryPolicy PATIENT =
            new RetryPolicy(
                    Collections.nCopies(400, Duration.ofMillis(200)),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(1));

    @TempDir Path folder;

    @Test
    @Timeout(300)
    void whatIsScrapedIsWhatHappenedBeforeAndAfterARestart() throws Exception {
        Scraper prometheus = new Scraper();
        try (MoodyReceiver receiver = new MoodyReceiver();
                Installation installed =
                        new Installation(
                                folder,
                                CONFIG.replace("${well}", receiver.url("well"))
                                                .replace("${fails}", receiver.url("fails"))
                                        + prometheus.config(),
                                2)) {
            receiver.set("fails", Mood.FAILS);
            JobClient monitor = installed.liveMonitor(2, null);
            JobClient notifier = installed.liveNotifier(PATIENT, null);
            Truth truth = new Truth(11);
            int sent = send(installed, truth);

            PrometheusScrape scraped =
                    prometheus.until(
                            s ->
                                    s.sum(JobMetric.RECORDS_IN, MODEL) == sent
                                            && s.sum(JobMetric.WINDOWS, MODEL, "default")
                                                    == WINDOWS - 1
                                            && s.sum(JobMetric.OUTBOX, "team", "webhook[1]") > 0
                                            && s.sum(
                                                            JobMetric.NOTIFICATIONS,
                                                            "team",
                                                            "webhook[0]",
                                                            "delivered")
                                                    > 0
                                            && s.sum(
                                                            JobMetric.RETRAIN_REQUESTS,
                                                            MODEL,
                                                            "awaiting_approval")
                                                    > 0
                                            && s.sum(JobMetric.ENDPOINT_DOWN, "team", "webhook[1]")
                                                    == 1);
            checkRecords(scraped);
            checkScores(installed, scraped);
            checkAlerts(installed, scraped);
            checkNotifications(installed, scraped);
            checkNames(scraped);

            addSilence(installed);
            prometheus.until(s -> s.sum(JobMetric.SILENCES, "active") == 1);

            String savepoint = installed.stop(monitor, false);
            notifier.cancel().get();
            String checkpoint = installed.lastCheckpoint(notifier).toUri().toString();
            prometheus.until(s -> s.samples().isEmpty());

            monitor = installed.liveMonitor(1, savepoint);
            notifier = installed.liveNotifier(PATIENT, checkpoint);
            PrometheusScrape again =
                    prometheus.until(
                            s ->
                                    !s.of(JobMetric.ALERTS).isEmpty()
                                            && !s.of(JobMetric.SILENCES).isEmpty()
                                            && s.sum(JobMetric.OUTBOX, "team", "webhook[1]") > 0);
            for (JobMetric kept :
                    List.of(
                            JobMetric.DRIFT_SCORE,
                            JobMetric.DRIFT_CRITICAL_VALUE,
                            JobMetric.WINDOW_END,
                            JobMetric.WINDOW_SAMPLES,
                            JobMetric.WINDOWS,
                            JobMetric.SCORE_SERIES,
                            JobMetric.ALERTS,
                            JobMetric.RETRAIN_REQUESTS)) {
                assertThat(again.sums(kept)).as(kept.shortName()).isEqualTo(scraped.sums(kept));
            }
            assertThat(again.sum(JobMetric.SILENCES, "active")).isEqualTo(1);
            assertThat(again.sum(JobMetric.RECORDS_IN, MODEL)).isZero();

            receiver.set("fails", Mood.WELL);
            prometheus.until(
                    s ->
                            s.sum(JobMetric.OUTBOX, "team", "webhook[1]") == 0
                                    && s.sum(JobMetric.OUTBOX_AGE, "team", "webhook[1]") == 0
                                    && s.sum(JobMetric.ENDPOINT_DOWN, "team", "webhook[1]") == 0);
            monitor.cancel().get();
            notifier.cancel().get();
        }
    }

    /** Two in the last open window; four that cannot be read, two too late, three of no version. */
    private static int send(Installation installed, Truth truth) throws Exception {
        int sent = 0;
        for (int window = 0; window < WINDOWS - 1; window++) {
            for (long time : truth.timesIn(window, ROWS)) {
                installed.send(sent % 2, truth.record(time, window >= FIRST_DRIFTED ? 2 : 0));
                sent++;
            }
        }
        for (int i = 0; i < 3; i++) {
            String record = truth.uncounted((WINDOWS - 2) * Truth.WINDOW_MILLIS);
            installed.send(0, record.replaceFirst("\\{", "{\"version\":\"made-up\","));
        }
        for (int partition = 0; partition < 2; partition++) {
            installed.send(partition, truth.record((WINDOWS - 1) * Truth.WINDOW_MILLIS + 9000, 0));
        }
        installed.flush();
        try (TopicReader<Score> scores = installed.scores()) {
            scores.until(
                    all ->
                            all.stream()
                                    .anyMatch(
                                            s ->
                                                    s.getWindowStart()
                                                            .equals(Truth.window(WINDOWS - 2))));
        }
        installed.send(0, "{\"at\":\"2024-03-01T00:05:30Z\",\"basket\":{\"amount\":\"much\"}}");
        installed.send(1, "not json");
        installed.send(0, null);
        installed.send(1, "{\"at\":12,\"basket\":{\"amount\":1}}");
        installed.send(0, truth.uncounted(Truth.WINDOW_MILLIS));
        installed.send(1, truth.uncounted(2 * Truth.WINDOW_MILLIS));
        installed.flush();
        try (TopicReader<DeadLetter> letters =
                installed.reader(installed.config().topics().deadLetters(), DeadLetter.class)) {
            letters.until(all -> all.size() == 4);
        }
        return sent + 3 + 2 + 4 + 2;
    }

    private static void checkRecords(PrometheusScrape scraped) {
        double tallied = (WINDOWS - 1) * ROWS + 3 + 2;
        assertThat(scraped.sums(JobMetric.RECORDS))
                .containsOnly(
                        Map.entry(List.of(MODEL, "tallied"), tallied),
                        Map.entry(List.of(MODEL, "late"), 2.0),
                        Map.entry(List.of(MODEL, "dead_lettered"), 4.0));
        assertThat(scraped.sum(JobMetric.RECORDS_UNKNOWN_VERSION, MODEL)).isEqualTo(3);
        assertThat(scraped.sum(JobMetric.RECORDS_REFUSED, MODEL)).isZero();
        Map<List<String>, Double> rejected =
                new HashMap<>(scraped.sums(JobMetric.RECORDS_REJECTED));
        rejected.values().removeIf(count -> count == 0);
        assertThat(rejected)
                .containsOnly(
                        Map.entry(List.of(MODEL, "wrong_type"), 1.0),
                        Map.entry(List.of(MODEL, "malformed"), 1.0),
                        Map.entry(List.of(MODEL, "empty_payload"), 1.0),
                        Map.entry(List.of(MODEL, "implausible_event_time"), 1.0),
                        Map.entry(List.of(MODEL, "late"), 2.0));
    }

    private static void checkScores(Installation installed, PrometheusScrape scraped) {
        List<Score> scores;
        try (TopicReader<Score> topic = installed.scores()) {
            scores = topic.all();
        }
        Map<List<String>, Double> byStatus = new HashMap<>();
        Arrays.stream(ScoreStatus.values())
                .forEach(status -> byStatus.put(List.of(MODEL, status.name()), 0.0));
        scores.forEach(s -> byStatus.merge(List.of(MODEL, s.getStatus().name()), 1.0, Double::sum));
        assertThat(scraped.sums(JobMetric.SCORES)).isEqualTo(byStatus);

        Instant newest = Truth.window(WINDOWS - 1);
        assertThat(scraped.sums(JobMetric.WINDOW_END))
                .containsExactly(
                        Map.entry(List.of(MODEL, "default"), newest.toEpochMilli() / 1000.0));
        assertThat(scraped.sum(JobMetric.WINDOW_SAMPLES, MODEL, "default")).isEqualTo(ROWS);
        assertThat(scraped.sum(JobMetric.WINDOW_INTERVAL, MODEL)).isEqualTo(60);

        Map<List<String>, Score> expected =
                scores.stream()
                        .filter(s -> s.getWindowEnd().equals(newest))
                        .filter(s -> !s.getFeature().equals("*"))
                        .collect(Collectors.toMap(MetricsIT::labels, s -> s));
        Map<List<String>, Double> shown = scraped.sums(JobMetric.DRIFT_SCORE);
        assertThat(shown).hasSize(SERIES_LIMIT);
        assertThat(expected).hasSizeGreaterThan(SERIES_LIMIT);
        shown.forEach(
                (labels, value) ->
                        assertThat(value)
                                .as(labels.toString())
                                .isCloseTo(expected.get(labels).getValue(), within(1e-12)));
        scraped.sums(JobMetric.DRIFT_CRITICAL_VALUE)
                .forEach(
                        (labels, value) -> {
                            Double critical = expected.get(labels).getCriticalValue();
                            assertThat(value)
                                    .isEqualTo(
                                            Double.valueOf(
                                                    critical == null ? Double.NaN : critical));
                        });
        assertThat(expected.keySet().stream().filter(labels -> labels.get(2).isEmpty()))
                .as("those of the whole model come first")
                .allSatisfy(labels -> assertThat(shown).containsKey(labels));
        assertThat(scraped.sum(JobMetric.SCORE_SERIES, MODEL)).isEqualTo(SERIES_LIMIT);
        assertThat(scraped.sum(JobMetric.SCORES_NOT_EXPORTED, MODEL)).isPositive();
    }

    private static List<String> labels(Score score) {
        String segment =
                score.getSegment().entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .findFirst()
                        .orElse("");
        return List.of(
                score.getModel(),
                score.getModelVersion(),
                segment,
                score.getFeature(),
                score.getStatistic());
    }

    private static void checkAlerts(Installation installed, PrometheusScrape scraped) {
        List<Alert> changes;
        try (TopicReader<Alert> topic =
                installed.reader(installed.config().topics().alerts(), Alert.class)) {
            changes = topic.all();
        }
        Map<List<String>, Double> transitions = new HashMap<>();
        Map<String, Alert> last = new HashMap<>();
        for (Alert each : changes) {
            transitions.merge(place(each), 1.0, Double::sum);
            last.merge(
                    each.getFingerprint(),
                    each,
                    (a, b) -> a.getSequence() > b.getSequence() ? a : b);
        }
        Map<List<String>, Double> present =
                last.values().stream()
                        .filter(alert -> alert.getState() != AlertState.resolved)
                        .collect(Collectors.toMap(MetricsIT::place, a -> 1.0, Double::sum));
        assertThat(present)
                .containsKeys(
                        List.of(MODEL, "critical", "firing"), List.of(MODEL, "warning", "pending"));
        assertThat(nonZero(scraped.sums(JobMetric.ALERTS))).isEqualTo(present);
        assertThat(nonZero(scraped.sums(JobMetric.ALERT_TRANSITIONS))).isEqualTo(transitions);
    }

    private static List<String> place(Alert alert) {
        return List.of(
                alert.getScore().getModel(),
                alert.getLabels().get("severity"),
                alert.getState().name());
    }

    private static Map<List<String>, Double> nonZero(Map<List<String>, Double> sums) {
        Map<List<String>, Double> left = new HashMap<>(sums);
        left.values().removeIf(value -> value == 0);
        return left;
    }

    private static void checkNotifications(Installation installed, PrometheusScrape scraped)
            throws Exception {
        List<Delivery> deliveries;
        try (TopicReader<Delivery> topic =
                installed.reader(installed.config().topics().deliveries(), Delivery.class)) {
            deliveries = topic.until(all -> !all.isEmpty());
        }
        assertThat(scraped.sum(JobMetric.NOTIFICATIONS, "team", "webhook[0]", "delivered"))
                .isEqualTo(deliveries.size());
        assertThat(nonZero(scraped.sums(JobMetric.NOTIFICATIONS))).hasSize(1);
        assertThat(scraped.sum(JobMetric.ATTEMPTS_FAILED, "team", "webhook[1]", "server_error"))
                .isGreaterThanOrEqualTo(3);
        assertThat(nonZero(scraped.sums(JobMetric.ATTEMPTS_FAILED))).hasSize(1);
        assertThat(scraped.sum(JobMetric.OUTBOX, "team", "webhook[0]")).isZero();
        assertThat(scraped.sum(JobMetric.OUTBOX_AGE, "team", "webhook[1]")).isBetween(0.001, 300.0);
        List<PrometheusScrape.Sample> latency =
                scraped.samples().stream()
                        .filter(
                                s ->
                                        s.name()
                                                .equals(
                                                        JobMetric.NOTIFICATION_LATENCY
                                                                .prometheusName()))
                        .filter(s -> "webhook[0]".equals(s.labels().get("endpoint")))
                        .filter(s -> "0.99".equals(s.labels().get("quantile")))
                        .toList();
        assertThat(latency).hasSize(1);
        assertThat(latency.get(0).value()).as("in seconds").isBetween(0.0005, 60.0);
        try (TopicReader<RetrainStatusChange> topic =
                installed.reader(
                        installed.config().topics().retrainStatus(), RetrainStatusChange.class)) {
            Map<List<String>, Double> changes =
                    topic.all().stream()
                            .collect(
                                    Collectors.toMap(
                                            c -> List.of(c.getModel(), c.getStatus()),
                                            c -> 1.0,
                                            Double::sum));
            assertThat(nonZero(scraped.sums(JobMetric.RETRAIN_CHANGES))).isEqualTo(changes);
        }
    }

    /** Every metric of the list is there, and none that the list does not have. */
    private static void checkNames(PrometheusScrape scraped) {
        List<String> known =
                Arrays.stream(JobMetric.values())
                        .flatMap(
                                metric ->
                                        metric.kind() == JobMetric.Kind.SUMMARY
                                                ? List.of(
                                                        metric.prometheusName(),
                                                        metric.prometheusName() + "_count")
                                                        .stream()
                                                : List.of(metric.prometheusName()).stream())
                        .toList();
        assertThat(scraped.names().stream().filter(name -> name.contains("driftwatch")))
                .containsExactlyInAnyOrderElementsOf(known);
        assertThat(scraped.names())
                .containsAll(
                        Arrays.stream(FlinkMetric.values())
                                .map(FlinkMetric::prometheusName)
                                .toList());
    }

    private static void addSilence(Installation installed) throws Exception {
        Instant now = Instant.now();
        Silence silence =
                io.driftwatch.alerts.route.Silences.create(
                        List.of("feature=\"nothing\""),
                        now.minusSeconds(1),
                        now.plusSeconds(3600),
                        "ada",
                        "a test",
                        now);
        new TopicRecords<>(
                        installed.config().kafka(),
                        installed.config().topics().control(),
                        ControlTopic.SILENCE,
                        Silence.class)
                .write(Map.of(silence.getId(), silence));
    }
}
