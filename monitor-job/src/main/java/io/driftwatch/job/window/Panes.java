package io.driftwatch.job.window;

import io.driftwatch.job.config.WindowConfig;
import java.io.Serializable;

/**
 * The arithmetic of panes and windows. Panes are {@code slide} long and aligned to
 * 1970-01-01T00:00:00Z; a window is {@code size / slide} panes in a row, and is named by its end,
 * which it does not contain. All times are milliseconds.
 */
public record Panes(long sizeMillis, long slideMillis, long latenessMillis)
        implements Serializable {

    public static Panes of(WindowConfig window) {
        return new Panes(
                window.size().toMillis(), window.slide().toMillis(), window.lateness().toMillis());
    }

    /** Start of the pane that holds a time. */
    public long paneOf(long timeMillis) {
        return Math.floorDiv(timeMillis, slideMillis) * slideMillis;
    }

    /** Number of a pane that begins then, counted from 1970 without gaps. */
    long indexOf(long paneStart) {
        return paneStart / slideMillis;
    }

    /** How many panes a window has. */
    long perWindow() {
        return sizeMillis / slideMillis;
    }

    /** End of the first window that holds a pane. */
    public long firstWindowEnd(long pane) {
        return pane + slideMillis;
    }

    /** End of the last window that holds a pane. */
    public long lastWindowEnd(long pane) {
        return pane + sizeMillis;
    }

    /** Start of a window, which is also the start of its first pane. */
    public long windowStart(long windowEnd) {
        return windowEnd - sizeMillis;
    }

    /** Whether a window has been scored: the watermark has reached its last instant. */
    public boolean isDue(long windowEnd, long watermark) {
        return watermark >= windowEnd - 1;
    }

    /** Whether a window takes no more records at all. */
    public boolean isClosed(long windowEnd, long watermark) {
        return watermark >= closedAt(windowEnd);
    }

    /** The watermark at which a window takes no more records. */
    public long closedAt(long windowEnd) {
        return windowEnd - 1 + latenessMillis;
    }
}
