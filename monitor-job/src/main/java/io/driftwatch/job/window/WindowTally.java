package io.driftwatch.job.window;

import io.driftwatch.job.tally.SeriesKey;

/**
 * All counts of one feature in one window.
 *
 * @param series what was counted
 * @param windowStartMillis first instant
 * @param windowEndMillis end, not contained
 * @param tally counts, as {@code Counts.toBytes} writes them
 * @param revision 0 at first, one more each time late records changed the window
 */
public record WindowTally(
        SeriesKey series,
        long windowStartMillis,
        long windowEndMillis,
        byte[] tally,
        int revision) {}
