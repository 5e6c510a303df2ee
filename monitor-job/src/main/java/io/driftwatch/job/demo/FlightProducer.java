package io.driftwatch.job.demo;

import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.config.StreamRole;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends the streams to their topics, so many days of data a second. */
final class FlightProducer implements AutoCloseable {
    private static final long TICK_MILLIS = 10;
    private static final double DAY_MILLIS = Duration.ofDays(1).toMillis();

    private final Iterator<StreamRecord> records;
    private final double daysPerSecond;
    private final Map<StreamRole, String> topics = new EnumMap<>(StreamRole.class);
    private final KafkaProducer<String, String> producer;
    private final CompletableFuture<Long> done = new CompletableFuture<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final ScheduledExecutorService ticks =
            Executors.newSingleThreadScheduledExecutor(
                    task -> new Thread(task, "demo-flight-producer"));
    private StreamRecord next;
    private long firstMillis;
    private long beganNanos;

    FlightProducer(
            String bootstrapServers,
            ModelConfig model,
            Iterator<StreamRecord> records,
            double daysPerSecond) {
        this.records = records;
        this.daysPerSecond = daysPerSecond;
        for (StreamConfig stream : model.streams()) {
            topics.put(stream.role(), stream.topic());
        }
        this.producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 5),
                        new StringSerializer(),
                        new StringSerializer());
    }

    /** Begins to send. The result, when all is sent and acknowledged, is the number of records. */
    CompletableFuture<Long> start() {
        next = records.next();
        firstMillis = next.sentMillis();
        beganNanos = System.nanoTime();
        var unused = ticks.scheduleAtFixedRate(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        return done;
    }

    private void tick() {
        try {
            double days = (System.nanoTime() - beganNanos) / 1e9 * daysPerSecond;
            long now = firstMillis + (long) (days * DAY_MILLIS);
            while (next != null && next.sentMillis() <= now) {
                send(next);
                next = records.hasNext() ? records.next() : null;
            }
            if (next == null) {
                producer.flush();
                ticks.shutdown();
                done.complete(acknowledged.get());
            }
        } catch (RuntimeException e) {
            ticks.shutdown();
            done.completeExceptionally(e);
        }
    }

    private void send(StreamRecord each) {
        var unused =
                producer.send(
                        new ProducerRecord<>(topics.get(each.role()), each.key(), each.json()),
                        (place, failure) -> {
                            if (failure == null) {
                                acknowledged.incrementAndGet();
                            } else {
                                done.completeExceptionally(failure);
                            }
                        });
    }

    @Override
    public void close() {
        ticks.shutdownNow();
        producer.close(Duration.ofSeconds(1));
    }
}
