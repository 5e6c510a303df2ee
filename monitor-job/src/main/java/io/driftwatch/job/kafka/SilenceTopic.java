package io.driftwatch.job.kafka;

import io.driftwatch.job.config.KafkaConfig;
import io.driftwatch.job.config.TopicsConfig;
import io.driftwatch.schemas.Silence;
import io.driftwatch.schemas.codec.RecordCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The silences on the control topic, read and written by a program that runs for a moment. */
public final class SilenceTopic {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int PATIENCE_MILLIS = 15_000;

    private final KafkaConfig kafka;
    private final String topic;
    private final RecordCodec<Silence> codec = RecordCodec.of(Silence.class);

    public SilenceTopic(KafkaConfig kafka, TopicsConfig topics) {
        this.kafka = kafka;
        this.topic = topics.control();
    }

    private static String key(String id) {
        return "silence/" + id;
    }

    /**
     * Returns all silences that the topic holds, in the order in which they were last changed.
     *
     * @throws IOException if Kafka does not answer, or has no such topic
     */
    public List<Silence> all() throws IOException {
        Map<String, Silence> silences = new LinkedHashMap<>();
        Properties properties = properties();
        properties.put("isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    requirePartitions(consumer.partitionsFor(topic)).stream()
                            .map(partition -> new TopicPartition(topic, partition.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(POLL).forEach(record -> take(record, silences));
            }
        } catch (KafkaException e) {
            throw unreachable(e);
        }
        return List.copyOf(silences.values());
    }

    private List<PartitionInfo> requirePartitions(List<PartitionInfo> partitions)
            throws IOException {
        if (partitions == null || partitions.isEmpty()) {
            throw new IOException(
                    "there is no topic " + topic + "; make it with driftwatch topics create");
        }
        return partitions;
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Map<String, Silence> silences) {
        String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        silences.remove(key);
        if (record.value() != null && key.startsWith(key(""))) {
            try {
                silences.put(key, codec.read(record.value()));
            } catch (IllegalArgumentException e) {
                // Of another program, or of a newer release: the job says so in its log.
            }
        }
    }

    /**
     * Writes silences, each in place of the earlier one with its id, and forgets others.
     *
     * @throws IOException if Kafka has not confirmed all of them
     */
    public void write(List<Silence> silences, List<String> forgottenIds) throws IOException {
        Properties properties = properties();
        properties.put("acks", "all");
        properties.put("delivery.timeout.ms", PATIENCE_MILLIS);
        properties.put("linger.ms", 0);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (String id : forgottenIds) {
                producer.send(record(id, null)).get();
            }
            for (Silence silence : silences) {
                producer.send(record(silence.getId(), codec.toAvro(silence))).get();
            }
        } catch (KafkaException e) {
            throw unreachable(e);
        } catch (ExecutionException e) {
            throw unreachable(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while writing to Kafka", e);
        }
    }

    private ProducerRecord<byte[], byte[]> record(String id, byte[] value) {
        return new ProducerRecord<>(topic, key(id).getBytes(StandardCharsets.UTF_8), value);
    }

    private Properties properties() {
        Properties properties = kafka.toProperties();
        properties.putIfAbsent("default.api.timeout.ms", PATIENCE_MILLIS);
        properties.putIfAbsent("request.timeout.ms", 5000);
        properties.putIfAbsent("max.block.ms", PATIENCE_MILLIS);
        return properties;
    }

    private IOException unreachable(Throwable cause) {
        return new IOException(
                "Kafka at "
                        + kafka.bootstrapServers()
                        + " does not answer as expected ("
                        + cause.getMessage()
                        + "); check kafka.bootstrap_servers, kafka.properties and the network",
                cause);
    }
}
