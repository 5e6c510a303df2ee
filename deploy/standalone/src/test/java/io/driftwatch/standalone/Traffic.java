package io.driftwatch.standalone;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Many records of twenty numbers and a country, sent at a steady rate or as fast as they can be,
 * and counted by window as they are sent. Their event time is the clock's.
 */
final class Traffic implements AutoCloseable {
    static final String TOPIC = "trips";
    static final int PARTITIONS = 3;
    static final long WINDOW_MILLIS = 10_000;

    private static final int NUMBERS = 20;
    private static final List<String> COUNTRIES = List.of("de", "fr", "it");
    private static final int DIFFERENT_RECORDS = 20_000;
    private static final int TICK_MILLIS = 10;
    private static final int BURST_RECORDS = 500;
    private static final int BAD_EVERY = 100_003;
    private static final int LATE_EVERY = 150_001;
    private static final int FIRST_LATE = 1_000_000;
    private static final long LATE_BY_MILLIS = Duration.ofHours(3).toMillis();
    private static final byte[] BAD = {1, 2, 3};

    private final KafkaProducer<byte[], byte[]> producer;
    private final byte[][][] bodies = new byte[2][][];
    private final byte[] countries = new byte[DIFFERENT_RECORDS];
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final Map<Long, long[]> counts = new TreeMap<>();
    private final Set<String> bad = new ConcurrentSkipListSet<>();
    private final Set<String> late = new ConcurrentSkipListSet<>();
    private volatile boolean drifts;
    private volatile double rate;
    private volatile boolean ended;
    private Thread thread;

    // The sending thread's own, until it has ended.
    private long sent;
    private long window = Long.MIN_VALUE;
    private long[] inWindow = new long[COUNTRIES.size()];

