package io.driftwatch.job.it;

import io.driftwatch.alerts.config.Problems;
import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.job.DriftPipeline;
import io.driftwatch.job.JobEnvironment;
import io.driftwatch.job.NotifyPipeline;
import io.driftwatch.job.RecordCounts;
import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamRole;
import io.driftwatch.job.kafka.EmbeddedBroker;
import io.driftwatch.job.kafka.KafkaTopics;
import io.driftwatch.job.live.ConfigDraft;
import io.driftwatch.job.live.ConfigStart;
import io.driftwatch.job.live.LiveControl;
import io.driftwatch.job.profile.FileInput;
import io.driftwatch.job.profile.LoadedProfiles;
import io.driftwatch.job.profile.ProfileFile;
import io.driftwatch.job.profile.ProfileTask;
import io.driftwatch.job.score.Baseline;
import io.driftwatch.job.sink.KafkaSinks;
import io.driftwatch.job.source.KafkaSources;
import io.driftwatch.job.source.Sources;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.codec.RecordCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker, a configuration, a profile, and jobs on them: what a user would install. */
final class Installation implements AutoCloseable {
    static final String INPUT = "baskets";

    private static final Duration A_MOMENT = Duration.ofMillis(20);
    private final Path folder;
    private final EmbeddedBroker broker;
    private final KafkaProducer<byte[], byte[]> producer;
    private MonitorConfig config;
    private LoadedProfiles profiles;
    private int restarts;

    Installation(Path folder, String yaml, int partitions) throws Exception {
        this(folder, yaml, partitions, null);
    }

