package io.driftwatch.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.job.cli.CommandLineRun;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.Score;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.execution.JobClient;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A model that is added while jobs run, step by step as the documentation says. */
@Timeout(400)
class NewModelIT {
    private static final int DRIFTED = 1;
    private static final int WINDOWS = 3;
    private static final int ROWS = 300;

    /** Three clusters in one process, and messages that wait for a checkpoint of one of them. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final String CONFIG =
            """
            kafka: {bootstrap_servers: "${servers}"}
            models:
              - name: basket-value
                profile: basket-value.avro
                streams: [{role: inference, topic: baskets, format: json, event_time: at,
                           out_of_orderness: 1s}]
                window: {size: 1m, min_count: 50}
                features: {amount: {type: numeric, path: /basket/amount}}
                statistics: [psi]
            rules:
              - {alert: Drift, statistic: psi, above: 0.5, features: amount}
            route: {receiver: team, group_wait: 0s, group_interval: 1s}
            receivers:
              - {name: team, webhook: [{url: "${team}", format: json}]}
            delivery: {allow: [127.0.0.1]}
            """;

    @TempDir Path folder;

    @Test
    void aNewModelIsWatchedByAJobBesideTheOneThatGoesOn() throws Exception {
        Truth old = new Truth(5);
        Truth young = new Truth(6);
        try (MoodyReceiver team = new MoodyReceiver();
                Installation installed =
                        new Installation(folder, CONFIG.replace("${team}", team.url("team")), 1)) {
            JobClient monitor = installed.liveMonitor(1, null);
            JobClient notifier = installed.liveNotifier(RetryPolicy.standard(), null);
            sendWindow(installed, "baskets", old, 0, 0);
            awaitCounts(installed, "basket-value", old, 1);

            Path file = folder.resolve("driftwatch.yaml");
            String first = Files.readString(file);
            int begin = first.indexOf("  - name");
            int end = first.indexOf("rules:");
            String second =
                    first.substring(begin, end)
                            .replace("basket-value", "basket-return")
                            .replace("baskets", "returns");
            Files.writeString(file, first.substring(0, end) + second + first.substring(end));
            Path rows = Files.writeString(folder.resolve("rows.csv"), Truth.reference(5_000));
            run("profile", "-c", file, "--model", "basket-return", "--input", "inference=" + rows);
            run("topics", "create", "--inputs", "-c", file);
            assertThat(run("apply", "-c", file))
                    .contains(
                            "in force in monitor",
                            "in force in notify",
                            "note: model basket-return is new",
                            "driftwatch monitor --model basket-return");

            try (CommandLineJob beside =
                    CommandLineJob.start("monitor", file, "--model", "basket-return")) {
                beside.awaitCheckpoint();
                for (int window = 0; window < WINDOWS; window++) {
                    sendWindow(installed, "baskets", old, window + 1, 0);
                    sendWindow(installed, "returns", young, window, window == DRIFTED ? 2 : 0);
                    if (window == DRIFTED) {
                        // An alert that is over before it is told is never told.
                        team.await(
                                () ->
                                        team.requests().stream()
                                                .anyMatch(
                                                        each ->
                                                                each.body()
                                                                        .contains("basket-return")),
                                PATIENCE);
                    }
                }

                awaitCounts(installed, "basket-value", old, WINDOWS + 1);
                awaitCounts(installed, "basket-return", young, WINDOWS);
                try (TopicReader<Alert> alerts =
                        installed.reader(installed.config().topics().alerts(), Alert.class)) {
                    assertThat(alerts.all())
                            .extracting(alert -> alert.getLabels().get("model"))
                            .as("alerts of the rule that both models share")
                            .containsOnly("basket-return");
                }
                checkStatus(file);
                assertThat(monitor.getJobStatus().get().isTerminalState()).isFalse();
            }
            monitor.cancel().get();
            notifier.cancel().get();
        }
    }

    private static void checkStatus(Path file) throws Exception {
        String status = CommandLineRun.of("status", "-c", file, "--output", "json").out();
        JsonNode configuration = new ObjectMapper().readTree(status).path("configuration");
        assertThat(configuration.path("version").asLong()).isEqualTo(2);
        assertThat(configuration.path("answers"))
                .extracting(answer -> answer.path("job").asText())
                .containsExactly("monitor", "monitor", "notify");
        assertThat(configuration.path("answers"))
                .allMatch(answer -> answer.path("accepted").asBoolean());
        assertThat(CommandLineRun.of("status", "-c", file).out())
                .containsPattern("(?m)^ +2 .* monitor 2, notify 1 +-$");
    }

    private static String run(Object... line) {
        CommandLineRun run = CommandLineRun.of(line);
        assertThat(run.code()).as(run.err()).isZero();
        return run.out();
    }

    private static void sendWindow(
            Installation installed, String topic, Truth truth, int window, double shift) {
        Map<String, Object> kafka =
                Map.of("bootstrap.servers", installed.config().kafka().bootstrapServers());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long time : truth.timesIn(window, ROWS)) {
                send(producer, topic, truth.record(time, shift));
            }
            long after = (window + 1) * Truth.WINDOW_MILLIS + 2000;
            send(producer, topic, truth.record(after, 0));
        }
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic, String record) {
        byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
        var unused = producer.send(new ProducerRecord<>(topic, 0, null, bytes));
    }

    /** Waits for the scores of the first windows and holds their counts against our own. */
    private static void awaitCounts(Installation installed, String model, Truth truth, int windows)
            throws Exception {
        Map<Instant, Long> counted = new TreeMap<>();
        try (TopicReader<Score> scores = installed.scores()) {
            scores.until(
                    all -> {
                        counted.clear();
                        all.stream()
                                .filter(score -> score.getModel().equals(model))
                                .forEach(s -> counted.put(s.getWindowStart(), s.getCount()));
                        return counted.size() >= windows;
                    });
        }
        Map<Instant, Long> wanted = new TreeMap<>(truth.rows());
        wanted.keySet().removeIf(start -> !start.isBefore(Truth.window(windows)));
        assertThat(counted).isEqualTo(wanted);
    }
}
