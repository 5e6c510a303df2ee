package io.driftwatch.job.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.job.cli.CommandLineRun;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.flink.core.execution.JobClient;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Features that come and go under two running jobs, with records coming all the time. */
@Timeout(400)
class ApplyFeaturesIT {
    private static final int PARTITIONS = 2;
    private static final int ROWS = 160;
    private static final long MILLIS_BETWEEN = 5;

    private static final String CONFIG =
            """
            kafka: {bootstrap_servers: "${servers}"}
            flink: {pipeline.operator-chaining.enabled: "${chained}"}
            models:
              - name: basket-value
                profile: basket-value.avro
                streams: [{role: inference, topic: baskets, format: json, event_time: at,
                           out_of_orderness: 1s, idle_after: 1h}]
                window: {size: 1m, min_count: 20}
                features: {amount: {type: numeric, path: /basket/amount}, country: {}}
                statistics: [psi, missing_rate]
            rules:
              - {alert: Drift, statistic: psi, above: 1}
            route: {receiver: day}
            receivers:
              - {name: day, webhook: [{url_file: "${day}"}]}
            delivery: {allow: [127.0.0.1]}
            """;

    @TempDir Path folder;

    /** What one window holds, counted where it is sent. */
    private record Sent(long rows, long withSize) {
        Sent plus(Sent other) {
            return new Sent(rows + other.rows, withSize + other.withSize);
        }
    }

    /** Sends windows one after the other, until it is stopped. */
    private static final class Traffic implements AutoCloseable {
        private final Installation installed;
        private final Map<Instant, Sent> sent = new ConcurrentSkipListMap<>();
        private final CompletableFuture<Void> enough = new CompletableFuture<>();
        private final Thread thread = new Thread(this::run, "traffic");
        private volatile Exception failure;

        Traffic(Installation installed) {
            this.installed = installed;
            thread.start();
        }

        private void run() {
            Random random = new Random(8);
            try {
                for (int row = 0; !enough.isDone() || row % ROWS != 0; row++) {
                    int window = row / ROWS;
                    Instant at =
                            Truth.window(window)
                                    .plusMillis(row % ROWS * (Truth.WINDOW_MILLIS / ROWS));
                    boolean hasSize = random.nextInt(5) > 0;
                    String size = hasSize ? ",\"size\":" + (random.nextGaussian() + 3) : "";
                    sent.merge(Truth.window(window), new Sent(1, hasSize ? 1 : 0), Sent::plus);
                    installed.send(
                            row % PARTITIONS,
                            "{\"at\":\"%s\",\"basket\":{\"amount\":%s%s},\"country\":\"de\"}"
                                    .formatted(at, random.nextGaussian(), size));
                    pause();
                }
                installed.flush();
            } catch (Exception e) {
                failure = e;
            }
        }

        private void pause() throws Exception {
            try {
                enough.get(MILLIS_BETWEEN, TimeUnit.MILLISECONDS);
            } catch (java.util.concurrent.TimeoutException e) {
                // Go on.
            }
        }

        @Override
        public void close() throws InterruptedException {
            enough.complete(null);
            thread.join();
            assertThat(failure).isNull();
        }
    }

    private static String reference() {
        Random random = new Random(2);
        StringBuilder csv = new StringBuilder("amount,country,size\n");
        for (int i = 0; i < 5000; i++) {
            csv.append(random.nextGaussian())
                    .append(",de,")
                    .append(random.nextGaussian())
                    .append('\n');
        }
        return csv.toString();
    }

    /** The file with a third feature. */
    private Path withSize() throws Exception {
        String text = Files.readString(folder.resolve("driftwatch.yaml"));
        Path file = folder.resolve("with-size.yaml");
        Files.writeString(
                file,
                text.replace(
                                "country: {}",
                                "country: {}, size: {type: numeric, path: /basket/size}")
                        .replace("basket-value.avro", "with-size.avro"));
        profile(file, folder.resolve("with-size.avro"));
        return file;
    }

    /** Builds a profile as a user does it; of the same rows, so that cells stay as they were. */
    private Path profile(Path config, Path to) throws Exception {
        Path rows = Files.writeString(folder.resolve("reference.csv"), reference());
        CommandLineRun built =
                CommandLineRun.of(
                        "profile",
                        "-c",
                        config,
                        "--model",
                        "basket-value",
                        "--input",
                        "inference=" + rows,
                        "--output",
                        to);
        assertThat(built.code()).as(built.err()).isZero();
        return to;
    }

