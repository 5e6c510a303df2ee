package io.driftwatch.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.job.cli.CommandLineRun;
import io.driftwatch.job.kafka.TopicRecords;
import io.driftwatch.job.live.ConfigDraft;
import io.driftwatch.job.live.ConfigIdentity;
import io.driftwatch.job.live.ConfigTopic;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.AppliedConfig;
import io.driftwatch.schemas.ConfigStatus;
import io.driftwatch.schemas.Score;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.flink.core.execution.JobClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A configuration that changes under two running jobs, by the command as a user types it. */
@Timeout(240)
class ApplyIT {
    private static final int ROWS = 400;
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
                statistics: [psi, mean]
            rules:
              - {alert: Drift, statistic: psi, above: 50, features: amount}
            route: {receiver: day, group_wait: 0s, group_interval: 1s}
            receivers:
              - {name: day, webhook: [{url_file: "${day}"}]}
            delivery: {allow: [127.0.0.1]}
            """;

    @TempDir Path folder;

    private final Truth truth = new Truth(11);
    private MoodyReceiver receiver;
    private Installation installed;
    private Path file;
    private int nextWindow;

    @BeforeEach
    void install() throws Exception {
        receiver = new MoodyReceiver();
        Files.writeString(folder.resolve("day"), receiver.url("day"));
        Files.writeString(folder.resolve("night"), receiver.url("night"));
        file = folder.resolve("driftwatch.yaml");
        installed =
                new Installation(
                        folder, CONFIG.replace("${day}", folder.resolve("day").toString()), 1);
    }

    @AfterEach
    void uninstall() throws Exception {
        installed.close();
        receiver.close();
    }

    private static CommandLineRun apply(Path config, String... more) {
        Object[] line = new Object[3 + more.length];
        line[0] = "apply";
        line[1] = "-c";
        line[2] = config;
        System.arraycopy(more, 0, line, 3, more.length);
        return CommandLineRun.of(line);
    }

    private Path changed(String from, String to) throws Exception {
        String text = Files.readString(file);
        assertThat(text).contains(from);
        return Files.writeString(folder.resolve("changed.yaml"), text.replace(from, to));
    }

    /** Sends a window whose amounts are shifted by one, and the record that closes it. */
    private void sendWindow() throws Exception {
        for (long time : truth.timesIn(nextWindow, ROWS)) {
            installed.send(0, truth.record(time, 1));
        }
        nextWindow++;
        installed.send(0, truth.uncounted(nextWindow * Truth.WINDOW_MILLIS + 2000));
        installed.flush();
    }

    /** Waits for psi of the amount in a window. */
    private Score awaitScoreOf(int window) throws Exception {
        Predicate<Score> isWanted =
                score ->
                        score.getWindowStart().equals(Truth.window(window))
                                && score.getFeature().equals("amount")
                                && score.getStatistic().equals("psi");
        try (TopicReader<Score> scores = installed.scores()) {
            return scores.until(all -> all.stream().anyMatch(isWanted)).stream()
                    .filter(isWanted)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private List<Alert> alerts(int count) throws Exception {
        try (TopicReader<Alert> alerts =
                installed.reader(installed.config().topics().alerts(), Alert.class)) {
            return alerts.until(all -> all.size() >= count);
        }
    }

    private ConfigTopic topic() {
        return new ConfigTopic(installed.config().kafka(), installed.config().topics().control());
    }

    @Test
    void rulesRoutesAndProfilesChangeUnderRunningJobsAndSurviveARestart() throws Exception {
        JobClient monitor = installed.liveMonitor(1, null);
        JobClient notifier = installed.liveNotifier(RetryPolicy.standard(), null);
        sendWindow();
        assertThat(awaitScoreOf(0).getValue()).isGreaterThan(0.1);

        Path lower = changed("above: 50", "above: 0.1");
        CommandLineRun dry = apply(lower, "--dry-run");
        assertThat(dry.out()).contains("~ rules[Drift].above: 50 -> 0.1");
        assertThat(topic().current()).map(AppliedConfig::getVersion).contains(1L);
        CommandLineRun said = apply(lower);
        assertThat(said.err()).isEmpty();
        assertThat(said.out()).contains("in force in monitor after", "in force in notify after");
        sendWindow();
        assertThat(alerts(1))
                .singleElement()
                .satisfies(
                        alert -> {
                            assertThat(alert.getState()).isEqualTo(AlertState.firing);
                            assertThat(alert.getThreshold()).isEqualTo(0.1);
                            assertThat(alert.getScore().getWindowStart())
                                    .isEqualTo(Truth.window(1));
                        });
        receiver.await(() -> heard("day") == 1);

        String night = folder.resolve("night").toString();
        Files.writeString(
                file,
                Files.readString(lower)
                        .replace(folder.resolve("day").toString(), night)
                        .replace("alert: Drift,", "alert: Drift, severity: critical,"));
        assertThat(apply(file).code()).isZero();
        sendWindow();
        receiver.await(() -> heard("night") >= 1);
        assertThat(heard("day")).isEqualTo(1);
        List<Alert> renamed = alerts(3);
        assertThat(renamed)
                .extracting(alert -> alert.getState() + " " + alert.getLabels().get("severity"))
                .as("the alert that is called otherwise now has ended")
                .containsExactly("firing warning", "resolved warning", "firing critical");

        // Not before: the newest of a running job is soon deleted for a newer one.
        monitor.cancel().get();
        Path checkpoint = installed.lastCheckpoint(monitor);
        monitor = installed.liveMonitor(1, checkpoint.toString());
        installed.profile(folder.resolve("basket-value.avro"), Truth.reference(20_000, 1));
        assertThat(apply(file).out()).contains("~ profile of basket-value: another content");
        sendWindow();
        assertThat(awaitScoreOf(3).getValue()).isLessThan(0.1);
        assertThat(alerts(4))
                .last()
                .satisfies(alert -> assertThat(alert.getState()).isEqualTo(AlertState.resolved));
        monitor.cancel().get();
        notifier.cancel().get();
    }

    private long heard(String path) {
        return receiver.requests().stream().filter(r -> r.path().equals(path)).count();
    }

    @Test
    void aBadOneIsRefusedAndTheOldOneStays() throws Exception {
        JobClient monitor = installed.liveMonitor(1, null);
        ConfigTopic topic = topic();
        assertThat(apply(changed("above: 50", "above: 0.1"), "--wait", "3").code()).isZero();

        CommandLineRun mistaken = apply(changed("statistic: psi", "statstic: psi"));
        assertThat(mistaken.code()).isEqualTo(1);
        assertThat(mistaken.err()).contains("statstic", "statistic");
        CommandLineRun restart = apply(changed("size: 1m", "size: 5m"));
        assertThat(restart.code()).isEqualTo(1);
        assertThat(restart.err()).contains("needs a restart", "window of model 'basket-value'");
        assertThat(topic.current()).map(AppliedConfig::getVersion).contains(2L);

        installed.profile(folder.resolve("basket-value.avro"), Truth.reference(20_000, 1));
        String others = Files.readString(file).replace("features: amount", "features: country");
        Path without = folder.resolve("without.yaml");
        Files.writeString(
                without,
                others.replace("amount: {type: numeric, path: /basket/amount}, ", "")
                        .replace("basket-value.avro", folder.resolve("basket-value.avro") + ""));
        for (CommandLineRun foreseen : List.of(apply(without, "--dry-run"), apply(without))) {
            assertThat(foreseen.code()).isEqualTo(1);
            assertThat(foreseen.err())
                    .contains("nothing is applied, since this needs a restart")
                    .contains("feature 'amount' is taken out, by which the records of stream");
        }
        assertThat(topic.current()).map(AppliedConfig::getVersion).contains(2L);

        forgetAccounting();
        CommandLineRun refused = apply(without);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains("the monitor job refuses version 3", "'amount' is taken out")
                .contains("Version 4 puts");
        assertThat(topic.current())
                .map(AppliedConfig::getText)
                .hasValueSatisfying(text -> assertThat(text).contains("above: 0.1"));
        assertThat(apply(changed("above: 50", "above: 0.001")).code())
                .as("the profile of a refused version can be applied again")
                .isZero();

        AppliedConfig before = topic.current().orElseThrow();
        for (String bad :
                List.of(
                        "rules: [{alert: Drift, statistic: no_such, above: 1}]\n",
                        "}",
                        before.getText().replace("size: 1m", "size: 5m"),
                        before.getText().replace("amount:", "other:"))) {
            ConfigDraft draft =
                    new ConfigDraft(
                            bad, List.of("kafka"), Map.of(), Integer.toHexString(bad.hashCode()));
            AppliedConfig published =
                    topic.publish(
                            topic.current(),
                            draft,
                            new ConfigIdentity(draft.digest(), before.getProfiles()),
                            Map.of(),
                            "somebody");
            Optional<ConfigStatus> answer = awaitAnswer(published.getVersion());
            assertThat(answer).isPresent();
            assertThat(answer.get().getAccepted()).as(bad).isFalse();
            assertThat(answer.get().getReason()).isNotBlank();
        }
        sendWindow();
        assertThat(alerts(1))
                .singleElement()
                .satisfies(alert -> assertThat(alert.getThreshold()).isEqualTo(0.001));
        monitor.cancel().get();
    }

    /** As if jobs of an earlier release had answered, which do not say what they account by. */
    private void forgetAccounting() throws Exception {
        TopicRecords<ConfigStatus> statuses =
                new TopicRecords<>(
                        installed.config().kafka(),
                        installed.config().topics().control(),
                        ConfigTopic.STATUS_PREFIX,
                        ConfigStatus.class);
        for (ConfigStatus status : statuses.latest()) {
            assertThat(status.getAccounting()).isNotEmpty();
            status.setAccounting(List.of());
            statuses.write(Map.of(status.getJob() + "/" + status.getWorker(), status));
        }
    }

    private Optional<ConfigStatus> awaitAnswer(long version) throws Exception {
        try (TopicReader<ConfigStatus> statuses =
                installed.reader(
                        installed.config().topics().control(),
                        ConfigStatus.class,
                        ConfigTopic.STATUS_PREFIX)) {
            return statuses
                    .until(all -> all.stream().anyMatch(s -> s.getVersion() == version))
                    .stream()
                    .filter(status -> status.getVersion() == version)
                    .findFirst();
        }
    }

    @Test
    void aSecretInTheFileGoesToNoTopic() throws Exception {
        Path secret =
                changed(
                        "url_file: \"" + folder.resolve("day") + "\"",
                        "url: \"" + receiver.url("pl4nted-s3cret") + "\"");
        CommandLineRun said = apply(secret, "--wait", "0");

        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("note: receivers holds secrets").doesNotContain("pl4nted");
        AppliedConfig applied = topic().current().orElseThrow();
        assertThat(applied.toString()).doesNotContain("pl4nted");
        assertThat(applied.getWithheld()).containsExactly("flink", "kafka", "receivers");
    }
}
