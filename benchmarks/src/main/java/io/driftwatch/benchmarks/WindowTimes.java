package io.driftwatch.benchmarks;

import io.driftwatch.schemas.codec.RecordCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** When the broker took the results of each window, by its own clock. */
final class WindowTimes {
    /**
     * One window's.
     *
     * @param firstMillis when its first result came
     * @param lastMillis when its last one came
     * @param results how many there are
     */
    record Arrived(long firstMillis, long lastMillis, int results) {
        Arrived plus(Arrived other) {
            return new Arrived(
                    Math.min(firstMillis, other.firstMillis),
                    Math.max(lastMillis, other.lastMillis),
                    results + other.results);
        }
    }

    private WindowTimes() {}

    /** Reads a topic of one partition that is no longer written to, by the end of windows. */
    static <T extends SpecificRecord> Map<Long, Arrived> read(
            String servers, String topic, Class<T> type, Function<T, Instant> windowEnd) {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", servers);
        ByteArrayDeserializer plain = new ByteArrayDeserializer();
        RecordCodec<T> codec = RecordCodec.of(type);
        TopicPartition partition = new TopicPartition(topic, 0);
        Map<Long, Arrived> found = new TreeMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, plain, plain)) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofSeconds(1))) {
                    found.merge(
                            windowEnd.apply(codec.read(each.value())).toEpochMilli(),
                            new Arrived(each.timestamp(), each.timestamp(), 1),
                            Arrived::plus);
                }
            }
        }
        return found;
    }
}
