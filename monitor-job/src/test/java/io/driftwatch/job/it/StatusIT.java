package io.driftwatch.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.job.cli.CommandLineRun;
import io.driftwatch.job.cli.ExitCode;
import io.driftwatch.job.it.MoodyReceiver.Mood;
import io.driftwatch.schemas.Delivery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.flink.core.execution.JobClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code driftwatch status} beside running jobs, a real broker and Flink's REST interface. */
class StatusIT {
    private static final int PORTS = 8;
    private static final String CONFIG =
            """
            kafka: {bootstrap_servers: "${servers}"}
            models:
              - name: basket-value
                profile: basket-value.avro
                streams:
                  - {role: inference, topic: baskets, format: json, event_time: at,
                     out_of_orderness: 1s, idle_after: 5s}
                window: {size: 1m, min_count: 50}
                features:
                  amount: {type: numeric, path: /basket/amount}
                  country: {type: categorical}
                statistics: [psi, missing_rate]
            rules:
              - {alert: AmountDrift, statistic: psi, above: 0.2, features: amount, severity: critical}
            route: {receiver: team, group_by: [model], group_wait: 100ms, group_interval: 1s}
            delivery: {allow: [127.0.0.1]}
            receivers:
              - {name: team, webhook: [{url: "${well}", format: json}, {url: "${fails}", format: json}]}
            flink: {rest.bind-port: "${ports}"}
            """;
    private static final RetryPolicy SHORT =
            new RetryPolicy(
                    List.of(Duration.ofMillis(50)),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(1));

    @TempDir Path folder;

    @Test
    @Timeout(300)
    void saysHowFarTheJobsAreWhatFiresAndWhatIsWrong() throws Exception {
        int port = freePort();
        try (MoodyReceiver receiver = new MoodyReceiver();
                Installation installed =
                        new Installation(
                                folder,
                                CONFIG.replace("${well}", receiver.url("well"))
                                        .replace("${fails}", receiver.url("fails"))
                                        .replace("${ports}", port + "-" + (port + PORTS - 1)),
                                2)) {
            receiver.set("fails", Mood.FAILS);
            CommandLineRun before = status("--flink", "http://127.0.0.1:" + port);
            assertThat(before.code()).isEqualTo(ExitCode.INPUT);
            assertThat(before.out())
                    .contains("Kafka answers", "1 problem:", "Flink at http://127.0.0.1:" + port);
            assertThat(status().out()).contains("Nothing is wrong.");
            assertThat(status().code()).isEqualTo(ExitCode.FINE);

            Truth truth = new Truth(3);
            send(installed, truth, 0, 1);
            assertThat(status().out())
                    .contains("the monitor job has never committed how far it is in baskets");

            JobClient monitor = installed.monitor(2, null, installed.kafka());
            JobClient notifier = installed.notifier(SHORT, null);
            send(installed, truth, 1, 4);
            try (TopicReader<Delivery> deliveries =
                    installed.reader(installed.config().topics().deliveries(), Delivery.class)) {
                deliveries.until(all -> all.size() == 2);
            }
            assertThat(silence("add", "--comment", "a new sensor", "feature=other").code())
                    .isZero();

            String flink = String.join(",", webPages(port));
            JsonNode json =
                    jsonUntil(
                            found ->
                                    found.at("/topics/0/lag").asLong() == 0
                                            && found.at("/topics/0/records").asLong() == 801
                                            && found.at("/topics/1/lag").asLong() == 0,
                            "--flink",
                            flink);

            checkTopics(json);
            checkResults(json);
            checkJobs(json);
            CommandLineRun table = status("--flink", flink);
            assertThat(table.code()).isEqualTo(ExitCode.INPUT);
            assertThat(table.out())
                    .contains(
                            "driftwatch-monitor",
                            "2024-03-01T00:04:00Z",
                            "AmountDrift",
                            "a new sensor",
                            "RUNNING",
                            "1 problem:",
                            "the last delivery to team webhook[1] was exhausted");

            installed.stop(monitor, false);
            notifier.cancel().get();
            send(installed, truth, 5, 6);
            assertThat(problems("--max-lag", "150", "--max-age", "1h"))
                    .anyMatch(p -> p.contains("200 records behind in baskets, more than 150"))
                    .anyMatch(p -> p.contains("ended at 2024-03-01T00:04:00Z, more than 1h ago"))
                    .hasSize(3);
            assertThat(problems("--max-lag", "250", "--max-age", "9999d"))
                    .as("200 unread of 1001")
                    .hasSize(1);
        }
    }

    @Test
    void saysThatKafkaDoesNotAnswer() throws Exception {
        Path file = folder.resolve("driftwatch.yaml");
        Files.writeString(
                file,
                CONFIG.replace("${servers}", "localhost:1")
                        .replace("${well}", "https://example.org/a")
                        .replace("${fails}", "https://example.org/b")
                        .replace("${ports}", "0")
                        .replace(
                                "localhost:1\"",
                                "localhost:1\", properties: {default.api.timeout.ms: 2000,"
                                        + " request.timeout.ms: 1000}"));

        CommandLineRun run = status();

        assertThat(run.code()).isEqualTo(ExitCode.INPUT);
        assertThat(run.out()).contains("Kafka does not answer", "1 problem:", "localhost:1");
    }

