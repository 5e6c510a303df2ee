package io.driftwatch.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.job.cli.CommandLineRun;
import io.driftwatch.job.cli.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is taken out of the configuration between a savepoint and the start from it: where operators
 * go with it, their state must be allowed to go too, and nowhere else.
 */
@Timeout(400)
class TakenOutIT {
    private static final String FEATURE = ", country: {type: categorical}";
    private static final String CANARY = "canary: {url: \"http://127.0.0.1:8089/\"}\n";
    private static final String RETRAIN = "retrain: {enabled: true}\n";
    private static final String CONFIG =
            """
            kafka: {bootstrap_servers: "${servers}"}
            models:
              - name: basket-value
                profile: basket-value.avro
                streams: [{role: inference, topic: baskets, format: json, event_time: at}]
                window: {size: 1m}
                features: {amount: {type: numeric, path: /basket/amount}${feature}}
                statistics: [psi]
            rules:
              - {alert: Drift, statistic: psi, above: 0.5}
            route: {receiver: team}
            receivers:
              - {name: team, webhook: [{url: "http://127.0.0.1:9/", format: json}]}
            delivery: {allow: [127.0.0.1]}
            """
                            .replace("${feature}", FEATURE)
                    + CANARY
                    + RETRAIN;

    @TempDir private Path folder;

    private Installation installation() throws Exception {
        Installation installed = new Installation(folder, CONFIG, 1);
        Path file = folder.resolve("driftwatch.yaml");
        CommandLineRun topics = CommandLineRun.of("topics", "create", "-c", file);
        assertThat(topics.code()).as(topics.err()).isEqualTo(ExitCode.FINE);
        return installed;
    }

    /** The state in which a job with all of it was. */
    private String savepoint(String command) throws Exception {
        try (CommandLineJob job =
                CommandLineJob.start(command, folder.resolve("driftwatch.yaml"))
                        .awaitCheckpoint()) {
            String answer = job.savepoint(folder.resolve("savepoints-of-" + command));
            return new ObjectMapper().readTree(answer).at("/operation/location").asText();
        }
    }

    /** Starts a job from there, without something. */
    private CommandLineJob start(String command, String without, String savepoint, boolean allowed)
            throws Exception {
        String all = Files.readString(folder.resolve("driftwatch.yaml"));
        assertThat(all).contains(without);
        String options =
                "flink: {execution.state-recovery.path: \"%s\", %s: %b}\n"
                        .formatted(
                                savepoint,
                                "execution.state-recovery.ignore-unclaimed-state",
                                allowed);
        Path file = folder.resolve("less.yaml");
        Files.writeString(file, all.replace(without, "") + options);
        return CommandLineJob.start(command, file);
    }

    private void goesOn(String command, String without, String savepoint, boolean allowed)
            throws Exception {
        try (CommandLineJob job = start(command, without, savepoint, allowed).awaitCheckpoint()) {
            assertThat(job.get(job.job("/checkpoints")))
                    .as("restored from the savepoint")
                    .contains(savepoint);
        }
    }

    private void isRefused(String command, String without, String savepoint) throws Exception {
        try (CommandLineJob job = start(command, without, savepoint, false)) {
            CommandLineRun run = job.awaitEnd();
            assertThat(run.code()).isNotEqualTo(ExitCode.FINE);
            assertThat(run.err()).contains("Cannot map checkpoint/savepoint state for operator");
        }
    }

    @Test
    void monitorLeavesTheStateOfTheCanaryBehindOnlyIfAllowedAndAFeatureHasNoneOfItsOwn()
            throws Exception {
        try (Installation unused = installation()) {
            String savepoint = savepoint("monitor");

            goesOn("monitor", FEATURE, savepoint, false);
            isRefused("monitor", CANARY, savepoint);
            goesOn("monitor", CANARY, savepoint, true);
        }
    }

    @Test
    void notifyLeavesTheStateOfRetrainingsBehindOnlyIfAllowedAndTheCanaryHasNoneOfItsOwn()
            throws Exception {
        try (Installation unused = installation()) {
            String savepoint = savepoint("notify");

            goesOn("notify", CANARY, savepoint, false);
            isRefused("notify", RETRAIN, savepoint);
            goesOn("notify", RETRAIN, savepoint, true);
        }
    }
}
