package io.driftwatch.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.job.it.RecordingReceiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code driftwatch notify test}, without a broker and without a cluster. */
class NotifyTestCommandTest {
    @TempDir private Path folder;
    private RecordingReceiver receiver;
    private Path config;

    @BeforeEach
    void starts() throws IOException {
        receiver = new RecordingReceiver();
        config = folder.resolve("driftwatch.yaml");
        Files.writeString(
                config,
                """
                models:
                  - name: flights
                    profile: flights.avro
                    streams: [{role: inference, topic: flights, event_time: at}]
                    window: {size: 1h}
                route: {receiver: team}
                delivery: {allow: [127.0.0.1, localhost]}
                receivers:
                  - {name: team, slack: [{url: "%s"}], webhook: [{url: "%s", headers: {X-Key: S3CRET}}]}
                  - {name: gone, discord: [{url: "http://localhost:1/"}]}
                """
                        .formatted(receiver.url(), receiver.url()));
    }

    @AfterEach
    void stops() {
        receiver.close();
    }

    private CommandLineRun test(String... more) {
        Object[] line = new Object[4 + more.length];
        System.arraycopy(new Object[] {"notify", "test", "-c", config}, 0, line, 0, 4);
        System.arraycopy(more, 0, line, 4, more.length);
        return CommandLineRun.of(line);
    }

    @Test
    void sendsASampleToEveryEndpointOfAReceiver() {
        CommandLineRun run = test("--receiver=team");

        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines())
                .containsExactly(
                        "team, slack[0]: delivered (HTTP 200: ok)",
                        "team, webhook[0]: delivered (HTTP 200: ok)");
        assertThat(run.code()).isZero();
        assertThat(receiver.bodies())
                .hasSize(2)
                .allMatch(body -> body.toString().contains("This is a test of Driftwatch"));
    }

    @Test
    void saysWhichEndpointFailed() {
        CommandLineRun run = test();

        assertThat(run.out()).contains("gone, discord[0]: FAILED (the connection was refused)");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void printsRequestsWithoutSecretsAndSendsNothing() {
        CommandLineRun run = test("--dry-run", "--resolved");

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("# team, slack[0]\nPOST <secret>\nContent-Type: application/json")
                .contains("X-Key: <secret>")
                .contains("# gone, discord[0]")
                .contains("resolved in sample-model")
                .doesNotContain("S3CRET", "localhost");
        assertThat(receiver.bodies()).isEmpty();
    }

    @Test
    void namesTheReceiversThatThereAre() {
        CommandLineRun run = test("--receiver=taem");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("no receiver has this name; there are team, gone");
    }

    @Test
    void itsOptionsAreNotForTheJob() {
        CommandLineRun run = CommandLineRun.of("notify", "-c", config, "--dry-run");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("are of driftwatch notify test");
    }
}