    private static void checkTopics(JsonNode json) {
        assertThat(json.at("/reachable").asBoolean()).isTrue();
        JsonNode baskets = json.at("/topics/0");
        assertThat(baskets.path("name").asText()).isEqualTo("baskets");
        assertThat(baskets.path("group").asText()).isEqualTo("driftwatch-monitor");
        assertThat(baskets.path("partitions").asInt()).isEqualTo(2);
        assertThat(baskets.path("progress"))
                .allSatisfy(
                        partition ->
                                assertThat(partition.path("committed").asLong())
                                        .isEqualTo(partition.path("end").asLong()));
        assertThat(json.at("/topics/1/name").asText()).isEqualTo("driftwatch.alerts");
        assertThat(json.at("/topics/1/group").asText()).isEqualTo("driftwatch-notify");
    }

    private static void checkResults(JsonNode json) {
        assertThat(json.path("windows")).hasSize(1);
        JsonNode window = json.at("/windows/0");
        assertThat(window.path("end").asText()).isEqualTo("2024-03-01T00:04:00Z");
        assertThat(window.path("version").asText()).isEqualTo("default");
        assertThat(window.path("samples").asLong()).isEqualTo(200);
        assertThat(window.path("scored").asInt()).as("psi and a rate, of two").isEqualTo(4);
        assertThat(window.path("unscored").asInt()).isZero();
        assertThat(json.path("alerts")).hasSize(1);
        assertThat(json.at("/alerts/0/alert").asText()).isEqualTo("AmountDrift");
        assertThat(json.at("/alerts/0/since").asText()).isEqualTo("2024-03-01T00:03:00Z");
        assertThat(json.at("/endpoints/0/outcome").asText()).isEqualTo("delivered");
        assertThat(json.at("/endpoints/0/undelivered").asInt()).isZero();
        assertThat(json.at("/endpoints/1/outcome").asText()).isEqualTo("exhausted");
        assertThat(json.at("/endpoints/1/undelivered").asInt()).isEqualTo(1);
        assertThat(json.at("/endpoints/1/last_delivered").isNull()).isTrue();
        assertThat(json.at("/silences/0/comment").asText()).isEqualTo("a new sensor");
    }

    private static void checkJobs(JsonNode json) {
        assertThat(json.path("jobs"))
                .extracting(job -> job.path("name").asText())
                .containsExactlyInAnyOrder("driftwatch monitor", "driftwatch notify");
        assertThat(json.path("jobs"))
                .allSatisfy(
                        job -> {
                            assertThat(job.path("state").asText()).isEqualTo("RUNNING");
                            assertThat(job.path("restarts").asLong(-1)).isZero();
                            assertThat(job.path("last_checkpoint").asText()).startsWith("20");
                            // Those that were due before all tasks ran count as failed.
                            assertThat(job.path("failed_checkpoints").asLong(-1)).isNotNegative();
                        });
    }

    /** Windows of 200 rows, the last two of four with drift; one more record closes the last. */
    private static void send(Installation installed, Truth truth, int from, int to)
            throws Exception {
        int sent = 0;
        for (int window = from; window < to; window++) {
            for (long time : truth.timesIn(window, 200)) {
                installed.send(sent++ % 2, truth.record(time, window >= 2 ? 2 : 0));
            }
        }
        if (to == 4) {
            installed.send(0, truth.record(4 * Truth.WINDOW_MILLIS + 5000, 0));
        }
        installed.flush();
    }

    private CommandLineRun status(String... more) {
        return run("status", more);
    }

    private CommandLineRun silence(String action, String... more) {
        List<String> rest = new ArrayList<>(List.of(more));
        rest.add(0, action);
        return run("silence", rest.toArray(String[]::new));
    }

    private CommandLineRun run(String command, String... more) {
        List<Object> line = new ArrayList<>();
        line.add(command);
        line.addAll(List.of(more));
        line.add("-c");
        line.add(folder.resolve("driftwatch.yaml"));
        return CommandLineRun.of(line.toArray());
    }

    private List<String> problems(String... more) throws IOException {
        List<String> problems = new ArrayList<>();
        json(more).path("problems").forEach(each -> problems.add(each.asText()));
        return problems;
    }

    private JsonNode json(String... more) throws IOException {
        List<String> line = new ArrayList<>(List.of(more));
        line.addAll(List.of("--output", "json"));
        CommandLineRun run = status(line.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        return new ObjectMapper().readTree(run.out());
    }

    /** Offsets are committed a moment after a checkpoint: looks until they are. */
    private JsonNode jsonUntil(Predicate<JsonNode> wanted, String... more) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        JsonNode found = json(more);
        while (!wanted.test(found)) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(
                        "status did not come to say what was expected: " + found);
            }
            found = json(more);
        }
        return found;
    }

    /** Where the two clusters listen, among the ports that they may choose from. */
    private static List<String> webPages(int first) throws InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        List<String> found = new ArrayList<>();
        for (int port = first; port < first + PORTS; port++) {
            String address = "http://127.0.0.1:" + port;
            URI overview = URI.create(address + "/jobs/overview");
            try {
                var answer =
                        client.send(
                                HttpRequest.newBuilder(overview).build(),
                                HttpResponse.BodyHandlers.ofString());
                if (answer.body().contains("driftwatch ")) {
                    found.add(address);
                }
            } catch (IOException nobody) {
                // Another port.
            }
        }
        return found;
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
