package io.driftwatch.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.alerts.config.CanaryConfig;
import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.job.cli.CommandLineRun;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Score;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.execution.JobClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The self-test of running jobs, by the command as a user types it. */
@Timeout(240)
class CanaryIT {
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
              - {alert: Drift, statistic: psi, above: 0.0001}
            route: {receiver: team, group_wait: 0s, group_interval: 1s}
            receivers:
              - {name: team, webhook: [{url: "${team}", format: json}]}
              - {name: asked, webhook: [{url: "${asked}", format: json}]}
            delivery: {allow: [127.0.0.1]}
            canary: ${canary}
            """;

    @TempDir Path folder;

    private MoodyReceiver people;
    private int port;

    @BeforeEach
    void findPort() throws Exception {
        people = new MoodyReceiver();
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    @AfterEach
    void close() {
        people.close();
    }

    private Installation install(String canary) throws Exception {
        Installation installed =
                new Installation(
                        folder,
                        CONFIG.replace("${team}", people.url("team"))
                                .replace("${asked}", people.url("asked"))
                                .replace("${canary}", canary.replace("${port}", port + "")),
                        1);
        return installed;
    }

    private void createTopic() {
        CommandLineRun topics = CommandLineRun.of("topics", "create", "-c", file());
        assertThat(topics.out()).contains("driftwatch.canary");
    }

    private Path file() {
        return folder.resolve("driftwatch.yaml");
    }

    private JsonNode fly(int code, String... more) throws Exception {
        Object[] line = new Object[5 + more.length];
        List<Object> begin = List.of("canary", "-c", file(), "--output", "json");
        for (int i = 0; i < begin.size(); i++) {
            line[i] = begin.get(i);
        }
        System.arraycopy(more, 0, line, begin.size(), more.length);
        CommandLineRun run = CommandLineRun.of(line);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).as(run.out()).isEqualTo(code);
        return new ObjectMapper().readTree(run.out());
    }

    @Test
    void theDriftAndItsEndAreToldAgainAndAgainAndToNobodyElse() throws Exception {
        try (Installation installed = install("{url: 'http://127.0.0.1:${port}/'}")) {
            createTopic();
            JobClient monitor = installed.liveMonitor(2, null);
            JobClient notifier = installed.liveNotifier(RetryPolicy.standard(), null);

            for (int flight = 0; flight < 2; flight++) {
                JsonNode result = fly(0, "--within", "90s");
                assertThat(result.path("detected").asBoolean()).isTrue();
                assertThat(result.path("resolved").asBoolean()).isTrue();
                assertThat(result.path("delay_seconds").asDouble()).isGreaterThan(0).isLessThan(90);
                assertThat(result.path("reason").isNull()).isTrue();
            }

            assertThat(people.requests()).isEmpty();
            try (TopicReader<Score> scores = installed.scores();
                    TopicReader<Alert> alerts =
                            installed.reader(installed.config().topics().alerts(), Alert.class)) {
                assertThat(scores.all()).isEmpty();
                assertThat(alerts.all())
                        .extracting(Alert::getState)
                        .containsExactly(
                                AlertState.firing,
                                AlertState.resolved,
                                AlertState.firing,
                                AlertState.resolved);
                assertThat(alerts.all())
                        .allSatisfy(
                                alert ->
                                        assertThat(alert.getLabels())
                                                .containsAllEntriesOf(
                                                        Map.of(
                                                                "model", CanaryConfig.NAME,
                                                                "alertname", "DriftwatchCanary",
                                                                "canary", "true")));
            }
            monitor.cancel().get();
            notifier.cancel().get();
        }
    }

    @Test
    void whoAsksForItHearsOfItAndADeadJobIsNamed() throws Exception {
        String canary = "{url: 'http://127.0.0.1:${port}/', receiver: asked}";
        try (Installation installed = install(canary)) {
            assertThat(CommandLineRun.of("canary", "-c", file()).err())
                    .contains("do not exist: driftwatch.canary", "driftwatch topics create");
            createTopic();
            JsonNode nothingRuns = fly(1, "--within", "2s");
            assertThat(nothingRuns.path("detected").asBoolean()).isFalse();
            assertThat(nothingRuns.path("delay_seconds").isNull()).isTrue();
            assertThat(nothingRuns.path("reason").asText())
                    .contains("within 2s", "there is no alert on driftwatch.alerts", "monitor job");

            JobClient monitor = installed.liveMonitor(1, null);
            awaitAlertOfTheCanary(installed);
            JsonNode mute = fly(1, "--within", "15s");
            assertThat(mute.path("reason").asText())
                    .contains("the alert is on driftwatch.alerts", "notify job");

            JobClient notifier = installed.liveNotifier(RetryPolicy.standard(), null);
            assertThat(fly(0, "--within", "90s").path("detected").asBoolean()).isTrue();
            people.await(
                    () ->
                            people.requests().stream()
                                    .anyMatch(each -> each.body().contains("made by driftwatch")));
            assertThat(people.requests())
                    .extracting(MoodyReceiver.Request::path)
                    .containsOnly("asked");
            monitor.cancel().get();
            notifier.cancel().get();
        }
    }

    /** The topic is read from its end on, where nobody has read before: that must have begun. */
    private void awaitAlertOfTheCanary(Installation installed) throws Exception {
        try (TopicReader<Alert> alerts =
                installed.reader(installed.config().topics().alerts(), Alert.class)) {
            while (alerts.all().isEmpty()) {
                CommandLineRun.of("canary", "-c", file(), "--within", "1s");
            }
        }
    }
}
