package io.driftwatch.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.job.cli.CommandLineRun;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.RetrainStatusChange;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.apache.flink.core.execution.JobClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every section that is documented to be taken up live is applied to running jobs, and seen to make
 * a difference; rules, routes, receivers and profiles are {@link ApplyIT}'s.
 */
@Timeout(300)
class LiveSectionsIT {
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
                features: {amount: {type: numeric, path: /basket/amount}}
                statistics: [psi, mean]
                significance: 0.001
            rules:
              - {alert: Drift, statistic: psi, above: 0.2, retrain: true}
              - {alert: Shift, statistic: mean, above: 0.5}
            route:
              receiver: team
              group_by: ['...']
              group_wait: 2s
              group_interval: 1s
              routes:
                - {matchers: ['alertname="Shift"'], receiver: shift}
            receivers:
              - {name: team, webhook: [{url_file: "${files}/team", format: json}]}
              - {name: shift, webhook: [{url_file: "${files}/shift", format: json}]}
            delivery: {allow: [127.0.0.1]}
            time_intervals: [{name: ever, time_intervals: [{times: [{start_time: "00:00", end_time: "24:00"}]}]}]
            retrain: {enabled: true, cooldown: 1ms}
            """;

    @TempDir Path folder;

    private final Truth truth = new Truth(21);
    private MoodyReceiver people;
    private Installation installed;
    private JobClient monitor;
    private JobClient notifier;
    private Path file;
    private int nextWindow;

    @BeforeEach
    void install() throws Exception {
        people = new MoodyReceiver();
        Files.writeString(folder.resolve("team"), people.url("team"));
        Files.writeString(folder.resolve("shift"), people.url("shift"));
        installed = new Installation(folder, CONFIG.replace("${files}", folder.toString()), 1);
        file = folder.resolve("driftwatch.yaml");
        monitor = installed.liveMonitor(1, null);
        notifier = installed.liveNotifier(RetryPolicy.standard(), null);
    }

    @AfterEach
    void uninstall() throws Exception {
        monitor.cancel().get();
        notifier.cancel().get();
        installed.close();
        people.close();
    }

    private void apply(String from, String to) throws Exception {
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
        CommandLineRun run = CommandLineRun.of("apply", "-c", file, "--wait", "60");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("in force in monitor after", "in force in notify after");
    }

    /** Sends a window and what closes it; returns its number. */
    private int window(double shift) throws Exception {
        for (long time : truth.timesIn(nextWindow, ROWS)) {
            installed.send(0, truth.record(time, shift));
        }
        installed.send(0, truth.uncounted((nextWindow + 1) * Truth.WINDOW_MILLIS + 2000));
        installed.flush();
        return nextWindow++;
    }

    private Score score(int window, String statistic) throws Exception {
        Predicate<Score> isWanted =
                score ->
                        score.getWindowStart().equals(Truth.window(window))
                                && score.getStatistic().equals(statistic);
        try (TopicReader<Score> scores = installed.scores()) {
            return scores.until(all -> all.stream().anyMatch(isWanted)).stream()
                    .filter(isWanted)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private List<Alert> alertsUntil(Predicate<Alert> isThere) throws Exception {
        try (TopicReader<Alert> alerts =
                installed.reader(installed.config().topics().alerts(), Alert.class)) {
            return alerts.until(all -> all.stream().anyMatch(isThere));
        }
    }

    private long told(String path, String state) {
        return people.requests().stream()
                .filter(each -> each.path().equals(path))
                .filter(each -> each.body().contains("\"state\":\"" + state + "\""))
                .count();
    }

    @Test
    void whatIsScoredAndHowSurelyChangesFromOneWindowToTheNext() throws Exception {
        Score before = score(window(0), "psi");

        apply("statistics: [psi, mean]", "statistics: [psi, mean, tvd]");
        assertThat(score(window(0), "tvd").getValue()).isBetween(0.0, 0.2);

        apply("significance: 0.001", "significance: 0.00001");
        assertThat(score(window(0), "psi").getCriticalValue())
                .isGreaterThan(1.2 * before.getCriticalValue());

        apply("min_count: 50", "min_count: 5000");
        Score small = score(window(0), "psi");
        assertThat(small.getStatus()).isEqualTo(ScoreStatus.insufficient_data);
        assertThat(small.getCount()).isBetween((long) ROWS, ROWS + 1L);

        apply("min_count: 5000", "min_count: 50");
        apply("significance: 0.00001", "false_alarms: 1 per 30d");
        assertThat(score(window(0), "psi").getCriticalValue())
                .as("1,440 windows a day share one alarm in thirty days")
                .isGreaterThan(1.2 * before.getCriticalValue());
    }

    @Test
    void silenceIsNoticedByARuleThatIsAppliedWhileItLasts() throws Exception {
        score(window(0), "psi");

        apply("rules:\n", "rules:\n  - {alert: NoData, no_data: 3s}\n");
        alertsUntil(
                alert ->
                        alert.getLabels().get("alertname").equals("NoData")
                                && alert.getState() == AlertState.firing);

        people.await(() -> told("team", "firing") == 1);
        apply("  - {alert: NoData, no_data: 3s}\n", "");
        alertsUntil(
                alert ->
                        alert.getLabels().get("alertname").equals("NoData")
                                && alert.getState() == AlertState.resolved);
    }

    @Test
    void whoIsToldChangesWithInhibitionAndMutedTimes() throws Exception {
        window(0);
        window(2);
        people.await(() -> told("team", "firing") == 1 && told("shift", "firing") == 1);
        window(0);
        people.await(() -> told("team", "resolved") == 1 && told("shift", "resolved") == 1);

        apply(
                "delivery:",
                "inhibit_rules: [{source_matchers: ['alertname=\"Drift\"'], target_matchers:"
                        + " ['alertname=\"Shift\"'], equal: [feature]}]\ndelivery:");
        window(2);
        people.await(() -> told("team", "firing") == 2);
        window(0);
        people.await(() -> told("team", "resolved") == 2);
        assertThat(told("shift", "firing")).as("Shift is inhibited by Drift").isEqualTo(1);

        String text = Files.readString(file);
        int begin = text.indexOf("inhibit_rules:");
        apply(text.substring(begin, text.indexOf("delivery:")), "");
        apply(
                "receiver: shift}\n",
                "receiver: shift}\n    - {matchers: ['alertname=\"Drift\"'], mute_time_intervals:"
                        + " [ever]}\n");
        window(2);
        people.await(() -> told("shift", "firing") == 2);
        window(0);
        people.await(() -> told("shift", "resolved") == 2);
        assertThat(told("team", "firing")).as("Drift is muted").isEqualTo(2);
    }

    @Test
    void aRetrainingIsSubmittedOnceItsGuardRailsAllowIt() throws Exception {
        window(0);
        window(2);
        try (TopicReader<RetrainStatusChange> statuses =
                installed.reader(
                        installed.config().topics().retrainStatus(), RetrainStatusChange.class)) {
            statuses.until(all -> is(all, "dry_run"));
            window(0);
            apply("cooldown: 1ms}", "cooldown: 1ms, dry_run: false}");
            window(2);
            assertThat(statuses.until(all -> is(all, "submitted")))
                    .extracting(RetrainStatusChange::getStatus)
                    .contains("dry_run", "submitted");
        }
    }

    private static boolean is(List<RetrainStatusChange> changes, String status) {
        return changes.stream().anyMatch(change -> change.getStatus().equals(status));
    }
}
