package io.driftwatch.job.demo;

import java.time.Instant;

/**
 * How the demo runs.
 *
 * @param speed days of data a second
 * @param port wanted port of Flink's web page
 * @param keep whether everything stays up at the end
 * @param until where the stream ends
 */
public record DemoOptions(double speed, int port, boolean keep, Instant until) {
    public static final int DEFAULT_PORT = 8081;

    /** The whole stream. */
    public DemoOptions(double speed, int port, boolean keep) {
        this(speed, port, keep, Chapter.STREAM_ENDS.begins());
    }
}
