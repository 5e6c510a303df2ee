package io.driftwatch.job.live;

import io.driftwatch.alerts.config.ConfigException;
import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.FeatureConfig;
import io.driftwatch.job.config.KafkaConfig;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.metrics.JobMetric;
import io.driftwatch.job.profile.LoadedProfiles;
import io.driftwatch.job.profile.ModelProfiles;
import io.driftwatch.job.profile.ProfileFile;
import io.driftwatch.schemas.AppliedConfig;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.ConfigStatus;
import io.driftwatch.schemas.ProfilePart;
import io.driftwatch.schemas.codec.RecordCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.metrics.MetricGroup;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the control topic for all operators of a job in one process, and decides which
 * configuration is in force there.
 *
 * <p>At the start of a process that is the published one if the job's own stands in its history,
 * that is, was replaced by it; otherwise the job's own is newer. From then on it is whatever is
 * published. One that does not fit the job is refused: the one before stays in force. Either way an
 * answer goes to the topic.
 */
final class ConfigFollower {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigFollower.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration AGAIN = Duration.ofSeconds(10);
    private static final long PATIENCE_SECONDS = 60;
    private static final long STOP_MILLIS = 5000;
    private static final Map<Key, ConfigFollower> RUNNING = new HashMap<>();

    /** What followers of one process are told apart by. */
    private record Key(
            String job, String servers, String topic, ConfigIdentity identity, Set<String> models) {
        static Key of(LiveControl control) {
            return new Key(
                    control.job(),
                    control.config().kafka().bootstrapServers(),
                    control.config().topics().control(),
                    control.identity(),
                    control.features().keySet());
        }
    }

    private final LiveControl control;
    private final String worker = UUID.randomUUID().toString();
    private final RecordCodec<AppliedConfig> configs;
    private final RecordCodec<ProfilePart> parts;
    private final Map<String, Map<Integer, byte[]>> content = new HashMap<>();

    /** The profiles of what is in force, by digest: they are not read a second time. */
    private Map<String, ModelProfiles> known = Map.of();

    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicLong refused = new AtomicLong();
    private final Thread thread;
    private int leases;
    private volatile KafkaConsumer<byte[], byte[]> consumer;
    private volatile Applied current;
    private volatile long changes;
    private volatile long version;

    /** What was decided about last, whatever was decided; null before that. */
    private AppliedConfig last;

    /** What was published before that, for when that is refused at a start. */
    private AppliedConfig previous;

    private volatile Exception failure;

    private ConfigFollower(LiveControl control) {
        ClassTrust.ensure();
        this.control = control;
        this.configs = RecordCodec.of(AppliedConfig.class);
        this.parts = RecordCodec.of(ProfilePart.class);
        this.thread = new Thread(this::run, "driftwatch-config-" + control.job());
        this.thread.setDaemon(true);
    }

    /** An operator's hold on a follower, which ends with the last of them. */
    static final class Lease implements AutoCloseable {
        private final Key key;
        private final ConfigFollower follower;

        private Lease(Key key, ConfigFollower follower) {
            this.key = key;
            this.follower = follower;
        }

        /** Returns what was applied; null for what the job was built with. */
        Applied current() {
            return follower.current;
        }

        /** Returns how often it has changed; to be asked before what it has changed to. */
        long changes() {
            return follower.changes;
        }

        /** Waits until it has changed more often than that. */
        void awaitChange(long seen, Duration longest) throws InterruptedException {
            follower.awaitChange(seen, longest);
        }

        /** Shows which configuration is in force, and how many were refused, as metrics. */
        void register(RuntimeContext context) {
            String part = follower.control.job();
            MetricGroup group = context.getMetricGroup();
            JobMetric.CONFIG_VERSION
                    .in(group, part)
                    .gauge(JobMetric.CONFIG_VERSION.shortName(), () -> follower.version);
            JobMetric.CONFIG_REFUSED
                    .in(group, part)
                    .gauge(JobMetric.CONFIG_REFUSED.shortName(), follower.refused::get);
        }

