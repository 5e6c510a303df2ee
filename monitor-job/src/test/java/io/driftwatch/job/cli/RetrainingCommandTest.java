package io.driftwatch.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.kafka.EmbeddedBroker;
import io.driftwatch.job.kafka.TopicRecords;
import io.driftwatch.job.source.ControlTopic;
import io.driftwatch.schemas.RetrainCommand;
import io.driftwatch.schemas.RetrainCommandKind;
import io.driftwatch.schemas.RetrainStatusChange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetrainingCommandTest {
    @TempDir private static Path folder;
    private static EmbeddedBroker broker;
    private static Path file;
    private static MonitorConfig config;

    @BeforeAll
    static void install() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("kafka"));
        file =
                Files.writeString(
                        folder.resolve("driftwatch.yaml"),
                        """
                        kafka: {bootstrap_servers: "%s"}
                        models:
                          - name: flights
                            profile: flights.avro
                            streams: [{role: inference, topic: flights, event_time: at}]
                            window: {size: 1h}
                        """
                                .formatted(broker.bootstrapServers()));
        config = ConfigLoader.load(file);
        assertThat(CommandLineRun.of("topics", "create", "-c", file).code()).isZero();
        assertThat(retrain("list").out()).contains("no requests");
        status("a-1", "waiting");
        status("b-1", "awaiting_approval");
        status("a-1", "suppressed");
    }

    private static void status(String id, String status) throws Exception {
        RetrainStatusChange change =
                RetrainStatusChange.newBuilder()
                        .setRequestId(id)
                        .setModel("flights")
                        .setStatus(status)
                        .setReason("a test")
                        .setAt(Instant.EPOCH)
                        .build();
        new TopicRecords<>(
                        config.kafka(),
                        config.topics().retrainStatus(),
                        "",
                        RetrainStatusChange.class)
                .write(Map.of("flights", change));
    }

    @AfterAll
    static void uninstall() throws Exception {
        broker.close();
    }

    private static CommandLineRun retrain(String action, String... more) {
        Object[] line = new Object[4 + more.length];
        System.arraycopy(new Object[] {"retrain", action, "-c", file}, 0, line, 0, 4);
        System.arraycopy(more, 0, line, 4, more.length);
        return CommandLineRun.of(line);
    }

    private static List<RetrainCommand> commands() throws Exception {
        return new TopicRecords<>(
                        config.kafka(),
                        config.topics().control(),
                        ControlTopic.RETRAIN,
                        RetrainCommand.class)
                .all();
    }

    @Test
    void listsWhatIsNotOverOrAllOfIt() {
        assertThat(retrain("list").out())
                .contains("b-1", "awaiting_approval")
                .doesNotContain("a-1");
        assertThat(retrain("list", "--all").out())
                .contains("b-1", "a-1", "suppressed")
                .doesNotContain("waiting ");
    }

    @Test
    void aDecisionAndAReportGoToTheJobWithTheModelOfTheRequest() throws Exception {
        int before = commands().size();

        assertThat(retrain("approve", "b-1", "--by", "ada").code()).isZero();
        assertThat(retrain("reject", "b-1", "a-1", "--by", "bob").code()).isZero();
        assertThat(retrain("report", "b-1", "succeeded", "--url", "https://ci/7").code()).isZero();

        List<RetrainCommand> said = commands().subList(before, before + 4);
        assertThat(said)
                .extracting(RetrainCommand::getKind)
                .containsExactly(
                        RetrainCommandKind.approve,
                        RetrainCommandKind.reject,
                        RetrainCommandKind.reject,
                        RetrainCommandKind.succeeded);
        assertThat(said).allMatch(command -> command.getModel().equals("flights"));
        assertThat(said.get(0).getBy()).isEqualTo("ada");
        assertThat(said.get(3).getUrl()).isEqualTo("https://ci/7");
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(retrain("approve", "no-such").err()).contains("there is no request no-such");
        assertThat(retrain("report", "b-1", "approve").err())
                .contains("accepted, running, succeeded or failed");
        assertThat(retrain("approve").code()).isEqualTo(ExitCode.USAGE);
    }
}
