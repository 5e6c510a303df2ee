package io.driftwatch.benchmarks;

import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamFormat;
import io.driftwatch.job.kafka.KafkaTopics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Kafka in a process of its own, with a folder for whatever belongs to a benchmark. All of it is
 * gone when this is closed, or when the benchmark is told to end.
 */
final class KafkaFixture implements AutoCloseable {
    private static final String BROKER_HEAP = "512m";

    private final TemporaryFolder folder;
    private final BenchmarkProcess broker;
    private final String bootstrapServers;
    private final Thread atExit = new Thread(this::closeAtExit);

    private KafkaFixture(TemporaryFolder folder) throws IOException {
        this.folder = folder;
        broker =
                BenchmarkProcess.start(
                        BrokerProcess.class,
                        BROKER_HEAP,
                        List.of(folder.path().resolve("kafka").toString()));
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            bootstrapServers = broker.readLine();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    static KafkaFixture start() throws IOException {
        return new KafkaFixture(new TemporaryFolder());
    }

    /** For configuration, profile, checkpoints and the like. */
    Path folder() {
        return folder.path();
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    /**
     * Makes a workload's reference profile and all topics, and fills the one that is read.
     *
     * @param seed of the profile; the records are made with the next one
     * @return the configuration, with windows of an hour
     */
    Path prepare(Workload.Shape shape, StreamFormat format, long seed, int partitions, long records)
            throws IOException {
        Path file = Workload.writeConfig(folder(), shape, format, bootstrapServers, "benchmark");
        MonitorConfig config = ConfigLoader.load(file);
        Workload.writeProfile(config, shape, seed);
        createTopics(config, partitions);
        TopicFiller.fill(
                bootstrapServers, new Workload(shape, seed + 1), format, partitions, records);
        return file;
    }

    /** Makes the topic that is read, and with one partition each those that are written. */
    void createTopics(MonitorConfig config, int partitions) throws IOException {
        try (KafkaTopics topics = new KafkaTopics(config.kafka())) {
            topics.create(List.of(Workload.TOPIC), partitions, (short) 1);
            topics.create(config.topics().names().values(), 1, (short) 1);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // It is running: the broker and the folder are its business now.
            return;
        }
        end();
    }

    private void closeAtExit() {
        try {
            end();
        } catch (IOException e) {
            Progress.say("%s is left over: %s", folder(), e.getMessage());
        }
    }

    private void end() throws IOException {
        try (folder) {
            broker.close();
        }
    }
}
