package io.driftwatch.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.job.cli.Version;
import io.driftwatch.job.it.MoodyReceiver.Mood;
import io.driftwatch.job.it.MoodyReceiver.Request;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.codec.RecordCodec;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.core.execution.JobClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Jobs of this version go on from the savepoints of every version that is kept among the resources.
 * Each holds a window half counted, an alert that fires, and a notification that an endpoint would
 * not take. A new version's are made by {@code -Ddriftwatch.savepoint.write=true}.
 */
class SavepointRestoreIT {
    private static final Path KEPT = Path.of("src/test/resources/savepoints");
    private static final int PARTITIONS = 3;
    private static final int ROWS = 150;
    private static final int FIRST_DRIFTED = 3;
    private static final int HALF_COUNTED = 6;
    private static final int WINDOWS = 10;
    private static final long SEED = 20240301;
    private static final RetryPolicy PATIENT =
            new RetryPolicy(
                    Collections.nCopies(200, Duration.ofMillis(500)),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(1));

    private static final String CONFIG =
            """
            kafka: {bootstrap_servers: "${servers}"}
            topics: {partitions: 2}
            models:
              - name: basket-value
                profile: basket-value.avro
                streams:
                  - {role: inference, topic: baskets, format: json, event_time: at,
                     out_of_orderness: 1s, idle_after: 10m}
                window: {size: 1m, lateness: 2m, min_count: 20}
                features:
                  amount: {type: numeric, path: /basket/amount}
                  country: {type: categorical}
                statistics: [psi, mean, missing_rate]
            rules:
              - {alert: AmountDrift, statistic: psi, above: 0.5, features: [amount], retrain: true}
            delivery: {allow: [127.0.0.1]}
            receivers:
              - {name: team, webhook: [{url: "${well}", format: json}, {url: "${fails}", format: json}]}
            # Nothing is repeated: a kept savepoint is older with every day.
            route: {receiver: team, group_by: [alertname], group_wait: 50ms, group_interval: 1s,
                    repeat_interval: 36500d}
            retrain: {enabled: true, dry_run: false}
            """;

    @TempDir Path folder;

