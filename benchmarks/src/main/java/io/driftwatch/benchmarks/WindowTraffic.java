package io.driftwatch.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Avro records in the order of their event times, evenly spaced. In every second window some
 * features are drifted, so that alerts fire and are resolved by turns, window after window.
 *
 * <p>Records are made beforehand and sent again and again with new event times: making numbers up
 * would cost more than watching them.
 */
final class WindowTraffic {
    static final long WINDOW_MILLIS = 60_000;

    /** What a stream allows where nothing is configured. */
    static final long OUT_OF_ORDERNESS_MILLIS = 5_000;

    /** Features that drift in every second window; fewer if there are not so many normal ones. */
    static final int DRIFTED = 10;

    /** Enough that a window's bins are filled as those of fresh records would be. */
    private static final int POOL = 1000;

    /** Two standard deviations of the features that are normal. */
    private static final double DRIFT = 30;

    private final List<byte[]> usual = new ArrayList<>();
    private final List<byte[]> drifted = new ArrayList<>();
    private final ByteArrayOutputStream time = new ByteArrayOutputStream();
    private final BinaryEncoder encoder =
            EncoderFactory.get().directBinaryEncoder(time, /* reuse= */ null);
    private double eventTimeMillis = Workload.START_MILLIS;
    private double spacingMillis = 1;
    private int next;
    private long closed;
    private boolean closes;

    WindowTraffic(Workload.Shape shape, long seed) {
        Workload workload = new Workload(shape, seed);
        for (int i = 0; i < POOL; i++) {
            workload.next();
            usual.add(workload.avro());
            double[] numbers = workload.numbers();
            for (int feature = 0; feature < driftedFeatures(shape); feature++) {
                // Every fourth feature is normal, see Workload.
                numbers[4 * feature] += DRIFT;
            }
            drifted.add(workload.avro());
        }
        closed = closedAt(Workload.START_MILLIS);
    }

    /** How many features drift. */
    static int driftedFeatures(Workload.Shape shape) {
        return Math.min(DRIFTED, (shape.numeric() + 3) / 4);
    }

    /** From now on a window holds so many records. */
    void recordsPerWindow(double records) {
        spacingMillis = WINDOW_MILLIS / records;
    }

    /** The next record; the array is used again. */
    byte[] next() {
        eventTimeMillis += spacingMillis;
        long now = (long) eventTimeMillis;
        long end = closedAt(now);
        closes = end > closed;
        closed = end;
        boolean isDrifted = Math.floorMod(Math.floorDiv(now, WINDOW_MILLIS), 2L) == 1;
        next = (next + 1) % POOL;
        return withTime((isDrifted ? drifted : usual).get(next), now);
    }

    /** Whether the record just made moves the watermark past the end of a window. */
    boolean closesWindow() {
        return closes;
    }

    /** End of the last window that the watermark has passed. */
    long closedWindowEnd() {
        return closed;
    }

    private static long closedAt(long eventTimeMillis) {
        return Math.floorDiv(eventTimeMillis - OUT_OF_ORDERNESS_MILLIS, WINDOW_MILLIS)
                * WINDOW_MILLIS;
    }

    /** The event time is the record's first field, and as long as any other of these centuries. */
    private byte[] withTime(byte[] bytes, long eventTimeMillis) {
        time.reset();
        try {
            encoder.writeLong(eventTimeMillis);
            encoder.flush();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        byte[] encoded = time.toByteArray();
        System.arraycopy(encoded, 0, bytes, 0, encoded.length);
        return bytes;
    }
}