    private static void apply(Path file) {
        CommandLineRun said = CommandLineRun.of("apply", "-c", file, "--wait", "60");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out()).contains("in force in monitor after", "in force in notify after");
    }

    private static boolean isOfSize(Score score) {
        return score.getFeature().equals("size");
    }

    private static boolean isScored(Score score) {
        return score.getStatus() == ScoreStatus.scored;
    }

    private static List<Score> await(Installation installed, Predicate<List<Score>> enough)
            throws Exception {
        try (TopicReader<Score> scores = installed.scores()) {
            return scores.until(enough);
        }
    }

    private static Instant lastWindow(List<Score> scores, Predicate<Score> which) {
        return scores.stream()
                .filter(which)
                .map(Score::getWindowStart)
                .max(Instant::compareTo)
                .orElse(Instant.MIN);
    }

    /** Waits for a window of the size that begins after this one. */
    private static Instant awaitSizeAfter(Installation installed, Instant window) throws Exception {
        Predicate<Score> isScoredSize = score -> isOfSize(score) && isScored(score);
        return lastWindow(
                await(installed, all -> lastWindow(all, isScoredSize).isAfter(window)),
                isScoredSize);
    }

    /** Counts by window, of the last revision. */
    private static Map<Instant, Long> counts(List<Score> scores, String feature, String statistic) {
        Map<Instant, Long> counts = new TreeMap<>();
        Map<Instant, Integer> revisions = new TreeMap<>();
        for (Score score : scores) {
            boolean isWanted =
                    score.getFeature().equals(feature) && score.getStatistic().equals(statistic);
            Instant window = score.getWindowStart();
            if (isWanted && score.getRevision() >= revisions.getOrDefault(window, 0)) {
                revisions.put(window, score.getRevision());
                counts.put(window, score.getCount());
            }
        }
        return counts;
    }

    @ParameterizedTest(name = "operators chained: {0}")
    @ValueSource(booleans = {true, false})
    void aFeatureIsAddedAndTakenOutAgainWhileRecordsCome(boolean chained) throws Exception {
        Path day = folder.resolve("day");
        String config =
                CONFIG.replace("${day}", day.toString())
                        .replace("${chained}", Boolean.toString(chained));
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path profile =
                profile(
                        Files.writeString(elsewhere.resolve("driftwatch.yaml"), config),
                        elsewhere.resolve("basket-value.avro"));
        try (MoodyReceiver receiver = new MoodyReceiver();
                Installation installed = new Installation(folder, config, PARTITIONS, profile)) {
            Files.writeString(day, receiver.url("day"));
            Path added = withSize();
            JobClient monitor = installed.liveMonitor(2, null);
            JobClient notifier = installed.liveNotifier(RetryPolicy.standard(), null);
            Map<Instant, Sent> sent;
            Instant firstScored;
            Instant afterRemoval;
            try (Traffic traffic = new Traffic(installed)) {
                await(installed, all -> lastWindow(all, s -> true).isAfter(Truth.window(1)));
                apply(added);
                firstScored = awaitSizeAfter(installed, Instant.MIN);

                monitor.cancel().get();
                monitor = installed.liveMonitor(2, installed.lastCheckpoint(monitor).toString());
                Instant beforeRemoval =
                        awaitSizeAfter(installed, firstScored.plusMillis(3 * Truth.WINDOW_MILLIS));

                apply(folder.resolve("driftwatch.yaml"));
                afterRemoval = beforeRemoval.plusMillis(6 * Truth.WINDOW_MILLIS);
                await(installed, all -> lastWindow(all, s -> true).isAfter(afterRemoval));
                sent = traffic.sent;
            }
            installed.stop(monitor, true);
            notifier.cancel().get();

            List<Score> scores = all(installed);
            Map<Instant, Long> rows = new TreeMap<>();
            sent.forEach((window, each) -> rows.put(window, each.rows()));
            assertThat(counts(scores, "amount", "missing_rate"))
                    .as("nothing is lost, and nothing counted twice")
                    .isEqualTo(rows);

            List<Score> sizes = scores.stream().filter(ApplyFeaturesIT::isOfSize).toList();
            Map<Instant, Long> scored = counts(sizes, "size", "missing_rate");
            Instant last = Truth.START;
            for (Instant window : scored.keySet()) {
                last = window;
            }
            assertThat(scored.keySet())
                    .as("without a gap, over the restart too")
                    .hasSize(
                            (int) ((last.toEpochMilli() - first(scored)) / Truth.WINDOW_MILLIS)
                                    + 1);
            assertThat(last).isBefore(afterRemoval);
            for (Score score : sizes) {
                Sent truth = sent.get(score.getWindowStart());
                if (score.getStatistic().equals("psi")) {
                    assertThat(score.getCount()).as("%s", score).isEqualTo(truth.withSize());
                } else if (score.getStatistic().equals("missing_rate")) {
                    assertThat(score.getCount()).isEqualTo(truth.rows());
                    assertThat(score.getValue())
                            .isCloseTo(1 - (double) truth.withSize() / truth.rows(), within(1e-12));
                } else {
                    assertThat(score.getReason()).contains("watched only since");
                    assertThat(score.getWindowStart().toEpochMilli()).isLessThan(first(scored));
                }
            }
            assertThat(alerts(installed))
                    .extracting(
                            a ->
                                    a.getScore().getFeature()
                                            + " "
                                            + a.getState()
                                            + " "
                                            + a.getReason())
                    .satisfies(
                            all -> {
                                assertThat(all.get(0)).startsWith("size firing");
                                assertThat(all.get(1))
                                        .isEqualTo(
                                                "size "
                                                        + AlertState.resolved
                                                        + " its feature is no longer watched");
                            })
                    .hasSize(2);
            awaitEndOf("driftwatch-config-monitor");
        }
    }

    private static long first(Map<Instant, Long> counts) {
        return counts.keySet().iterator().next().toEpochMilli();
    }

    private static List<Score> all(Installation installed) {
        try (TopicReader<Score> scores = installed.scores()) {
            return scores.all();
        }
    }

    /** What the first job wrote after its last checkpoint the second one wrote again, the same. */
    private static List<Alert> alerts(Installation installed) {
        try (TopicReader<Alert> alerts =
                installed.reader(installed.config().topics().alerts(), Alert.class)) {
            return alerts.all().stream().distinct().toList();
        }
    }

    /** Sources cannot be told that a job is over; what they follow ends with it all the same. */
    private static void awaitEndOf(String threadName) throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals(threadName)) {
                thread.join(20_000);
                assertThat(thread.isAlive()).as(threadName).isFalse();
            }
        }
    }
}
