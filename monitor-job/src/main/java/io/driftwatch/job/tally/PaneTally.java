package io.driftwatch.job.tally;

/**
 * Part of the counts of one feature in one pane. Parts add up, so early and repeated ones do no
 * harm.
 *
 * @param series what was counted
 * @param paneStartMillis start of the pane
 * @param tally counts, as {@link Counts#toBytes} writes them
 */
public record PaneTally(SeriesKey series, long paneStartMillis, byte[] tally) {}
