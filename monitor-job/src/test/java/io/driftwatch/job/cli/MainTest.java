package io.driftwatch.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.job.Main;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

@Timeout(60)
class MainTest {
    private static final String MODEL =
            """
            models:
              - name: flights
                profile: flights.avro
                streams: [{role: inference, topic: flights, event_time: at}]
                window: {size: 1h}
            """;
    private static final String RULES =
            """
            rules: [{alert: Drift, statistic: psi, above: 0.2}]
            receivers: [{name: team, webhook: [{url: "https://hook.example/x"}]}]
            """;

    @TempDir private Path folder;
    private Path config;

    @BeforeEach
    void namesTheConfiguration() {
        config = folder.resolve("driftwatch.yaml");
    }

    private void write(String yaml) throws IOException {
        Files.writeString(config, yaml);
    }

    static Stream<String> commands() {
        return Stream.of(Main.class.getAnnotation(Command.class).subcommands())
                .map(c -> c.getAnnotation(Command.class).name());
    }

    @Test
    void hasTheCommandsThatItIsDocumentedToHave() {
        assertThat(commands())
                .containsExactlyInAnyOrder(
                        "apply",
                        "canary",
                        "demo",
                        "profile",
                        "check",
                        "thresholds",
                        "monitor",
                        "notify",
                        "replay",
                        "retrain",
                        "routes",
                        "silence",
                        "status",
                        "test",
                        "topics");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("commands")
    void everyCommandExplainsItselfWithExamples(String command) {
        CommandLineRun run = CommandLineRun.of(command, "--help");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("Usage: driftwatch " + command).contains("Examples:");
        assertThat(run.err()).isEmpty();
    }

    /** The list of all commands shows what a description begins with, and no more. */
    @Test
    void theListOfCommandsHasAWholeSentenceAboutEach() {
        assertThat(Main.class.getAnnotation(Command.class).subcommands())
                .extracting(c -> c.getAnnotation(Command.class).description()[0])
                .allSatisfy(first -> assertThat(first).matches(".*[.?]"));
    }

    @ParameterizedTest(name = "driftwatch {0}")
    @ValueSource(strings = {"", "--help", "-h"})
    void explainsItselfWithoutACommand(String argument) {
        CommandLineRun run = argument.isEmpty() ? CommandLineRun.of() : CommandLineRun.of(argument);

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("Usage: driftwatch")
                .contains("Examples:")
                .contains("Exit codes:");
    }

    @Test
    void tellsItsVersion() {
        CommandLineRun run = CommandLineRun.of("--version");

        assertThat(run.code()).isZero();
        assertThat(run.out().trim()).matches("driftwatch \\d+\\.\\d+\\.\\d+.*");
    }

    @ParameterizedTest(name = "driftwatch {0}")
    @CsvSource({
        "frobnicate, frobnicate",
        "check, FILE",
        "check --frobnicate x.yaml, --frobnicate",
        "replay --config x.yaml, --input",
        "monitor, --config",
        "topics --config x.yaml, plan|create",
        "topics destroy --config x.yaml, destroy",
        "monitor --config x.yaml --parallelism many, many",
        "profile --config x.yaml --from 2001-02-30, 2001-02-30",
        "profile --config x.yaml --until yesterday, yesterday"
    })
    void refusesAWrongCommandLine(String line, String named) {
        CommandLineRun run = CommandLineRun.of((Object[]) line.split(" "));

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(named).contains("driftwatch");
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "profile --input inference=x.csv --output p.avro",
                "monitor --embedded",
                "notify --embedded",
                "replay --input inference=x.csv --output out",
                "topics plan"
            })
    void namesEveryMistakeInTheConfigurationAtOnce(String command) throws IOException {
        write("models:\n  - name: flights\n    windw: {size: 1h}\n");

        CommandLineRun run =
                CommandLineRun.of((Object[]) (command + " --config " + config).split(" "));

        assertThat(run.code()).isEqualTo(ExitCode.INPUT);
        assertThat(run.err())
                .contains(config + ":2:5: models[0].profile: missing")
                .contains(config + ":2:5: models[0].streams: is missing")
                .contains(config + ":3:5: models[0]: unknown key 'windw'; did you mean 'window'?")
                .contains("4 mistakes.")
                .doesNotContain("Exception");
    }

    @Test
    void saysThatThereIsNoSuchConfiguration() {
        CommandLineRun run = CommandLineRun.of("monitor", "-c", config);

        assertThat(run.code()).isEqualTo(ExitCode.INPUT);
        assertThat(run.err())
                .contains(config + ":1:1: there is no such file; check its path")
                .contains("1 mistake.");
    }

    @Test
    void showsWhereItFailedOnlyWhenAsked() {
        assertThat(CommandLineRun.of("monitor", "-c", config, "--verbose").err())
                .contains("ConfigException")
                .contains("\tat ");
    }

    @Test
    void checksAFileWithoutMistakes() throws IOException {
        write(MODEL + RULES);

        CommandLineRun run = CommandLineRun.of("check", config);

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("Checking '" + config + "'  SUCCESS")
                .contains(
                        "warning: " + folder.resolve("flights.avro") + ": there is no such profile")
                .contains("- 1 model(s)")
                .contains("- 1 rule(s)")
                .contains("- 1 receiver(s)");
    }

