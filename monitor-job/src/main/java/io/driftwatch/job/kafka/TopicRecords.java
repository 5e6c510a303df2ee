package io.driftwatch.job.kafka;

import io.driftwatch.job.config.KafkaConfig;
import io.driftwatch.schemas.codec.RecordCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The records of one kind on a topic of ours, read and written by a program that runs for a moment.
 *
 * @param <T> the generated record class
 */
public final class TopicRecords<T extends SpecificRecord> {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int PATIENCE_MILLIS = 15_000;

    private final KafkaConfig kafka;
    private final String topic;
    private final String keyPrefix;
    private final RecordCodec<T> codec;

    /**
     * @param keyPrefix what the keys of these records begin with, on a topic that has others too
     */
    public TopicRecords(KafkaConfig kafka, String topic, String keyPrefix, Class<T> type) {
        this.kafka = kafka;
        this.topic = topic;
        this.keyPrefix = keyPrefix;
        this.codec = RecordCodec.of(type);
    }

    /** A record and the rest of its key. */
    private record Keyed<T>(String key, T record) {}

    /**
     * Returns all records that the topic holds, in order.
     *
     * @throws IOException if Kafka does not answer, or has no such topic
     */
    public List<T> all() throws IOException {
        return tail(Long.MAX_VALUE);
    }

    /**
     * Returns the last records that the topic holds, in the order of each partition.
     *
     * @param most how many of each partition
     * @throws IOException if Kafka does not answer, or has no such topic
     */
    public List<T> tail(long most) throws IOException {
        return read(most).stream().map(Keyed::record).filter(record -> record != null).toList();
    }

    /**
     * Returns the last record of each key that is not forgotten, in the order in which they came.
     *
     * @throws IOException if Kafka does not answer, or has no such topic
     */
    public List<T> latest() throws IOException {
        Map<String, T> latest = new LinkedHashMap<>();
        for (Keyed<T> each : read(Long.MAX_VALUE)) {
            latest.remove(each.key());
            if (each.record() != null) {
                latest.put(each.key(), each.record());
            }
        }
        return List.copyOf(latest.values());
    }

    private List<Keyed<T>> read(long most) throws IOException {
        List<Keyed<T>> read = new ArrayList<>();
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
            consumer.beginningOffsets(partitions)
                    .forEach(
                            (partition, begin) -> {
                                if (ends.get(partition) - begin > most) {
                                    consumer.seek(partition, ends.get(partition) - most);
                                }
                            });
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(POLL).forEach(record -> take(record, read));
            }
        } catch (KafkaException e) {
            throw unreachable(e, AclOperation.READ);
        }
        return read;
    }

    private List<PartitionInfo> requirePartitions(List<PartitionInfo> partitions)
            throws IOException {
        if (partitions == null || partitions.isEmpty()) {
            throw new IOException(
                    "there is no topic " + topic + "; make it with driftwatch topics create");
        }
        return partitions;
    }

    private void take(ConsumerRecord<byte[], byte[]> record, List<Keyed<T>> read) {
        String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        if (!key.startsWith(keyPrefix)) {
            return;
        }
        String rest = key.substring(keyPrefix.length());
        if (record.value() == null) {
            read.add(new Keyed<>(rest, null));
            return;
        }
        try {
            read.add(new Keyed<>(rest, codec.read(record.value())));
        } catch (IllegalArgumentException e) {
            // Of another program, or of a newer release: the job says so in its log.
        }
    }

    /**
     * Writes records.
     *
     * @param records key, without the prefix, to record; null to forget what has the key
     * @throws IOException if Kafka has not confirmed all of them
     */
    public void write(Map<String, T> records) throws IOException {
        Properties properties = kafka.toProducerProperties(PATIENCE_MILLIS);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (Map.Entry<String, T> entry : records.entrySet()) {
                byte[] key = (keyPrefix + entry.getKey()).getBytes(StandardCharsets.UTF_8);
                byte[] value = entry.getValue() == null ? null : codec.toAvro(entry.getValue());
                producer.send(new ProducerRecord<>(topic, key, value)).get();
            }
        } catch (KafkaException e) {
            throw unreachable(e, AclOperation.WRITE);
        } catch (ExecutionException e) {
            throw unreachable(e.getCause(), AclOperation.WRITE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while writing to Kafka", e);
        }
    }

    /**
     * Writes records with all else that belongs to a transaction.
     *
     * @param records as above
     */
    public void write(TopicTransaction transaction, Map<String, T> records) throws IOException {
        for (Map.Entry<String, T> entry : records.entrySet()) {
            transaction.write(
                    keyPrefix + entry.getKey(),
                    entry.getValue() == null ? null : codec.toAvro(entry.getValue()));
        }
    }

    private Properties properties() {
        Properties properties = kafka.toProperties();
        properties.putIfAbsent("default.api.timeout.ms", PATIENCE_MILLIS);
        properties.putIfAbsent("request.timeout.ms", 5000);
        properties.putIfAbsent("max.block.ms", PATIENCE_MILLIS);
        return properties;
    }

    private IOException unreachable(Throwable cause, AclOperation operation) {
        return KafkaFailure.of(kafka, cause, KafkaRight.topic(topic, operation));
    }
}