    /**
     * @param profile a profile that was made elsewhere; null makes one
     */
    Installation(Path folder, String yaml, int partitions, Path profile) throws Exception {
        this.folder = folder;
        this.broker = EmbeddedBroker.start(folder.resolve("kafka"));
        this.config = write(yaml);
        if (profile == null) {
            profile(config.models().get(0).profilePath(), Truth.reference(20_000));
        } else {
            Files.copy(profile, config.models().get(0).profilePath());
        }
        this.profiles = load(config);
        try (KafkaTopics topics = new KafkaTopics(config.kafka())) {
            topics.create(List.of(INPUT), partitions, (short) 1);
            topics.create(config.topics().names().values(), config.topics());
        }
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", broker.bootstrapServers());
        this.producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private MonitorConfig write(String yaml) throws IOException {
        return ConfigLoader.load(
                Files.writeString(file(), yaml.replace("${servers}", broker.bootstrapServers())));
    }

    private static LoadedProfiles load(MonitorConfig config) {
        Problems problems = new Problems();
        LoadedProfiles loaded = LoadedProfiles.load(config, problems);
        problems.throwIfAny();
        return loaded;
    }

    /** Writes another file, which jobs that are started from now on are given. */
    void reconfigure(String yaml) throws IOException {
        config = write(yaml);
        profiles = load(config);
    }

    /** Allows jobs to fail and start again, which no job does of itself. */
    Installation withRestarts(int times) {
        restarts = times;
        return this;
    }

    MonitorConfig config() {
        return config;
    }

    Sources kafka() {
        return new KafkaSources(config.kafka());
    }

    /** Builds a profile from rows of a reference. */
    void profile(Path to, String reference) throws IOException {
        Path rows = Files.writeString(folder.resolve("reference.csv"), reference);
        var model = config.models().get(0);
        var input = new FileInput(model.stream(StreamRole.INFERENCE).orElseThrow(), rows);
        ProfileTask task = new ProfileTask(model, List.of(input), null, null);
        ProfileFile.write(to, task.run(Instant.now(), "test"));
    }

    /** Sends one record; {@link #flush} waits until the broker has all. */
    void send(int partition, String value) throws Exception {
        byte[] bytes = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
        var unused = producer.send(new ProducerRecord<>(INPUT, partition, null, bytes));
    }

    void flush() {
        producer.flush();
    }

    TopicReader<Score> scores() {
        return new TopicReader<>(broker.bootstrapServers(), config.topics().scores(), Score.class);
    }

    <T extends org.apache.avro.specific.SpecificRecord> TopicReader<T> reader(
            String topic, Class<T> type) {
        return new TopicReader<>(broker.bootstrapServers(), topic, type);
    }

    <T extends org.apache.avro.specific.SpecificRecord> TopicReader<T> reader(
            String topic, Class<T> type, String keyPrefix) {
        return new TopicReader<>(broker.bootstrapServers(), topic, type, keyPrefix);
    }

    JobClient monitor(int parallelism, String savepoint, Sources sources) throws Exception {
        StreamExecutionEnvironment env = environment(parallelism, savepoint);
        DriftPipeline.define(
                env, config, profiles, sources, new KafkaSinks(config.kafka(), config.topics()));
        return env.executeAsync("driftwatch monitor");
    }

    /** As the command does it: with the configuration that is in force, and following it. */
    JobClient liveMonitor(int parallelism, String checkpoint) throws Exception {
        announce();
        LiveControl live = control(ConfigDraft.of(file(), config));
        StreamExecutionEnvironment env = environment(parallelism, checkpoint);
        DriftPipeline.define(
                env,
                config,
                profiles,
                Baseline.REFERENCE,
                live,
                kafka(),
                new KafkaSinks(config.kafka(), config.topics()));
        return env.executeAsync("monitor");
    }

    /** What the command that submits the monitor job does first; says what is in force instead. */
    Optional<String> announce() throws Exception {
        ConfigDraft draft = ConfigDraft.of(file(), config);
        return ConfigStart.announce(control(draft), draft);
    }

    private LiveControl control(ConfigDraft draft) throws IOException {
        List<String> models = config.models().stream().map(ModelConfig::name).toList();
        return LiveControl.ofMonitor(file(), config, models, draft, profiles);
    }

    /** As {@link #notifier()}, but following the configuration that is in force. */
    JobClient liveNotifier(RetryPolicy policy, String checkpoint) throws Exception {
        StreamExecutionEnvironment env = environment(1, checkpoint);
        NotifyPipeline.define(
                NotifyPipeline.Inputs.open(env, config),
                config.alerts(),
                LiveControl.ofNotify(file(), config, ConfigDraft.of(file(), config)),
                policy,
                new KafkaSinks(config.kafka(), config.topics()));
        return env.executeAsync("notify");
    }

    private Path file() {
        return folder.resolve("driftwatch.yaml");
    }

    JobClient notifier() throws Exception {
        return notifier(RetryPolicy.standard(), null);
    }

    /** Starts the notify job, from a checkpoint that an earlier life of it has left. */
    JobClient notifier(RetryPolicy policy, String checkpoint) throws Exception {
        StreamExecutionEnvironment env = environment(1, checkpoint);
        NotifyPipeline.define(
                NotifyPipeline.Inputs.open(env, config),
                config.alerts(),
                policy,
                new KafkaSinks(config.kafka(), config.topics()));
        return env.executeAsync("driftwatch notify");
    }

    /** Writes changes of alerts, as the monitor job does. */
    void alert(List<Alert> alerts) throws Exception {
        RecordCodec<Alert> codec = RecordCodec.of(Alert.class);
        for (Alert alert : alerts) {
            byte[] key = alert.getFingerprint().getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(config.topics().alerts(), key, codec.toAvro(alert)))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    /** The newest complete checkpoint of a job; null if there is none yet. */
    Path lastCheckpoint(JobClient job) throws IOException {
        Path all = folder.resolve("checkpoints").resolve(job.getJobID().toString());
        if (!Files.isDirectory(all)) {
            return null;
        }
        try (Stream<Path> checkpoints = Files.list(all)) {
            return checkpoints
                    .filter(each -> Files.exists(each.resolve("_metadata")))
                    .max(Comparator.comparingLong(Installation::number))
                    .orElse(null);
        }
    }

    private static long number(Path checkpoint) {
        return Long.parseLong(checkpoint.getFileName().toString().substring("chk-".length()));
    }

    private StreamExecutionEnvironment environment(int parallelism, String savepoint) {
        Map<String, String> options = new HashMap<>(config.flink());
        options.put("execution.checkpointing.interval", "300ms");
        options.put("execution.checkpointing.unaligned.enabled", "true");
        options.put("execution.checkpointing.dir", folder.resolve("checkpoints").toUri() + "");
        options.put(
                "execution.checkpointing.externalized-checkpoint-retention",
                "RETAIN_ON_CANCELLATION");
        options.put("restart-strategy.type", "fixed-delay");
        options.put("restart-strategy.fixed-delay.attempts", Integer.toString(restarts));
        options.put("restart-strategy.fixed-delay.delay", "0s");
        if (savepoint != null) {
            options.put("execution.state-recovery.path", savepoint);
        }
        return JobEnvironment.local(parallelism, options);
    }

    /**
     * Stops a job; with {@code drain} all windows are closed first. Gives the savepoint.
     *
     * <p>Flink refuses it as long as one task does not run, and others may have written results by
     * then; a checkpoint says that all do.
     */
    String stop(JobClient job, boolean drain) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (lastCheckpoint(job) == null && System.nanoTime() < deadline) {
            LockSupport.parkNanos(A_MOMENT.toNanos());
        }
        return job.stopWithSavepoint(
                        drain,
                        folder.resolve("savepoints").toUri().toString(),
                        SavepointFormatType.CANONICAL)
                .get(60, TimeUnit.SECONDS);
    }

    static long count(JobClient finished, String name) throws Exception {
        Long count = finished.getJobExecutionResult().get().getAccumulatorResult(name);
        return count == null ? 0 : count;
    }

    static long in(JobClient finished) throws Exception {
        return count(finished, RecordCounts.IN);
    }

    @Override
    public void close() throws Exception {
        producer.close();
        broker.close();
    }
}