    Traffic(String bootstrapServers, long seed) throws IOException {
        producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "linger.ms",
                                20,
                                "batch.size",
                                64 << 10,
                                "delivery.timeout.ms",
                                300_000),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        Random random = new Random(seed);
        for (int i = 0; i < DIFFERENT_RECORDS; i++) {
            countries[i] = (byte) random.nextInt(COUNTRIES.size());
        }
        for (int drift = 0; drift < 2; drift++) {
            bodies[drift] = new byte[DIFFERENT_RECORDS][];
            for (int i = 0; i < DIFFERENT_RECORDS; i++) {
                bodies[drift][i] = body(random, countries[i], drift * 2.0);
            }
        }
    }

    static List<String> numbers() {
        return IntStream.rangeClosed(1, NUMBERS).mapToObj("x%02d"::formatted).toList();
    }

    /** The schema of the records, as a file of a configuration has it. */
    static String schema() {
        return """
        {"type": "record", "name": "Trip", "fields": [
          {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
          {"name": "country", "type": "string"},
          %s]}
        """
                .formatted(
                        numbers().stream()
                                .map("{\"name\": \"%s\", \"type\": \"double\"}"::formatted)
                                .collect(Collectors.joining(",\n  ")));
    }

    /** Reference rows, as CSV. */
    static String reference(int rows) {
        Random random = new Random(1);
        StringBuilder csv = new StringBuilder("country," + String.join(",", numbers()) + "\n");
        for (int i = 0; i < rows; i++) {
            csv.append(COUNTRIES.get(random.nextInt(COUNTRIES.size())));
            for (int j = 0; j < NUMBERS; j++) {
                csv.append(',').append(random.nextGaussian());
            }
            csv.append('\n');
        }
        return csv.toString();
    }

    /** All but the event time, which comes first. The first of the numbers drifts. */
    private static byte[] body(Random random, byte country, double shift) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        encoder.writeString(COUNTRIES.get(country));
        for (int i = 0; i < NUMBERS; i++) {
            encoder.writeDouble(random.nextGaussian() + (i == 0 ? shift : 0));
        }
        return bytes.toByteArray();
    }

    /** Begins to send so many records a second. */
    void start(double recordsPerSecond) {
        rate = recordsPerSecond;
        thread = new Thread(this::send, "traffic");
        thread.start();
    }

    /** From now on sends so many records a second; infinitely many is as many as it can. */
    void setRate(double recordsPerSecond) {
        rate = recordsPerSecond;
    }

    /** From the next record on, what is sent is far from the reference, or as it was again. */
    void drift(boolean now) {
        drifts = now;
    }

    private void send() {
        try {
            long tick = System.nanoTime();
            double due = 0;
            while (!ended) {
                double now = rate;
                if (Double.isInfinite(now)) {
                    send(BURST_RECORDS);
                    tick = System.nanoTime();
                    continue;
                }
                due += now * TICK_MILLIS / 1000;
                send((int) due);
                due -= (int) due;
                tick += TICK_MILLIS * 1_000_000L;
                LockSupport.parkNanos(tick - System.nanoTime());
            }
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    private void send(int records) {
        byte[][] current = bodies[drifts ? 1 : 0];
        long now = System.currentTimeMillis();
        for (int i = 0; i < records; i++) {
            int which = (int) (sent % DIFFERENT_RECORDS);
            if (sent % BAD_EVERY == BAD_EVERY - 1) {
                send(BAD, place -> bad.add(place.partition() + "@" + place.offset()));
            } else if (sent % LATE_EVERY == LATE_EVERY - 1 && sent > FIRST_LATE) {
                send(
                        at(now - LATE_BY_MILLIS, current[which]),
                        place -> late.add(place.partition() + "@" + place.offset()));
            } else {
                send(at(now, current[which]), place -> {});
                count(now, countries[which]);
            }
            sent++;
        }
    }

    private void send(byte[] value, Consumer<RecordMetadata> then) {
        var unused =
                producer.send(
                        new ProducerRecord<>(TOPIC, (int) (sent % PARTITIONS), null, value),
                        (place, problem) -> {
                            if (problem == null) {
                                then.accept(place);
                            } else {
                                failure.compareAndSet(null, problem);
                            }
                        });
    }

    private void count(long time, byte country) {
        long start = time - Math.floorMod(time, WINDOW_MILLIS);
        if (start != window) {
            window = start;
            synchronized (counts) {
                inWindow = counts.computeIfAbsent(start, key -> new long[COUNTRIES.size()]);
            }
        }
        inWindow[country]++;
    }

    /** A record: the time as Avro writes a long, and what follows it. */
    private static byte[] at(long time, byte[] body) {
        long zigzag = time << 1 ^ time >> 63;
        int length = (63 - Long.numberOfLeadingZeros(zigzag)) / 7 + 1;
        byte[] record = new byte[length + body.length];
        for (int i = 0; i < length - 1; i++) {
            record[i] = (byte) (zigzag | 0x80);
            zigzag >>>= 7;
        }
        record[length - 1] = (byte) zigzag;
        System.arraycopy(body, 0, record, length, body.length);
        return record;
    }

    /** Stops; returns how many records were sent, once the broker has them all. */
    long finish() throws InterruptedException {
        ended = true;
        thread.join();
        producer.flush();
        if (failure.get() != null) {
            throw new IllegalStateException("a record could not be sent", failure.get());
        }
        return sent;
    }

    /** Places of records that nobody can decode, as partition@offset; all of them after the end. */
    Set<String> bad() {
        return bad;
    }

    /** Places of records that come long after their window was closed. */
    Set<String> late() {
        return late;
    }

    /** Rows by segment and window, after the end. */
    Map<String, Map<Instant, Long>> rows() {
        Map<String, Map<Instant, Long>> rows = new TreeMap<>();
        counts.forEach(
                (start, byCountry) -> {
                    Instant at = Instant.ofEpochMilli(start);
                    for (int i = 0; i < byCountry.length; i++) {
                        if (byCountry[i] > 0) {
                            add(rows, "{country=" + COUNTRIES.get(i) + "}", at, byCountry[i]);
                            add(rows, "{}", at, byCountry[i]);
                        }
                    }
                });
        return rows;
    }

    private static void add(
            Map<String, Map<Instant, Long>> rows, String segment, Instant at, long count) {
        rows.computeIfAbsent(segment, name -> new TreeMap<>()).merge(at, count, Long::sum);
    }

    /** All windows that have records so far, in order. */
    List<Instant> windows() {
        synchronized (counts) {
            return new ArrayList<>(counts.keySet()).stream().map(Instant::ofEpochMilli).toList();
        }
    }

    @Override
    public void close() {
        ended = true;
        producer.close(Duration.ofSeconds(1));
    }
}
