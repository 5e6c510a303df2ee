package io.driftwatch.job.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.job.cli.CommandLineRun;
import io.driftwatch.job.kafka.TopicRecords;
import io.driftwatch.job.kafka.TopicTransaction;
import io.driftwatch.job.kafka.TopicTransaction.OvertakenException;
import io.driftwatch.job.live.ConfigDraft;
import io.driftwatch.job.live.ConfigIdentity;
import io.driftwatch.job.live.ConfigTopic;
import io.driftwatch.job.live.ConfigTopic.ConflictException;
import io.driftwatch.job.live.ConfigTopic.Restored;
import io.driftwatch.schemas.AppliedConfig;
import io.driftwatch.schemas.ConfigStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.core.execution.JobClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two people who apply at the same moment, without knowing of each other. */
@Timeout(400)
class ConcurrentApplyIT {
    private static final int ROUNDS = 12;
    private static final Pattern PUBLISHED = Pattern.compile("version (\\d+) is published");
    private static final String CONFIG =
            """
            kafka: {bootstrap_servers: "${servers}"}
            models:
              - name: basket-value
                profile: basket-value.avro
                streams: [{role: inference, topic: baskets, format: json, event_time: at,
                           out_of_orderness: 1s}]
                window: {size: 1m, min_count: 50}
                features: {amount: {type: numeric, path: /basket/amount}, country: {}}
                statistics: [psi]
            rules:
              - {alert: Drift, statistic: psi, above: 50}
            route: {receiver: day}
            receivers:
              - {name: day, webhook: [{url_file: "${day}"}]}
            delivery: {allow: [127.0.0.1]}
            """;

    @TempDir Path folder;

    /** A file that nobody has applied yet, with a limit by which it is known. */
    private Path fileWith(double limit) throws Exception {
        String text = Files.readString(folder.resolve("driftwatch.yaml"));
        return Files.writeString(
                folder.resolve("limit-" + limit + ".yaml"),
                text.replace("above: 50", "above: " + limit));
    }

    private static boolean holds(AppliedConfig config, double limit) {
        return config.getText().contains("above: " + limit + "}");
    }

    @Test
    void twoAtTheSameMomentEndWithOneOfThemAndWithTrueWords() throws Exception {
        Path day = folder.resolve("day");
        Files.writeString(day, "http://127.0.0.1:9/");
        ExecutorService people = Executors.newFixedThreadPool(2);
        try (Installation installed =
                new Installation(folder, CONFIG.replace("${day}", day.toString()), 1)) {
            JobClient monitor = installed.liveMonitor(1, null);
            JobClient notifier = installed.liveNotifier(RetryPolicy.standard(), null);
            ConfigTopic topic = topic(installed);
            int overtaken = 0;
            for (int round = 0; round < ROUNDS; round++) {
                double[] limits = {round + 0.25, round + 0.75};
                List<Path> files = List.of(fileWith(limits[0]), fileWith(limits[1]));
                List<CommandLineRun> said = atOnce(people, files);
                AppliedConfig inForce = topic.current().orElseThrow();
                for (int i = 0; i < 2; i++) {
                    overtaken += check(said.get(i), holds(inForce, limits[i]), inForce) ? 0 : 1;
                }
                assertThat(holds(inForce, limits[0]) ^ holds(inForce, limits[1]))
                        .as("one of the two, as a whole: %s", inForce)
                        .isTrue();
            }
            assertThat(overtaken).as("otherwise they never met").isPositive();
            long last = topic.current().orElseThrow().getVersion();
            assertThat(versions(installed))
                    .as("each version once, in order")
                    .isSorted()
                    .doesNotHaveDuplicates()
                    .endsWith(last);
            assertThat(answers(installed, last))
                    .as("all jobs end with the same one")
                    .isEqualTo(Map.of("monitor", last, "notify", last));
            monitor.cancel().get();
            notifier.cancel().get();
        } finally {
            people.shutdownNow();
        }
    }

    private static ConfigTopic topic(Installation installed) {
        return new ConfigTopic(installed.config().kafka(), installed.config().topics().control());
    }

    private static AppliedConfig publish(ConfigTopic topic, AppliedConfig before, String digest)
            throws Exception {
        ConfigDraft draft =
                new ConfigDraft(before.getText(), before.getWithheld(), Map.of(), digest);
        ConfigIdentity identity = new ConfigIdentity(digest, before.getProfiles());
        return topic.publish(Optional.of(before), draft, identity, Map.of(), digest);
    }

