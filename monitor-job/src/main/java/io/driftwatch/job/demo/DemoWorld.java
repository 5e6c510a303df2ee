package io.driftwatch.job.demo;

import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.job.DriftPipeline;
import io.driftwatch.job.JobEnvironment;
import io.driftwatch.job.NotifyPipeline;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.kafka.EmbeddedBroker;
import io.driftwatch.job.kafka.KafkaTopics;
import io.driftwatch.job.profile.LoadedProfiles;
import io.driftwatch.job.sink.KafkaSinks;
import io.driftwatch.job.source.KafkaSources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * What the two jobs live in: a broker with its topics, and a cluster.
 *
 * @param broker the broker
 * @param cluster the cluster
 * @param config the configuration, with their addresses
 * @param folder where savepoints go
 */
record DemoWorld(EmbeddedBroker broker, DemoCluster cluster, MonitorConfig config, Path folder) {
    private static final int PARALLELISM = 2;

    /** Both jobs at once, each with its parallelism. */
    static final int SLOTS = 2 * PARALLELISM;

    ModelConfig model() {
        return config.models().get(0);
    }

    Path savepoints() {
        return folder.resolve("savepoints");
    }

    /**
     * Creates all topics; those of the streams with a partition for each subtask.
     *
     * @return how many
     */
    static int createTopics(MonitorConfig config) throws IOException {
        List<String> streams =
                config.models().get(0).streams().stream().map(StreamConfig::topic).toList();
        List<String> results = List.copyOf(config.topics().names().values());
        try (KafkaTopics topics = new KafkaTopics(config.kafka())) {
            topics.create(streams, PARALLELISM, (short) 1);
            topics.create(results, config.topics());
        }
        return streams.size() + results.size();
    }

    DemoCluster.Job startMonitor(LoadedProfiles profiles) throws Exception {
        StreamExecutionEnvironment env = environment(Map.of());
        DriftPipeline.define(
                env,
                config,
                profiles,
                new KafkaSources(config.kafka()),
                new KafkaSinks(config.kafka(), config.topics()));
        return cluster.submit(env, "driftwatch monitor");
    }

    DemoCluster.Job startNotify() throws Exception {
        // A message waits for a checkpoint, and here days pass in fractions of a second.
        StreamExecutionEnvironment env =
                environment(Map.of("execution.checkpointing.interval", "500ms"));
        NotifyPipeline.define(
                NotifyPipeline.Inputs.open(env, config),
                config.alerts(),
                RetryPolicy.standard(),
                new KafkaSinks(config.kafka(), config.topics()));
        return cluster.submit(env, "driftwatch notify");
    }

    private StreamExecutionEnvironment environment(Map<String, String> more) {
        Map<String, String> options = new HashMap<>(config.flink());
        options.putAll(more);
        options.put(
                "execution.checkpointing.dir", folder.resolve("checkpoints").toUri().toString());
        return JobEnvironment.local(PARALLELISM, options);
    }
}
