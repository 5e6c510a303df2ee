package io.driftwatch.job.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.fail;

import io.driftwatch.alerts.config.CanaryConfig;
import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.job.cli.CommandLineRun;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.Score;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The section {@code canary} is taken out and put in again between savepoints, under both jobs:
 * what the models' operators have begun goes on as if nothing had happened.
 */
@Timeout(400)
class CanarySavepointIT {
    private static final int ROWS = 300;
    private static final int DRIFTS_FROM = 1;
    private static final int WINDOWS = 6;
    private static final String SKIP = "execution.state-recovery.ignore-unclaimed-state";

    private static final String CONFIG =
            """
            kafka: {bootstrap_servers: "${servers}"}
            flink: {${flink}}
            models:
              - name: basket-value
                profile: basket-value.avro
                streams: [{role: inference, topic: baskets, format: json, event_time: at,
                           out_of_orderness: 1s}]
                window: {size: 1m, min_count: 50}
                features: {amount: {type: numeric, path: /basket/amount}}
                statistics: [psi]
            rules:
              - {alert: Drift, statistic: psi, above: 0.5}
            route: {receiver: team, group_wait: 0s, group_interval: 1s}
            receivers:
              - {name: team, webhook: [{url: "${team}", format: json}]}
            delivery: {allow: [127.0.0.1]}
            """;

    @TempDir Path folder;

    private final Truth truth = new Truth(13);

    private Path file() {
        return folder.resolve("driftwatch.yaml");
    }

    /** All of a window, or one of its halves. */
    private void send(Installation installed, int window, int rows) throws Exception {
        double shift = window >= DRIFTS_FROM && window < WINDOWS - 1 ? 2 : 0;
        for (long time : truth.timesIn(window, rows)) {
            installed.send(0, truth.record(time, shift));
        }
        installed.flush();
    }

    private void fly(Installation installed, JobClient notifier) throws Exception {
        CommandLineRun flight = CommandLineRun.of("canary", "-c", file(), "--within", "90s");
        if (flight.code() != 0) {
            try (TopicReader<Delivery> deliveries =
                    installed.reader(installed.config().topics().deliveries(), Delivery.class)) {
                fail(
                        "%s%s, notify is %s and has delivered %s",
                        flight.out(),
                        flight.err(),
                        notifier.getJobStatus().get(),
                        deliveries.all());
            }
        }
        assertThat(flight.out()).contains("detected after", "and its end too");
    }

    private static void awaitScoreOf(Installation installed, int window) throws Exception {
        try (TopicReader<Score> scores = installed.scores()) {
            scores.until(
                    all ->
                            all.stream()
                                    .anyMatch(
                                            s -> s.getWindowStart().equals(Truth.window(window))));
        }
    }

    @Test
    void theSectionComesAndGoesAndEveryCountGoesOn() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (MoodyReceiver team = new MoodyReceiver()) {
            String off = CONFIG.replace("${team}", team.url("team"));
            String on = off + "canary: {url: 'http://127.0.0.1:" + port + "/'}\n";
            try (Installation installed = new Installation(folder, with("", on), 1)) {
                CommandLineRun topics = CommandLineRun.of("topics", "create", "-c", file());
                assertThat(topics.code()).as(topics.err()).isZero();

                JobClient monitor = installed.liveMonitor(2, null);
                JobClient notifier = installed.liveNotifier(RetryPolicy.standard(), null);
                send(installed, 0, ROWS);
                send(installed, 1, ROWS);
                send(installed, 2, ROWS / 2);
                fly(installed, notifier);
                awaitScoreOf(installed, 1);
                team.await(() -> team.requests().size() == 1);
                String monitorState = installed.stop(monitor, false);
                String notifyState = installed.stop(notifier, false);

                installed.reconfigure(with("", off));
                String whole = monitorState;
                Throwable refusal = catchThrowable(() -> installed.liveMonitor(2, whole));
                assertThat(refusal).isNotNull();
                assertThat(ExceptionUtils.stringifyException(refusal))
                        .as("what Flink says to state that nobody claims")
                        .contains("because the operator is not available in the new program")
                        .contains("--allowNonRestoredState");

                installed.reconfigure(with(SKIP + ": 'true'", off));
                monitor = installed.liveMonitor(2, monitorState);
                installed.reconfigure(with("", off));
                notifier = installed.liveNotifier(RetryPolicy.standard(), notifyState);
                send(installed, 2, ROWS / 2);
                send(installed, 3, ROWS);
                send(installed, 4, ROWS / 2);
                awaitScoreOf(installed, 3);
                monitorState = installed.stop(monitor, false);
                notifyState = installed.stop(notifier, false);
                int flown = alertsOf(installed, CanaryConfig.NAME).size();
                assertThat(flown).as("nobody has judged the canary without it").isEqualTo(2);

                installed.reconfigure(with("", on));
                monitor = installed.liveMonitor(1, monitorState);
                notifier = installed.liveNotifier(RetryPolicy.standard(), notifyState);
                send(installed, 4, ROWS / 2);
                send(installed, WINDOWS - 1, ROWS);
                awaitScoreOf(installed, 4);
                fly(installed, notifier);
                installed.stop(monitor, true);
                team.await(() -> team.requests().size() == 2);
                notifier.cancel().get();

                assertThat(counts(installed)).isEqualTo(truth.rows());
                assertThat(alertsOf(installed, "basket-value"))
                        .extracting(a -> a.getState() + " in episode " + a.getEpisode())
                        .as("one episode, over all of it")
                        .containsExactly("firing in episode 1", "resolved in episode 1");
                assertThat(alertsOf(installed, CanaryConfig.NAME)).hasSize(4);
                assertThat(team.requests())
                        .as("the team heard of the model, and of nothing else")
                        .allMatch(each -> each.body().contains("basket-value"))
                        .noneMatch(each -> each.body().contains(CanaryConfig.NAME));
            }
        }
    }

    private static String with(String flink, String yaml) {
        return yaml.replace("${flink}", flink);
    }

    private static List<Alert> alertsOf(Installation installed, String model) {
        try (TopicReader<Alert> alerts =
                installed.reader(installed.config().topics().alerts(), Alert.class)) {
            return alerts.all().stream()
                    .filter(alert -> alert.getScore().getModel().equals(model))
                    .toList();
        }
    }

    /** Of each window once: nothing was in doubt that would have to be scored again. */
    private static Map<Instant, Long> counts(Installation installed) {
        Map<Instant, Long> counts = new TreeMap<>();
        try (TopicReader<Score> scores = installed.scores()) {
            for (Score score : scores.all()) {
                Long before = counts.put(score.getWindowStart(), score.getCount());
                assertThat(before).as("%s", score.getWindowStart()).isNull();
            }
        }
        return counts;
    }
}