    static List<Path> versions() throws IOException {
        try (Stream<Path> all = Files.list(KEPT)) {
            return all.filter(Files::isDirectory).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    @Timeout(240)
    void whatAnEarlierVersionHasBegunIsFinished(Path version) throws Exception {
        Truth truth = new Truth(SEED);
        String yaml = Files.readString(version.resolve("driftwatch.yaml"));
        List<Alert> before = alerts(version.resolve("alerts.jsonl"));
        String undelivered = Files.readString(version.resolve("undelivered.txt")).strip();
        try (MoodyReceiver receiver = new MoodyReceiver();
                Installation installed =
                        installation(yaml, receiver, version.resolve("basket-value.avro"))) {
            // The topics as the earlier version left them: its savepoints name offsets.
            firstHalf(installed, truth);
            installed.alert(before);

            JobClient notifier =
                    installed.notifier(PATIENT, version.resolve("notify").toUri().toString());
            receiver.await(() -> ids(receiver, "fails").contains(undelivered));
            assertThat(ids(receiver, "well")).as("what was delivered before").isEmpty();

            JobClient monitor =
                    installed.monitor(
                            1, version.resolve("monitor").toUri().toString(), installed.kafka());
            secondHalf(installed, truth);
            receiver.await(() -> !ids(receiver, "well").isEmpty());
            receiver.await(() -> ids(receiver, "fails").size() == 2);
            installed.stop(monitor, true);
            notifier.cancel().get();

            assertThat(counts(installed)).isEqualTo(notYetScored(truth));
            Alert last = before.get(before.size() - 1);
            try (TopicReader<Alert> alerts =
                    installed.reader(installed.config().topics().alerts(), Alert.class)) {
                List<Alert> after = alerts.all();
                assertThat(after.subList(0, before.size()))
                        .extracting(Alert::getSequence)
                        .isEqualTo(before.stream().map(Alert::getSequence).toList());
                assertThat(after.subList(before.size(), after.size()))
                        .as("the episode goes on, to its end")
                        .singleElement()
                        .satisfies(
                                end -> {
                                    assertThat(end.getState()).isEqualTo(AlertState.resolved);
                                    assertThat(end.getFingerprint())
                                            .isEqualTo(last.getFingerprint());
                                    assertThat(end.getEpisode()).isEqualTo(last.getEpisode());
                                    assertThat(end.getSequence()).isEqualTo(last.getSequence() + 1);
                                });
            }
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "driftwatch.savepoint.write", matches = "true")
    @Timeout(240)
    void writesTheSavepointsOfThisVersion() throws Exception {
        Path version = KEPT.resolve(Version.number().replace("-SNAPSHOT", ""));
        deleteAll(version);
        Files.createDirectories(version);
        try (MoodyReceiver receiver = new MoodyReceiver();
                Installation installed = installation(CONFIG, receiver, null)) {
            receiver.set("fails", Mood.FAILS);
            JobClient monitor = installed.monitor(2, null, installed.kafka());
            JobClient notifier = installed.notifier(PATIENT, null);
            firstHalf(installed, new Truth(SEED));
            awaitWindow(installed, HALF_COUNTED - 1);
            receiver.await(() -> !ids(receiver, "well").isEmpty());
            receiver.await(() -> !ids(receiver, "fails").isEmpty());
            copy(installed.stop(monitor, false), version.resolve("monitor"));
            copy(installed.stop(notifier, false), version.resolve("notify"));

            Files.writeString(version.resolve("driftwatch.yaml"), CONFIG);
            Files.copy(
                    installed.config().models().get(0).profilePath(),
                    version.resolve("basket-value.avro"));
            Files.writeString(version.resolve("undelivered.txt"), ids(receiver, "fails").get(0));
            RecordCodec<Alert> codec = RecordCodec.of(Alert.class);
            try (TopicReader<Alert> alerts =
                    installed.reader(installed.config().topics().alerts(), Alert.class)) {
                List<String> lines = new ArrayList<>();
                for (Alert alert : alerts.all()) {
                    lines.add(new String(codec.toJson(alert), StandardCharsets.UTF_8));
                }
                Files.write(version.resolve("alerts.jsonl"), lines);
            }
        }
    }

    private Installation installation(String yaml, MoodyReceiver receiver, Path profile)
            throws Exception {
        String addressed =
                yaml.replace("${well}", receiver.url("well"))
                        .replace("${fails}", receiver.url("fails"));
        return new Installation(folder, addressed, PARTITIONS, profile);
    }

    /** All of the first windows, and some of the last. */
    private static void firstHalf(Installation installed, Truth truth) throws Exception {
        for (int window = 0; window < HALF_COUNTED; window++) {
            send(installed, truth, window, ROWS, window >= FIRST_DRIFTED ? 2 : 0);
        }
        send(installed, truth, HALF_COUNTED, ROWS / 3, 2);
        installed.flush();
    }

    private static void secondHalf(Installation installed, Truth truth) throws Exception {
        send(installed, truth, HALF_COUNTED, ROWS, 2);
        for (int window = HALF_COUNTED + 1; window < WINDOWS; window++) {
            send(installed, truth, window, ROWS, 0);
        }
        installed.flush();
    }

    private static void send(
            Installation installed, Truth truth, int window, int rows, double shift)
            throws Exception {
        int partition = 0;
        for (long time : truth.timesIn(window, rows)) {
            installed.send(partition++ % PARTITIONS, truth.record(time, shift));
        }
    }

    private static void awaitWindow(Installation installed, int window) throws Exception {
        try (TopicReader<Score> scores = installed.scores()) {
            scores.until(
                    all ->
                            all.stream()
                                    .anyMatch(
                                            s -> s.getWindowStart().equals(Truth.window(window))));
        }
    }

    private static List<String> ids(MoodyReceiver receiver, String path) {
        return receiver.requests().stream()
                .filter(request -> request.path().equals(path))
                .map(Request::id)
                .distinct()
                .toList();
    }

    private static Map<Instant, Long> counts(Installation installed) {
        Map<Instant, Long> counts = new TreeMap<>();
        try (TopicReader<Score> scores = installed.scores()) {
            for (Score score : scores.all()) {
                if (score.getFeature().equals("amount")) {
                    counts.put(score.getWindowStart(), score.getCount());
                }
            }
        }
        return counts;
    }

    /** What was scored before is not scored again. */
    private static Map<Instant, Long> notYetScored(Truth truth) {
        Map<Instant, Long> rows = new TreeMap<>(truth.rows());
        rows.keySet().removeIf(window -> window.isBefore(Truth.window(HALF_COUNTED)));
        return rows;
    }

    private static List<Alert> alerts(Path file) throws IOException {
        RecordCodec<Alert> codec = RecordCodec.of(Alert.class);
        return Files.readAllLines(file).stream()
                .map(line -> codec.read(line.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private static void copy(String savepoint, Path to) throws IOException {
        Path from = Path.of(URI.create(savepoint));
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
