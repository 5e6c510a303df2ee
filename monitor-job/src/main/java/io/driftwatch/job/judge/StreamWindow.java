package io.driftwatch.job.judge;

/**
 * Says that a stream had data in a window.
 *
 * @param stream role of the stream
 * @param windowEndMillis end of the window
 */
public record StreamWindow(String stream, long windowEndMillis) {}
