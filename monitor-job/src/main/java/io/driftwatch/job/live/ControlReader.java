package io.driftwatch.job.live;

import io.driftwatch.job.config.KafkaConfig;
import io.driftwatch.schemas.AppliedConfig;
import io.driftwatch.schemas.ProfilePart;
import io.driftwatch.schemas.codec.RecordCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the control topic in a thread of its own, for as long as it is not stopped: first all that
 * it holds, then what is published. If it cannot be read, it is read anew after a while.
 */
final class ControlReader {
    private static final Logger LOG = LoggerFactory.getLogger(ControlReader.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration AGAIN = Duration.ofSeconds(10);
    private static final long STOP_MILLIS = 5000;

    /** Who is told of what is read, in the reader's thread. */
    interface Listener {
        /**
         * All that the topic holds was read.
         *
         * @param newestOrNull the configuration in force there
         * @param previousOrNull the one that it replaced
         */
        void begin(AppliedConfig newestOrNull, AppliedConfig previousOrNull);

        /** Another configuration was published. */
        void published(AppliedConfig config);

        /** The topic cannot be read now. */
        void failed(Exception reason);
    }

    private final LiveControl control;
    private final Listener listener;
    private final RecordCodec<AppliedConfig> configs = RecordCodec.of(AppliedConfig.class);
    private final RecordCodec<ProfilePart> parts = RecordCodec.of(ProfilePart.class);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;

    /** Parts of profiles that were read and may be asked for, by digest and number. */
    private final Map<String, Map<Integer, byte[]>> content = new HashMap<>();

    /** What was in force before the newest, as the topic has it. */
    private AppliedConfig previous;

    private volatile KafkaConsumer<byte[], byte[]> consumer;

    ControlReader(LiveControl control, Listener listener) {
        this.control = control;
        this.listener = listener;
        this.thread = new Thread(this::run, "driftwatch-config-" + control.job());
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Waits for the thread, since the class loader may go with the job. */
    void stop() {
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

    /**
     * Gives a published profile; only for the listener, while it is told of something.
     *
     * @param count of how many parts it consists
     * @throws IOException if the topic does not hold it
     */
    byte[] profile(String digest, Integer count) throws IOException {
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
        return file.toByteArray();
    }

    /** Lets go of the profiles that were read: they are large, and can be read again. */
    void forgetProfiles() {
        content.clear();
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
                listener.failed(e);
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
            listener.begin(readAll(reading, partitions.get(0)), previous);
            while (!isStopped()) {
                for (ConsumerRecord<byte[], byte[]> record : reading.poll(POLL)) {
                    AppliedConfig config = take(record);
                    if (config != null) {
                        listener.published(config);
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
}
