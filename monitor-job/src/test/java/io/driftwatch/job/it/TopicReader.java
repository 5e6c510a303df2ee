package io.driftwatch.job.it;

import io.driftwatch.schemas.codec.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads one of Driftwatch's topics from its beginning, waiting for what is to come. */
public final class TopicReader<T extends SpecificRecord> implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final RecordCodec<T> codec;
    private final String topic;
    private final String keyPrefix;
    private final List<T> read = new ArrayList<>();

    public TopicReader(String bootstrapServers, String topic, Class<T> type) {
        this(bootstrapServers, topic, type, "");
    }

    /** Reads only records whose keys begin so, of a topic that has others too. */
    TopicReader(String bootstrapServers, String topic, Class<T> type, String keyPrefix) {
        this.keyPrefix = keyPrefix;
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", bootstrapServers);
        properties.setProperty("isolation.level", "read_committed");
        this.topic = topic;
        this.codec = RecordCodec.of(type);
        this.consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic).stream()
                        .map(p -> new TopicPartition(topic, p.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** All records so far, once they satisfy the condition. */
    public List<T> until(Predicate<List<T>> enough) throws TimeoutException {
        long deadline = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while (!enough.test(read)) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(
                        topic + " did not come to hold what was waited for: " + read);
            }
            poll(Duration.ofMillis(200));
        }
        return List.copyOf(read);
    }

    /** Everything that is on the topic now. */
    public List<T> all() {
        List<TopicPartition> partitions = List.copyOf(consumer.assignment());
        var ends = consumer.endOffsets(partitions);
        while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
            poll(Duration.ofMillis(200));
        }
        return List.copyOf(read);
    }

    private void poll(Duration wait) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
            if (keyPrefix.isEmpty() || isWanted(record)) {
                read.add(codec.read(record.value()));
            }
        }
    }

    private boolean isWanted(ConsumerRecord<byte[], byte[]> record) {
        return record.value() != null
                && new String(record.key(), StandardCharsets.UTF_8).startsWith(keyPrefix);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
