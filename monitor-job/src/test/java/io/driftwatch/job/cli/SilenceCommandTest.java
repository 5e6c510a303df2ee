package io.driftwatch.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.job.kafka.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SilenceCommandTest {
    @TempDir private static Path folder;
    private static EmbeddedBroker broker;
    private static Path config;

    @BeforeAll
    static void install() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("kafka"));
        config = config("silences.yaml", broker.bootstrapServers(), "control");
        assertThat(CommandLineRun.of("topics", "create", "-c", config).code()).isZero();
    }

    private static Path config(String name, String servers, String topic) throws Exception {
        return Files.writeString(
                folder.resolve(name),
                """
                kafka:
                  bootstrap_servers: "%s"
                  properties: {default.api.timeout.ms: 2000, request.timeout.ms: 1000, max.block.ms: 2000}
                topics: {control: %s}
                models:
                  - name: flights
                    profile: flights.avro
                    streams: [{role: inference, topic: flights, event_time: at}]
                    window: {size: 1h}
                """
                        .formatted(servers, topic));
    }

    @AfterAll
    static void uninstall() throws Exception {
        broker.close();
    }

    private static CommandLineRun silence(Path file, String action, String... more) {
        Object[] line = new Object[4 + more.length];
        System.arraycopy(new Object[] {"silence", action, "-c", file}, 0, line, 0, 4);
        System.arraycopy(more, 0, line, 4, more.length);
        return CommandLineRun.of(line);
    }

    @Test
    void whatIsAddedIsListedUntilItIsExpired() {
        CommandLineRun added =
                silence(
                        config,
                        "add",
                        "--comment",
                        "a new sensor",
                        "--author",
                        "ada",
                        "--duration",
                        "2h",
                        "feature=~\"temp_.*\"",
                        "severity!=\"critical\"");
        assertThat(added.err()).isEmpty();
        String id = added.out().strip();
        assertThat(id).matches("[0-9a-f-]{36}");

        assertThat(silence(config, "list").out())
                .contains(id, "active", "ada", "a new sensor", "feature=~\"temp_.*\"");
        assertThat(silence(config, "list", "--quiet").out()).contains(id);

        assertThat(silence(config, "expire", id).code()).isZero();
        assertThat(silence(config, "list", "--quiet").out()).doesNotContain(id);
        assertThat(silence(config, "list", "--expired").out()).contains(id, "expired");
    }

    @Test
    void oneThatIsToBeginLaterIsPending() {
        CommandLineRun added =
                silence(
                        config,
                        "add",
                        "--comment",
                        "maintenance",
                        "--from",
                        "2999-01-01T00:00:00Z",
                        "--until",
                        "2999-01-02T00:00:00Z",
                        "model=flights");

        assertThat(added.err()).isEmpty();
        assertThat(silence(config, "list").out()).contains(added.out().strip(), "pending");
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        assertThat(silence(config, "add", "--comment", "x", "model=~\".*\""))
                .satisfies(
                        run -> {
                            assertThat(run.code()).isEqualTo(ExitCode.INPUT);
                            assertThat(run.err()).contains("needs a matcher that not every alert");
                        });
        assertThat(silence(config, "add", "model=x").code()).isEqualTo(ExitCode.USAGE);
        assertThat(silence(config, "add", "--comment", "x", "--duration", "soon", "m=x").err())
                .contains("--duration: ", "soon");
        assertThat(silence(config, "add", "--comment", "x", "--until", "soon", "m=x").err())
                .contains("--until 'soon' is not a time");
        assertThat(silence(config, "expire", "no-such-id").err())
                .contains("there is no silence no-such-id");
        Path other = config("other.yaml", broker.bootstrapServers(), "absent");
        assertThat(silence(other, "list").err())
                .contains("there is no topic absent", "driftwatch topics create");
        Path away = config("away.yaml", "localhost:1", "control");
        assertThat(silence(away, "list").err())
                .contains("does not answer", "check kafka.bootstrap_servers");
        assertThat(silence(away, "add", "--comment", "x", "m=x").err())
                .contains("does not answer", "check kafka.bootstrap_servers");
    }

    @Test
    void theirTopicKeepsTheLastOfEachForEver() throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "control");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            String policy =
                    admin.describeConfigs(java.util.List.of(topic))
                            .all()
                            .get(10, TimeUnit.SECONDS)
                            .get(topic)
                            .get("cleanup.policy")
                            .value();
            assertThat(policy).isEqualTo("compact");
        }
    }
}