        @Override
        public void close() {
            synchronized (RUNNING) {
                follower.leases--;
                if (follower.leases > 0) {
                    return;
                }
                RUNNING.remove(key);
            }
            follower.stop();
        }
    }

    /**
     * Begins to follow, or joins who does already; returns when it is known what is in force.
     *
     * @throws IOException if the topic cannot be read
     */
    static Lease follow(LiveControl control) throws IOException {
        Key key = Key.of(control);
        ConfigFollower follower;
        synchronized (RUNNING) {
            follower = RUNNING.get(key);
            if (follower == null) {
                follower = new ConfigFollower(control);
                RUNNING.put(key, follower);
                follower.thread.start();
            }
            follower.leases++;
        }
        Lease lease = new Lease(key, follower);
        try {
            boolean isKnown = follower.caughtUp.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!isKnown || follower.failure != null) {
                lease.close();
                throw new IOException(
                        "the control topic "
                                + control.config().topics().control()
                                + " cannot be read; make it with driftwatch topics create, or check"
                                + " that Kafka answers and lets the job read it",
                        follower.failure);
            }
            return lease;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            lease.close();
            throw new IOException("interrupted while reading the control topic", e);
        }
    }

    private synchronized void setCurrent(Applied applied) {
        current = applied;
        changes++;
        notifyAll();
    }

    private synchronized void awaitChange(long seen, Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        while (changes == seen) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }

    /** Waits for the thread, since the class loader may go with the job. */
    private void stop() {
        stopped.countDown();
        KafkaConsumer<byte[], byte[]> reading = consumer;
        if (reading != null) {
            reading.wakeup();
        }
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private void run() {
        while (!isStopped()) {
            try {
                read();
            } catch (WakeupException e) {
                // It was stopped.
            } catch (IOException | RuntimeException e) {
                failure = e;
                caughtUp.countDown();
                LOG.warn("The control topic cannot be read; it is tried again in {}", AGAIN, e);
                try {
                    if (stopped.await(AGAIN.toSeconds(), TimeUnit.SECONDS)) {
                        return;
                    }
                } catch (InterruptedException interrupted) {
                    return;
                }
            }
        }
    }

    private void read() throws IOException {
        KafkaConfig kafka = control.config().kafka();
        String topic = control.config().topics().control();
        Properties properties = kafka.toProperties();
        properties.put("isolation.level", "read_committed");
        properties.putIfAbsent("client.id", "driftwatch-" + control.job() + "-config");
        try (KafkaConsumer<byte[], byte[]> reading =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer = reading;
            if (isStopped()) {
                return;
            }
            List<TopicPartition> partitions =
                    reading.partitionsFor(topic).stream()
                            .map(p -> new TopicPartition(topic, p.partition()))
                            .toList();
            if (partitions.size() != 1) {
                throw new IOException(
                        partitions.isEmpty()
                                ? "there is no topic " + topic
                                : "the topic "
                                        + topic
                                        + " must have one partition, for what is on it has an"
                                        + " order; driftwatch topics create makes such a one");
            }
            reading.assign(partitions);
            begin(readAll(reading, partitions.get(0)));
            while (!isStopped()) {
                for (ConsumerRecord<byte[], byte[]> record : reading.poll(POLL)) {
                    AppliedConfig config = take(record);
                    if (config != null && !isDecided(config)) {
                        take(config);
                    }
                }
            }
        } catch (KafkaException e) {
            if (e instanceof WakeupException) {
                throw e;
            }
            throw new IOException(e);
        } finally {
            consumer = null;
        }
    }

    /** All that the topic holds now; the configuration in force among it, or null. */
    private AppliedConfig readAll(KafkaConsumer<byte[], byte[]> reading, TopicPartition place) {
        content.clear();
        reading.seekToBeginning(List.of(place));
        long end = reading.endOffsets(List.of(place)).get(place);
        AppliedConfig newest = null;
        while (reading.position(place) < end && !isStopped()) {
            for (ConsumerRecord<byte[], byte[]> record : reading.poll(POLL)) {
                AppliedConfig config = take(record);
                newest = config == null ? newest : config;
            }
        }
        return newest;
    }

    /**
     * Keeps a part of a profile, or what was in force before, or returns a configuration; null for
     * anything else.
     */
    private AppliedConfig take(ConsumerRecord<byte[], byte[]> record) {
        String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        try {
            if (key.equals(ConfigTopic.CURRENT)) {
                return record.value() == null ? null : configs.read(record.value());
            }
            if (key.equals(ConfigTopic.PREVIOUS)) {
                previous = record.value() == null ? null : configs.read(record.value());
            }
            if (key.startsWith(ConfigTopic.PROFILE) && record.value() != null) {
                ProfilePart part = parts.read(record.value());
                byte[] bytes = new byte[part.getContent().remaining()];
                part.getContent().get(bytes);
                content.computeIfAbsent(part.getDigest(), digest -> new HashMap<>())
                        .put(part.getPart(), bytes);
            }
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "A record on the control topic cannot be read (key {}, offset {}); it may be of"
                            + " a newer release",
                    key,
                    record.offset());
        }
        return null;
    }

    /** Decides what is in force at the start, or after the topic was read anew. */
    private void begin(AppliedConfig newest) {
        if (newest != null && !isDecided(newest)) {
            boolean isKnown =
                    control.identity().is(identity(newest))
                            || newest.getHistory().stream().anyMatch(control.identity()::isIn);
            if (!isKnown && last == null) {
                LOG.warn(
                        "The control topic holds configuration version {}, which does not know the"
                                + " one that this job was started with; the job's own is in force",
                        newest.getVersion());
                last = newest;
                version = newest.getVersion();
            } else if (!take(newest) && current == null && previous != null) {
                LOG.warn("Version {} is tried instead", previous.getVersion());
                take(previous);
            }
        }
        content.clear();
        failure = null;
        caughtUp.countDown();
    }

    /** Whether it is the one that was decided about last, written a second time. */
    private boolean isDecided(AppliedConfig config) {
        return last != null
                && last.getVersion() == config.getVersion()
                && identity(last).equals(identity(config));
    }

    private static ConfigIdentity identity(AppliedConfig config) {
        return new ConfigIdentity(config.getDigest(), config.getProfiles());
    }

    /** Takes a configuration up, or refuses it; says which. */
    private boolean take(AppliedConfig config) {
        List<String> mistakes = new ArrayList<>();
        Applied accepted = null;
        try {
            accepted = control.identity().is(identity(config)) ? null : applied(config, mistakes);
        } catch (ConfigException e) {
            e.problems().forEach(problem -> mistakes.add(problem.toString()));
        } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
            LOG.warn("Configuration version {} cannot be read", config.getVersion(), e);
            mistakes.add("cannot be read: " + e.getMessage());
        }
        last = config;
        version = config.getVersion();
        content.clear();
        String reason = mistakes.isEmpty() ? null : String.join("; ", mistakes);
        if (reason == null) {
            setCurrent(accepted);
            LOG.info(
                    "Configuration version {} is in force, applied by {}",
                    config.getVersion(),
                    config.getAppliedBy());
        } else {
            refused.incrementAndGet();
            LOG.error(
                    "Configuration version {} is refused and the one before stays in force: {}",
                    config.getVersion(),
                    reason);
        }
        answer(config.getVersion(), reason);
        return reason == null;
    }

    private Applied applied(AppliedConfig config, List<String> mistakes) throws IOException {
        MonitorConfig read =
                ConfigLoader.parse(
                        "version " + config.getVersion(),
                        control.whole(config.getText(), config.getWithheld()),
                        name -> {
                            String text = config.getFiles().get(name);
                            if (text == null) {
                                throw new NoSuchFileException(name);
                            }
                            return text;
                        });
        mistakes.addAll(ConfigChanges.needingRestart(control.job(), control.config(), read));
        Map<String, ModelProfiles> profiles = new HashMap<>();
        Map<String, ModelProfiles> byDigest = new HashMap<>();
        if (!mistakes.isEmpty() || control.features().isEmpty()) {
            return new Applied(config.getVersion(), read, profiles);
        }
        for (ModelConfig model : read.models()) {
            if (control.config().model(model.name()).isEmpty()) {
                LOG.info("Model {} is not watched by this job", model.name());
                continue;
            }
            String digest = config.getProfiles().get(model.name());
            List<FeatureConfig> own = control.features().get(model.name());
            List<FeatureConfig> features;
            if (control.identity().profiles().get(model.name()).equals(digest)) {
                features = typed(model, own, mistakes);
            } else {
                ModelProfiles received = profile(digest, config.getParts().get(digest));
                profiles.put(model.name(), received);
                byDigest.put(digest, received);
                features = LoadedProfiles.features(model, received, mistakes);
            }
            ModelConfig before = control.config().model(model.name()).orElseThrow();
            mistakes.addAll(ConfigChanges.needingRestart(before, own, model, features));
        }
        if (mistakes.isEmpty()) {
            known = byDigest;
        }
        return new Applied(config.getVersion(), read, profiles);
    }

    /** Features of the profile that the job brought itself: their types are known. */
    private static List<FeatureConfig> typed(
            ModelConfig model, List<FeatureConfig> own, List<String> mistakes) {
        if (model.features().isEmpty()) {
            return own;
        }
        List<FeatureConfig> typed = new ArrayList<>();
        for (FeatureConfig feature : model.features()) {
            own.stream()
                    .filter(known -> known.name().equals(feature.name()))
                    .findFirst()
                    .ifPresentOrElse(
                            known -> typed.add(feature.withType(known.type())),
                            () ->
                                    mistakes.add(
                                            "feature '"
                                                    + feature.name()
                                                    + "' of model '"
                                                    + model.name()
                                                    + "' is new"));
        }
        return typed;
    }

    private ModelProfiles profile(String digest, Integer count) throws IOException {
        if (known.containsKey(digest)) {
            return known.get(digest);
        }
        Map<Integer, byte[]> received = content.getOrDefault(digest, Map.of());
        if (digest != null && count != null && received.size() < count) {
            // They may have come with an earlier version, which was refused.
            KafkaConsumer<byte[], byte[]> reading = consumer;
            TopicPartition place = reading.assignment().iterator().next();
            long here = reading.position(place);
            AppliedConfig unused = readAll(reading, place);
            reading.seek(place, here);
            received = content.getOrDefault(digest, Map.of());
        }
        if (digest == null || count == null || received.size() < count) {
            throw new IOException("a profile is missing on the control topic; apply it again");
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        for (int part = 0; part < count; part++) {
            file.writeBytes(received.get(part));
        }
        byte[] bytes = file.toByteArray();
        if (!ProfileFile.digest(bytes).equals(digest)) {
            throw new IOException("a profile on the control topic is damaged; apply it again");
        }
        try {
            return ModelProfiles.shared(digest, () -> ProfileFile.read(bytes));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void answer(long answered, String reason) {
        ConfigStatus status =
                ConfigStatus.newBuilder()
                        .setJob(control.job())
                        .setWorker(worker)
                        .setVersion(answered)
                        .setAccepted(reason == null)
                        .setReason(reason)
                        .setAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                        .build();
        try {
            new ConfigTopic(control.config().kafka(), control.config().topics().control())
                    .answer(status);
        } catch (IOException e) {
            LOG.warn("Nobody can be told about configuration version {}", answered, e);
        }
    }
}
