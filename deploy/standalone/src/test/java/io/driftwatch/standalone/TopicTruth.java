package io.driftwatch.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.job.it.Truth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * The records as they lie in the topic, counted by window, with none of the code under test. What
 * the producer believes to have sent is not asked: a broker that was killed decides what there is.
 */
final class TopicTruth implements AutoCloseable {
    private final KafkaConsumer<String, byte[]> consumer;
    private final ObjectMapper json = new ObjectMapper();
    private final Map<Long, byte[]> bySequence = new TreeMap<>();
    private final Map<String, Map<Instant, Long>> rows = new TreeMap<>();
    private final Set<String> bad = new TreeSet<>();
    private final Set<String> late = new TreeSet<>();
    private long read;

    TopicTruth(String bootstrapServers) {
        consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "reconnect.backoff.max.ms",
                                500),
                        new StringDeserializer(),
                        new ByteArrayDeserializer());
        List<TopicPartition> all =
                IntStream.range(0, Load.PARTITIONS)
                        .mapToObj(p -> new TopicPartition(Load.TOPIC, p))
                        .toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
    }

    /** Reads up to what is there now. */
    void catchUp() {
        List<TopicPartition> all = List.copyOf(consumer.assignment());
        Map<TopicPartition, Long> ends = consumer.endOffsets(all);
        while (all.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
            consumer.poll(Duration.ofMillis(200)).forEach(this::take);
        }
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        read++;
        String key = record.key();
        bySequence.put(Long.parseLong(key.substring(key.indexOf('-') + 1)), record.value());
        String place = record.partition() + "@" + record.offset();
        switch (Load.Kind.of(key)) {
            case BAD -> bad.add(place);
            case LATE -> late.add(place);
            case COUNTED -> count(record.value());
        }
    }

    private void count(byte[] value) {
        JsonNode basket;
        try {
            basket = json.readTree(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long time = Instant.parse(basket.path("at").asText()).toEpochMilli();
        Instant window = Instant.ofEpochMilli(time - Math.floorMod(time, Truth.WINDOW_MILLIS));
        String country = "{country=" + basket.path("country").asText() + "}";
        for (String segment : List.of("{}", country)) {
            rows.computeIfAbsent(segment, name -> new TreeMap<>()).merge(window, 1L, Long::sum);
        }
    }

    long read() {
        return read;
    }

    /** How many different records there are; less than {@link #read} if one is there twice. */
    long distinct() {
        return bySequence.size();
    }

    /** Rows by segment and window. */
    Map<String, Map<Instant, Long>> rows() {
        return rows;
    }

    /** Places of records that nobody can decode, as partition@offset. */
    Set<String> bad() {
        return bad;
    }

    /** Places of records that come after their window was closed. */
    Set<String> late() {
        return late;
    }

    /** Writes all records in the order in which they were sent, as lines. */
    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>(bySequence.size());
        bySequence.values().forEach(v -> lines.add(new String(v, StandardCharsets.UTF_8)));
        Files.write(file, lines);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
