package io.driftwatch.standalone;

import io.driftwatch.job.it.Truth;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends records without a pause, whatever happens to the broker. Each has a key that says its place
 * in the order of sending and what is to become of it.
 */
final class Load implements AutoCloseable {
    static final String TOPIC = "baskets";
    static final int PARTITIONS = 3;

    private static final int ROWS_IN_WINDOW = 400;
    private static final int RECORDS_A_SECOND = 800;
    private static final int TICK_MILLIS = 10;
    private static final int BAD_EVERY = 501;
    private static final int LATE_EVERY = 703;
    private static final int FIRST_WINDOW_WITH_LATE = 10;
    private static final int WINDOWS_BEFORE_THE_FIRST = 30;

    /** What is to become of a record. */
    enum Kind {
        COUNTED,
        LATE,
        BAD;

        static Kind of(String key) {
            return valueOf(key.substring(0, key.indexOf('-')));
        }
    }

    private final Truth truth;
    private final KafkaProducer<String, byte[]> producer;
    private final ScheduledExecutorService ticks =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "load"));

    // The thread's own.
    private Iterator<Long> times = List.<Long>of().iterator();
    private boolean windowDrifts;

    private volatile int window = -1;
    private volatile boolean drifts;

    // Guarded by this.
    private long made;
    private long acknowledged;
    private Throwable failure;

    Load(String bootstrapServers, long seed) {
        this.truth = new Truth(seed);
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers", bootstrapServers,
                                "linger.ms", 5,
                                "reconnect.backoff.max.ms", 500,
                                // Otherwise it forgets the topic while no broker answers, and
                                // whoever sends has to wait.
                                "metadata.recovery.strategy", "none",
                                "request.timeout.ms", 5_000,
                                "delivery.timeout.ms", 300_000),
                        new StringSerializer(),
                        new ByteArraySerializer());
    }

    void start() {
        var unused = ticks.scheduleAtFixedRate(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** From the next window on, what is sent is far from the reference, or as it was again. */
    void drift(boolean now) {
        drifts = now;
    }

    /** The window that is being filled. */
    int window() {
        return window;
    }

    private void tick() {
        try {
            for (int i = 0; i < RECORDS_A_SECOND * TICK_MILLIS / 1000; i++) {
                send(made());
            }
        } catch (RuntimeException e) {
            acknowledge(e);
            throw e;
        }
    }

    private synchronized long made() {
        notifyAll();
        return made++;
    }

    private void send(long sequence) {
        if (!times.hasNext()) {
            int next = window + 1;
            times = truth.timesIn(next, ROWS_IN_WINDOW).iterator();
            windowDrifts = drifts;
            window = next;
        }
        if (sequence % BAD_EVERY == BAD_EVERY - 1) {
            send(sequence, Kind.BAD, "{\"at\": \"tomorrow\"}");
        } else if (sequence % LATE_EVERY == LATE_EVERY - 1 && window > FIRST_WINDOW_WITH_LATE) {
            // Older than everything: whoever reads on after a fault may be far behind, and what is
            // late by little is then in time.
            long before = sequence / LATE_EVERY % WINDOWS_BEFORE_THE_FIRST + 1;
            send(sequence, Kind.LATE, truth.uncounted(-before * Truth.WINDOW_MILLIS));
        } else {
            send(sequence, Kind.COUNTED, truth.record(times.next(), windowDrifts ? 2 : 0));
        }
    }

    private void send(long sequence, Kind kind, String value) {
        var unused =
                producer.send(
                        new ProducerRecord<>(
                                TOPIC,
                                (int) (sequence % PARTITIONS),
                                kind + "-" + sequence,
                                value.getBytes(StandardCharsets.UTF_8)),
                        (place, problem) -> acknowledge(problem));
    }

    private synchronized void acknowledge(Exception problem) {
        if (problem == null) {
            acknowledged++;
        } else {
            failure = problem;
        }
        notifyAll();
    }

    /** Waits until so many more records have been made, whether or not the broker takes them. */
    void awaitMore(long count) throws InterruptedException, TimeoutException {
        long wanted;
        synchronized (this) {
            wanted = made + count;
        }
        await(() -> made >= wanted);
    }

    /** Stops; returns how many records were sent, once the broker has them all. */
    long finish() throws InterruptedException, TimeoutException {
        ticks.shutdown();
        if (!ticks.awaitTermination(30, TimeUnit.SECONDS)) {
            throw new TimeoutException("the producer hangs");
        }
        producer.flush();
        await(() -> acknowledged == made);
        synchronized (this) {
            return made;
        }
    }

    private synchronized void await(BooleanSupplier condition)
            throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!condition.getAsBoolean()) {
            if (failure != null) {
                throw new IllegalStateException("a record could not be sent", failure);
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new TimeoutException(
                        "of " + made + " records the broker has taken " + acknowledged);
            }
            wait(left);
        }
    }

    @Override
    public void close() {
        ticks.shutdownNow();
        producer.close(Duration.ofSeconds(1));
    }
}
