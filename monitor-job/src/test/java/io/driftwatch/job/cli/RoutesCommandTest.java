package io.driftwatch.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutesCommandTest {
    @TempDir private Path folder;
    private Path config;

    @BeforeEach
    void writesTheConfiguration() throws IOException {
        config = folder.resolve("driftwatch.yaml");
        Files.writeString(
                config,
                """
                models:
                  - name: flights
                    profile: flights.avro
                    streams: [{role: inference, topic: flights, event_time: at}]
                    window: {size: 1h}
                time_intervals:
                  - {name: nights, time_intervals: [{times: [{start_time: "00:00", end_time: "06:00"}]}]}
                route:
                  receiver: team
                  routes:
                    - matchers: ['severity="critical"', 'model=~"flight.*"']
                      receiver: pager
                      continue: true
                    - {matchers: ['severity=~"critical|warning"'], receiver: log, active_time_intervals: [nights]}
                receivers: [{name: team}, {name: pager}, {name: log}]
                """);
    }

    private CommandLineRun test(String... arguments) {
        List<String> line = new ArrayList<>(List.of("routes", "test", "-c", config.toString()));
        line.addAll(List.of(arguments));
        return CommandLineRun.of(line.toArray());
    }

    @Test
    void showsTheTree() {
        CommandLineRun run = CommandLineRun.of("routes", "show", "-c", config.toString());

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .isEqualToNormalizingNewlines(
                        """
                        Routing tree:
                        .
                        └── default route  receiver: team
                            ├── {model=~"flight.*",severity="critical"}  continue: true  receiver: pager
                            └── {severity=~"critical|warning"}  receiver: log  active: nights
                        """);
    }

    @Test
    void saysWhoIsReached() {
        assertThat(test("severity=critical", "model=flights").out().strip()).isEqualTo("pager,log");
        assertThat(test("severity=critical", "model=trains").out().strip()).isEqualTo("log");
        assertThat(test("severity=info").out().strip()).isEqualTo("team");
        assertThat(test(new String[0]).out().strip()).isEqualTo("team");
    }

    @Test
    void holdsTheReceiversAgainstThoseExpected() {
        assertThat(test("--verify.receivers=log", "severity=warning").code()).isZero();

        CommandLineRun wrong = test("--verify.receivers=pager,team", "severity=warning");
        assertThat(wrong.code()).isEqualTo(1);
        assertThat(wrong.err()).contains("these labels reach log and not pager,team");
    }

    @Test
    void refusesWhatIsNoLabel() {
        CommandLineRun run = test("severity");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("'severity' is not a label; use for example");
    }

    @Test
    void asksWhatToDo() {
        assertThat(CommandLineRun.of("routes").code()).isEqualTo(2);
    }
}
