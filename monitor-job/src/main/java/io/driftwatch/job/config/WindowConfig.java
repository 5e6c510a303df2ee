package io.driftwatch.job.config;

import java.io.Serializable;
import java.time.Duration;

/**
 * Event-time windows of a model, aligned to 1970-01-01T00:00:00Z.
 *
 * @param size length of a window
 * @param slide distance between the starts of neighbouring windows, at most {@code size}
 * @param lateness how long after its end a window still takes late records
 * @param minCount fewer values than this are {@code insufficient_data}; {@link #AUTO} leaves it to
 *     every statistic
 */
public record WindowConfig(Duration size, Duration slide, Duration lateness, long minCount)
        implements Serializable {

    /** Every statistic needs what it needs: enough for its threshold to be beyond chance. */
    public static final long AUTO = 0;

    /** Rows that make a reference, where {@code minCount} does not say. */
    private static final long REFERENCE_ROWS = 200;

    /** Whether every statistic says itself how many values it needs. */
    public boolean isAuto() {
        return minCount == AUTO;
    }

    /** Rows below which a segment gets no reference of its own, nor a block of time counts. */
    public long minReferenceRows() {
        return isAuto() ? REFERENCE_ROWS : minCount;
    }
}
