package io.driftwatch.job.config;

import java.io.Serializable;
import java.time.Duration;

/**
 * Event-time windows of a model, aligned to 1970-01-01T00:00:00Z.
 *
 * @param size length of a window
 * @param slide distance between the starts of neighbouring windows, at most {@code size}
 * @param lateness how long after its end a window still takes late records
 * @param minCount fewer values than this are {@code insufficient_data}
 */
public record WindowConfig(Duration size, Duration slide, Duration lateness, long minCount)
        implements Serializable {

    public static final long DEFAULT_MIN_COUNT = 200;
}
