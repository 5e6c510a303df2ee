package io.driftwatch.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.job.cli.CommandLineRun;
import io.driftwatch.job.kafka.TopicRecords;
import io.driftwatch.job.kafka.TopicTransaction;
import io.driftwatch.job.live.ConfigTopic;
import io.driftwatch.schemas.AppliedConfig;
import io.driftwatch.schemas.ConfigStatus;
import io.driftwatch.schemas.ProfilePart;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.core.execution.JobClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A reference profile that is too large for one record of the control topic. */
@Timeout(300)
class LargeProfileIT {
    private static final int NUMBERS = 110;
    private static final int WORDS = 30;
    private static final int CATEGORIES = 900;
    private static final int REFERENCE_ROWS = 3000;
    private static final int ROWS = 60;
    private static final String PARTS = "config/profile/";
    private static final String CURRENT = "config/current";
    private static final String FEATURES = "features: {amount: {type: numeric}}";
    private static final String CONFIG =
            """
            kafka: {bootstrap_servers: "${servers}"}
            models:
              - name: basket-value
                profile: basket-value.avro
                streams: [{role: inference, topic: baskets, format: json, event_time: at,
                           out_of_orderness: 1s}]
                window: {size: 1m, min_count: 20}
                features: {amount: {type: numeric}}
                statistics: [psi, missing_rate]
            rules:
              - {alert: Drift, statistic: psi, above: 50, features: amount}
            """;

    @TempDir Path folder;

    private final Random random = new Random(4);
    private Installation installed;
    private int nextWindow;

    @BeforeEach
    void install() throws Exception {
        installed = new Installation(folder, CONFIG, 1);
    }

    @AfterEach
    void uninstall() throws Exception {
        installed.close();
    }

    private static Set<String> allFeatures() {
        Set<String> names = new TreeSet<>(Set.of("amount"));
        for (int i = 0; i < NUMBERS; i++) {
            names.add("n" + i);
        }
        for (int i = 0; i < WORDS; i++) {
            names.add("w" + i);
        }
        return names;
    }

    private String value(String feature) {
        return feature.startsWith("w")
                ? "category-" + random.nextInt(CATEGORIES) + "-of-" + feature
                : Double.toString(random.nextGaussian());
    }

    /** The file with many features, and a profile of them that a user would have built. */
    private Path large(String name) throws Exception {
        StringBuilder rows = new StringBuilder(String.join(",", allFeatures())).append('\n');
        for (int row = 0; row < REFERENCE_ROWS; row++) {
            rows.append(allFeatures().stream().map(this::value).collect(Collectors.joining(",")))
                    .append('\n');
        }
        Path csv = Files.writeString(folder.resolve(name + ".csv"), rows);
        String text = Files.readString(folder.resolve("driftwatch.yaml"));
        String features =
                allFeatures().stream()
                        .map(f -> f + (f.startsWith("w") ? ": {}" : ": {type: numeric}"))
                        .collect(Collectors.joining(", ", "features: {", "}"));
        assertThat(text).contains(FEATURES);
        Path file =
                Files.writeString(
                        folder.resolve(name + ".yaml"),
                        text.replace(FEATURES, features)
                                .replace("basket-value.avro", name + ".avro"));
        CommandLineRun built =
                CommandLineRun.of(
                        "profile",
                        "-c",
                        file,
                        "--model",
                        "basket-value",
                        "--input",
                        "inference=" + csv);
        assertThat(built.code()).as(built.err()).isZero();
        return file;
    }

    /** Applies a file, and waits for the monitor job alone: there is no other. */
    private void apply(Path file) throws Exception {
        CommandLineRun said = CommandLineRun.of("apply", "-c", file, "--wait", "0");
        assertThat(said.code()).as(said.out() + said.err()).isZero();
        ConfigStatus answer = awaitAnswer(topic().current().orElseThrow().getVersion());
        assertThat(answer.getAccepted()).as(answer.getReason()).isTrue();
    }

    /** Sends a window with all features, and the record that closes it. */
    private void sendWindow() throws Exception {
        for (int row = 0; row < ROWS; row++) {
            send(Truth.window(nextWindow).plusSeconds(row));
        }
        nextWindow++;
        send(Truth.window(nextWindow).plusSeconds(2));
        installed.flush();
    }

    private void send(Instant at) throws Exception {
        String values =
                allFeatures().stream()
                        .map(
                                f ->
                                        f.startsWith("w")
                                                ? "\"" + f + "\":\"" + value(f) + "\""
                                                : "\"" + f + "\":" + value(f))
                        .collect(Collectors.joining(","));
        installed.send(0, "{\"at\":\"" + at + "\"," + values + "}");
    }

    /** Counts of rows by feature in a window, once psi of so many features is scored. */
    private Map<String, Long> awaitCounts(int window, int features) throws Exception {
        Map<String, Long> counts = new TreeMap<>();
        try (TopicReader<Score> scores = installed.scores()) {
            scores.until(
                    all -> {
                        counts.clear();
                        for (Score score : all) {
                            if (score.getWindowStart().equals(Truth.window(window))
                                    && score.getStatistic().equals("psi")
                                    && score.getStatus() == ScoreStatus.scored) {
                                counts.put(score.getFeature(), score.getCount());
                            }
                        }
                        return counts.size() >= features;
                    });
        }
        return counts;
    }