    @Test
    void whoHasNotSeenWhatIsInForceReplacesNothing() throws Exception {
        try (Installation installed = new Installation(folder, CONFIG, 1)) {
            assertThat(installed.announce()).isEmpty();
            ConfigTopic topic = topic(installed);
            AppliedConfig seen = topic.current().orElseThrow();
            AppliedConfig ann = publish(topic, seen, "ann");

            assertThatThrownBy(() -> publish(topic, seen, "bob"))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("version 2, which ann applied");
            assertThat(topic.current()).contains(ann);
            AppliedConfig bob = publish(topic, ann, "bob");
            assertThatThrownBy(() -> topic.restore(ann, "ann"))
                    .as("what was refused is taken back only while it is in force")
                    .isInstanceOf(ConflictException.class);
            assertThat(topic.current()).contains(bob);
            assertThat(topic.restore(bob, "bob")).contains(new Restored(4, 2));
        }
    }

    @Test
    void whoHasBegunBeforeAnotherCommitsNothingAfterIt() throws Exception {
        try (Installation installed = new Installation(folder, CONFIG, 1)) {
            assertThat(installed.announce()).isEmpty();
            ConfigTopic topic = topic(installed);
            AppliedConfig seen = topic.current().orElseThrow();
            String name = installed.config().topics().control();
            TopicRecords<AppliedConfig> configs =
                    new TopicRecords<>(
                            installed.config().kafka(),
                            name,
                            "config/current",
                            AppliedConfig.class);
            try (TopicTransaction slow = TopicTransaction.begin(installed.config().kafka(), name)) {
                configs.write(slow, Map.of("", seen));
                AppliedConfig quick = publish(topic, seen, "quick");
                assertThatThrownBy(slow::commit).isInstanceOf(OvertakenException.class);
                assertThat(topic.current()).contains(quick);
            }
        }
    }

    private static List<CommandLineRun> atOnce(ExecutorService people, List<Path> files)
            throws Exception {
        CyclicBarrier start = new CyclicBarrier(files.size());
        List<Future<CommandLineRun>> running = new ArrayList<>();
        for (Path file : files) {
            running.add(
                    people.submit(
                            () -> {
                                start.await();
                                return CommandLineRun.beside(
                                        "apply", "-c", file.toString(), "--wait", "60");
                            }));
        }
        List<CommandLineRun> said = new ArrayList<>();
        for (Future<CommandLineRun> each : running) {
            said.add(each.get(120, TimeUnit.SECONDS));
        }
        return said;
    }

    /** Holds what was said against what is; says whether it was in force at some time. */
    private static boolean check(CommandLineRun run, boolean isInForce, AppliedConfig inForce) {
        String all = run.out() + run.err();
        Matcher published = PUBLISHED.matcher(run.out());
        if (!published.find()) {
            assertThat(isInForce).as(all).isFalse();
            assertThat(run.code()).as(all).isEqualTo(1);
            assertThat(run.err()).contains("nothing of this file is published", "apply it again");
            return false;
        }
        long version = Long.parseLong(published.group(1));
        assertThat(isInForce).as(all).isEqualTo(version == inForce.getVersion());
        if (run.code() == 0) {
            assertThat(run.out()).contains("in force in monitor", "in force in notify");
            return true;
        }
        assertThat(run.err())
                .contains(
                        "version " + version + " was replaced by version " + inForce.getVersion());
        assertThat(isInForce).as(all).isFalse();
        return true;
    }

    private static List<Long> versions(Installation installed) throws Exception {
        try (TopicReader<AppliedConfig> configs =
                installed.reader(
                        installed.config().topics().control(),
                        AppliedConfig.class,
                        "config/current")) {
            return configs.all().stream().map(AppliedConfig::getVersion).toList();
        }
    }

    /** The version that each job has answered last, once all have answered about this one. */
    private static Map<String, Long> answers(Installation installed, long version)
            throws Exception {
        Map<String, Long> last = new TreeMap<>();
        try (TopicReader<ConfigStatus> statuses =
                installed.reader(
                        installed.config().topics().control(),
                        ConfigStatus.class,
                        ConfigTopic.STATUS_PREFIX)) {
            statuses.until(
                    all -> {
                        last.clear();
                        all.forEach(status -> last.put(status.getJob(), status.getVersion()));
                        return last.size() == 2
                                && last.values().stream().allMatch(v -> v == version);
                    });
        }
        return last;
    }
}
