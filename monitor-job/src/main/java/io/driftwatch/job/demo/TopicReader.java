package io.driftwatch.job.demo;

import io.driftwatch.schemas.codec.RecordCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads what the jobs write, as any other consumer could, in one thread. Of what comes at once, the
 * topics are handed over in the order in which they were named.
 */
final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Consumer<byte[]>> readers = new LinkedHashMap<>();
    private final Queue<CompletableFuture<Void>> asked = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private Thread thread;

    TopicReader(String bootstrapServers) {
        consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers", bootstrapServers,
                                "enable.auto.commit", "false",
                                "auto.offset.reset", "earliest",
                                "isolation.level", "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
    }

    /** Hands every record of a topic to somebody; before {@link #start}. */
    <T extends SpecificRecord> TopicReader read(String topic, Class<T> type, Consumer<T> reader) {
        RecordCodec<T> codec = RecordCodec.of(type);
        consumer.partitionsFor(topic)
                .forEach(
                        p ->
                                readers.put(
                                        new TopicPartition(topic, p.partition()),
                                        bytes -> reader.accept(codec.read(bytes))));
        return this;
    }

    TopicReader start() {
        consumer.assign(List.copyOf(readers.keySet()));
        thread = new Thread(this::run, "demo-topic-reader");
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    /** Never done, unless reading fails. */
    CompletableFuture<Void> failed() {
        return failure;
    }

    /** Done when everything that stands on the topics now has been handed over. */
    CompletableFuture<Void> caughtUp() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        asked.add(done);
        return done.applyToEither(failure, Function.identity());
    }

    private void run() {
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        try (consumer) {
            while (!Thread.currentThread().isInterrupted()) {
                for (var next = asked.poll(); next != null; next = asked.poll()) {
                    waiting.add(next);
                }
                Map<TopicPartition, Long> ends =
                        waiting.isEmpty() ? Map.of() : consumer.endOffsets(readers.keySet());
                handOver(consumer.poll(POLL));
                if (ends.entrySet().stream()
                        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                    waiting.forEach(each -> each.complete(null));
                    waiting.clear();
                }
            }
        } catch (WakeupException e) {
            // Closed.
            return;
        } catch (RuntimeException e) {
            failure.completeExceptionally(e);
        }
    }

    private void handOver(ConsumerRecords<byte[], byte[]> records) {
        readers.forEach(
                (partition, reader) -> {
                    for (ConsumerRecord<byte[], byte[]> each : records.records(partition)) {
                        reader.accept(each.value());
                    }
                });
    }

    @Override
    public void close() throws InterruptedException {
        consumer.wakeup();
        if (thread != null) {
            thread.join(2000);
        }
    }
}