    /** Every feature, each with the window's rows and the one that closed the window before. */
    private static Map<String, Long> allWith(long rows) {
        Map<String, Long> all = new TreeMap<>();
        allFeatures().forEach(feature -> all.put(feature, rows));
        return all;
    }

    private ConfigTopic topic() {
        return new ConfigTopic(installed.config().kafka(), installed.config().topics().control());
    }

    private <T extends org.apache.avro.specific.SpecificRecord> TopicRecords<T> records(
            String key, Class<T> type) {
        return new TopicRecords<>(
                installed.config().kafka(), installed.config().topics().control(), key, type);
    }

    private Map<String, Long> partsOnTopic() throws Exception {
        return records(PARTS, ProfilePart.class).latest().stream()
                .collect(Collectors.groupingBy(ProfilePart::getDigest, Collectors.counting()));
    }

    /** What a publication that is cut off has written: all parts but the last. */
    private static Map<String, ProfilePart> cutOff(String digest, Path profile) throws Exception {
        byte[] bytes = Files.readAllBytes(profile);
        Map<String, ProfilePart> parts = new HashMap<>();
        for (int part = 0; part < 2; part++) {
            ByteBuffer content = ByteBuffer.wrap(bytes, part * 512 * 1024, 512 * 1024).slice();
            parts.put(digest + "/" + part, new ProfilePart(digest, part, content));
        }
        return parts;
    }

    private JobClient restarted(JobClient monitor) throws Exception {
        monitor.cancel().get();
        return installed.liveMonitor(1, installed.lastCheckpoint(monitor).toString());
    }

    private ConfigStatus awaitAnswer(long version) throws Exception {
        try (TopicReader<ConfigStatus> statuses =
                installed.reader(
                        installed.config().topics().control(),
                        ConfigStatus.class,
                        ConfigTopic.STATUS_PREFIX)) {
            return statuses
                    .until(all -> all.stream().anyMatch(s -> s.getVersion() == version))
                    .stream()
                    .filter(status -> status.getVersion() == version)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void itIsTakenUpWholeByJobsThatRunAndByThoseThatStartLater() throws Exception {
        JobClient monitor = installed.liveMonitor(1, null);
        sendWindow();
        assertThat(awaitCounts(0, 1)).isEqualTo(Map.of("amount", (long) ROWS));

        Path large = large("large");
        apply(large);
        Map<String, Integer> parts = topic().current().orElseThrow().getParts();
        assertThat(parts.values())
                .singleElement()
                .satisfies(n -> assertThat(n).isGreaterThanOrEqualTo(3));
        sendWindow();
        sendWindow();
        assertThat(awaitCounts(2, allFeatures().size())).isEqualTo(allWith(ROWS + 1));

        monitor = restarted(monitor);
        sendWindow();
        assertThat(awaitCounts(3, allFeatures().size())).isEqualTo(allWith(ROWS + 1));
        monitor.cancel().get();
    }

    @Test
    void aPublicationThatIsCutOffChangesNothing() throws Exception {
        JobClient monitor = installed.liveMonitor(1, null);
        Path profile = large("large").resolveSibling("large.avro");
        AppliedConfig before = topic().current().orElseThrow();

        records(PARTS, ProfilePart.class).write(cutOff("of-an-earlier-release", profile));
        try (TopicTransaction dead =
                TopicTransaction.begin(
                        installed.config().kafka(), installed.config().topics().control())) {
            records(PARTS, ProfilePart.class).write(dead, cutOff("of-a-dead-program", profile));
            assertThat(topic().current()).contains(before);
            monitor = restarted(monitor);
            sendWindow();
            assertThat(awaitCounts(0, 1)).isEqualTo(Map.of("amount", (long) ROWS));

            String other =
                    Files.readString(folder.resolve("driftwatch.yaml"))
                            .replace("above: 50", "above: 40");
            apply(Files.writeString(folder.resolve("other.yaml"), other));
        }
        assertThat(partsOnTopic())
                .as("what nobody will complete is forgotten")
                .doesNotContainKeys("of-an-earlier-release", "of-a-dead-program");

        AppliedConfig inForce = topic().current().orElseThrow();
        records(PARTS, ProfilePart.class).write(cutOff("incomplete", profile));
        AppliedConfig incomplete =
                AppliedConfig.newBuilder(inForce)
                        .setVersion(inForce.getVersion() + 1)
                        .setDigest("another")
                        .setProfiles(Map.of("basket-value", "incomplete"))
                        .setParts(Map.of("incomplete", 3))
                        .build();
        records(CURRENT, AppliedConfig.class).write(Map.of("", incomplete));
        ConfigStatus answer = awaitAnswer(incomplete.getVersion());
        assertThat(answer.getAccepted()).isFalse();
        assertThat(answer.getReason()).contains("a profile is missing on the control topic");
        sendWindow();
        assertThat(awaitCounts(1, 1)).isEqualTo(Map.of("amount", ROWS + 1L));

        apply(folder.resolve("large.yaml"));
        sendWindow();
        sendWindow();
        assertThat(awaitCounts(3, allFeatures().size())).isEqualTo(allWith(ROWS + 1));
        monitor.cancel().get();
    }
}