    @Test
    void checksSeveralFilesAndNamesTheMistakesOfEach() throws IOException {
        write(MODEL + RULES);
        Path other = folder.resolve("other.yaml");
        Files.writeString(other, "models: []\n");
        Path missing = folder.resolve("missing.yaml");

        CommandLineRun run = CommandLineRun.of("check", config, other, missing);

        assertThat(run.code()).isEqualTo(ExitCode.INPUT);
        assertThat(run.out())
                .contains("Checking '" + config + "'  SUCCESS")
                .contains("Checking '" + other + "'  FAILED")
                .contains("  " + other + ":1:1: models: is empty")
                .contains("Checking '" + missing + "'  FAILED")
                .contains("  " + missing + ":1:1: there is no such file");
    }

    @Test
    void takesAProfileThatIsNoneForAMistake() throws IOException {
        write(MODEL + RULES);
        Files.writeString(folder.resolve("flights.avro"), "oops");

        CommandLineRun run = CommandLineRun.of("check", config);

        assertThat(run.code()).isEqualTo(ExitCode.INPUT);
        assertThat(run.out()).contains("FAILED").contains("is not a usable profile");
    }

    @Test
    void warningsFailOnlyWhereTheyAreFatal() throws IOException {
        write(MODEL);

        assertThat(CommandLineRun.of("check", config).code()).isZero();
        CommandLineRun fatal = CommandLineRun.of("check", "--lint-fatal", config);
        assertThat(fatal.code()).isEqualTo(ExitCode.LINT);
        assertThat(fatal.out()).contains("SUCCESS").contains("warning: there are no rules");
    }

    /** Nobody listens there any more. */
    private static String closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "topics plan --config",
                "topics create --config",
                "check --online",
                "notify --embedded --config"
            })
    @Timeout(20)
    void saysThatTheBrokerDoesNotAnswer(String command) throws IOException {
        String broker = closedPort();
        write(
                "kafka: {bootstrap_servers: '"
                        + broker
                        + "', properties: {default.api.timeout.ms: 1500, request.timeout.ms: 500}}\n"
                        + MODEL
                        + RULES);

        CommandLineRun run = CommandLineRun.of((Object[]) (command + " " + config).split(" "));

        assertThat(run.code()).isEqualTo(ExitCode.INPUT);
        assertThat(run.out() + run.err())
                .contains("Kafka at " + broker + " does not answer")
                .contains("kafka.bootstrap_servers");
    }

    @Test
    @Timeout(20)
    void saysThatTheBrokersNameIsUnknown() throws IOException {
        write("kafka: {bootstrap_servers: 'no-such-host.invalid:9092'}\n" + MODEL + RULES);

        CommandLineRun run = CommandLineRun.of("topics", "plan", "-c", config);

        assertThat(run.code()).isEqualTo(ExitCode.INPUT);
        assertThat(run.err())
                .contains("Kafka at no-such-host.invalid:9092")
                .contains("No resolvable bootstrap urls");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "topics plan --config",
                "monitor --embedded --config",
                "notify --embedded --config",
                "profile --from-topic inference --config",
                "check --online"
            })
    void saysThatACommandNeedsKafka(String command) throws IOException {
        write(MODEL + RULES);

        CommandLineRun run = CommandLineRun.of((Object[]) (command + " " + config).split(" "));

        assertThat(run.code()).isEqualTo(ExitCode.INPUT);
        assertThat(run.out() + run.err()).contains("has no kafka section");
    }

    @Test
    @Timeout(30)
    void saysThatAReferenceTopicCannotBeRead() throws IOException {
        String broker = closedPort();
        write(
                "kafka: {bootstrap_servers: '"
                        + broker
                        + "', properties: {default.api.timeout.ms: 1000, request.timeout.ms: 500}}\n"
                        + MODEL);

        CommandLineRun run =
                CommandLineRun.of("profile", "-c", config, "--from-topic", "inference");

        assertThat(run.code()).isEqualTo(ExitCode.INPUT);
        assertThat(run.err()).contains("cannot read topic 'flights': Kafka at " + broker);
    }

    @Test
    void refusesCsvOnKafka() throws IOException {
        write(
                "kafka: {bootstrap_servers: 'localhost:1'}\n"
                        + MODEL.replace("event_time: at", "event_time: at, format: csv"));
        io.driftwatch.job.profile.ProfileFile.write(
                folder.resolve("flights.avro"),
                List.of(
                        io.driftwatch.job.profile.TestingProfiles.flights(
                                io.driftwatch.job.tally.SampleKey.whole("flights", "default"))));

        CommandLineRun run = CommandLineRun.of("monitor", "--embedded", "-c", config);

        assertThat(run.code()).isEqualTo(ExitCode.INPUT);
        assertThat(run.err())
                .contains("model 'flights', stream 'inference': format csv is for files");
    }

    @Test
    void asksWhereAJobShallRun() throws IOException {
        write("kafka: {bootstrap_servers: 'localhost:1'}\n" + MODEL + RULES);

        CommandLineRun run = CommandLineRun.of("notify", "-c", config);

        assertThat(run.code()).isEqualTo(ExitCode.INPUT);
        assertThat(run.err()).contains("where shall the job run?").contains("--embedded");
    }
}
