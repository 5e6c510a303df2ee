package io.driftwatch.job.canary;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The records of one flight of the canary, in windows that follow one another: a calm one, one that
 * drifts, and a calm one. A window is complete when a record of the next one comes.
 *
 * @param start when the first window begins, on a whole second
 * @param mark stands in every record, so that nobody takes it for anything else
 */
record CanaryDrift(Instant start, String mark) {
    /** How many windows a flight takes, the one that completes the last among them. */
    static final int WINDOWS = 4;

    /** How much of event time that is. */
    static final Duration LENGTH = CanaryModel.WINDOW.multipliedBy(WINDOWS);

    private static final int ROWS = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A calm window, which ends whatever fires from before, and the drift. */
    List<byte[]> drift() {
        List<byte[]> records = new ArrayList<>(calm(0));
        for (int i = 0; i < ROWS; i++) {
            records.add(record(1, i, (1 + CanaryModel.uniform(i, ROWS)) / 2));
        }
        records.add(record(2, 0, CanaryModel.uniform(0, ROWS)));
        return records;
    }

    /** The end of the drift. */
    List<byte[]> end() {
        List<byte[]> records = new ArrayList<>(calm(2));
        records.add(record(WINDOWS - 1, 0, CanaryModel.uniform(0, ROWS)));
        return records;
    }

    /** Start of the window that drifts: what an alert about it says. */
    Instant drifting() {
        return start.plus(CanaryModel.WINDOW);
    }

    /** Start of the window that ends it. */
    Instant calm() {
        return drifting().plus(CanaryModel.WINDOW);
    }

    /** When the next flight may begin at the earliest. */
    Instant next() {
        return start.plus(LENGTH);
    }

    private List<byte[]> calm(int window) {
        List<byte[]> records = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            records.add(record(window, i, CanaryModel.uniform(i, ROWS)));
        }
        return records;
    }

    private byte[] record(int window, int row, double value) {
        long windowMillis = CanaryModel.WINDOW.toMillis();
        ObjectNode record = JSON.createObjectNode();
        record.put(
                CanaryModel.EVENT_TIME,
                start.toEpochMilli() + window * windowMillis + row * windowMillis / ROWS);
        record.put(CanaryModel.FEATURE, value);
        record.put("canary", mark);
        return record.toString().getBytes(StandardCharsets.UTF_8);
    }
}
