package io.driftwatch.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.config.Problems;
import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamRole;
import io.driftwatch.job.config.TestingConfig;
import io.driftwatch.job.profile.LoadedProfiles;
import io.driftwatch.job.profile.ProfileFile;
import io.driftwatch.job.profile.TestingProfiles;
import io.driftwatch.job.sink.FileSinks;
import io.driftwatch.job.sink.KafkaSinks;
import io.driftwatch.job.source.FileSources;
import io.driftwatch.job.source.KafkaSources;
import io.driftwatch.job.source.TimeRange;
import io.driftwatch.job.tally.SampleKey;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Operator ids name state in savepoints: one that changes loses state on the next upgrade. Change
 * the lists beside this test only with a migration in mind.
 */
class OperatorUidsTest {
    private static final String CONFIG =
            """
            kafka: {bootstrap_servers: "localhost:9092"}
            models:
              - name: flights
                profile: flights.avro
                streams:
                  - {role: features, topic: f, event_time: at}
                  - {role: predictions, topic: p, event_time: at}
                window: {size: 1h}
                features: {distance: {}, origin: {role: prediction}}
              - name: trains
                profile: trains.avro
                streams: [{role: inference, topic: t, event_time: at}]
                window: {size: 1h}
            rules: [{alert: Drift, statistic: psi, above: 0.2, retrain: true}]
            receivers: [{name: team, webhook: [{url: "https://hook.example/x"}]}]
            retrain: {enabled: true, dry_run: false}
            """;

    @TempDir private Path folder;
    private MonitorConfig config;
    private LoadedProfiles profiles;
    private StreamExecutionEnvironment env;

    @BeforeEach
    void loadProfiles() throws IOException {
        for (String model : List.of("flights", "trains")) {
            ProfileFile.write(
                    folder.resolve(model + ".avro"),
                    List.of(TestingProfiles.flights(SampleKey.whole(model, "default"))));
        }
        config = TestingConfig.read(CONFIG, folder);
        Problems problems = new Problems();
        profiles = LoadedProfiles.load(config, problems);
        problems.throwIfAny();
        env = JobEnvironment.local(2, Map.of());
    }

    private List<String> uids() {
        StreamGraph graph = env.getStreamGraph();
        List<String> uids = new ArrayList<>();
        for (StreamNode node : graph.getStreamNodes()) {
            uids.add(String.valueOf(node.getTransformationUID()));
        }
        // What sinks add of their own hangs on their ids.
        return uids.stream().sorted().toList();
    }

    private static List<String> expected(String name) throws IOException, URISyntaxException {
        return Files.readAllLines(
                Path.of(OperatorUidsTest.class.getResource("/uids/" + name).toURI()));
    }

    @Test
    void monitorKeepsItsIds() throws Exception {
        DriftPipeline.define(
                env,
                config,
                profiles,
                new KafkaSources(config.kafka()),
                new KafkaSinks(config.kafka(), config.topics()));

        assertThat(uids()).isEqualTo(expected("monitor.txt"));
    }

    @Test
    void theCanaryAddsOperatorsAndLeavesTheIdsOfOthersAlone() throws Exception {
        MonitorConfig canary =
                TestingConfig.read(CONFIG + "canary: {url: 'https://canary.example/'}\n", folder);
        DriftPipeline.define(
                env,
                canary,
                profiles,
                new KafkaSources(canary.kafka()),
                new KafkaSinks(canary.kafka(), canary.topics()));

        List<String> all = new ArrayList<>(expected("monitor.txt"));
        all.addAll(expected("canary.txt"));
        assertThat(uids()).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void notifyKeepsItsIds() throws Exception {
        NotifyPipeline.define(
                NotifyPipeline.Inputs.open(env, config),
                config.alerts(),
                RetryPolicy.standard(),
                new KafkaSinks(config.kafka(), config.topics()));

        assertThat(uids()).isEqualTo(expected("notify.txt"));
    }

    @Test
    void replayKeepsItsIds() throws Exception {
        Path csv = Files.createFile(folder.resolve("x.csv"));
        FileSinks sinks = new FileSinks(folder);
        sinks.notifications(
                NotifyPipeline.replay(
                        DriftPipeline.define(
                                env,
                                config,
                                profiles,
                                new FileSources(
                                        List.of(
                                                new FileSources.Input(
                                                        "trains", StreamRole.INFERENCE, csv),
                                                new FileSources.Input(
                                                        "trains", StreamRole.INFERENCE, csv)),
                                        TimeRange.ALL),
                                sinks),
                        config.alerts()));

        assertThat(uids()).isEqualTo(expected("replay.txt"));
    }

    @Test
    void decodesAndTalliesWhereItReads() {
        DriftPipeline.define(
                env,
                config,
                profiles,
                new KafkaSources(config.kafka()),
                new KafkaSinks(config.kafka(), config.topics()));

        var vertices = env.getStreamGraph().getJobGraph().getVertices();

        assertThat(vertices)
                .filteredOn(v -> v.getName().contains("source"))
                .hasSize(3)
                .allSatisfy(v -> assertThat(v.getName()).contains("decode").contains("tally"));
    }
}
