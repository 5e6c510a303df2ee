package io.driftwatch.job.window;

import io.driftwatch.job.tally.Counts;
import java.util.HashMap;
import java.util.Map;

/**
 * Adds the panes of one series' windows. Neighbouring windows share most of their panes: the sums
 * of aligned runs of 2, 4, 8 and so on are kept, so that a window of n panes is the sum of 2 log n
 * runs at most, and a pane costs two additions more over its life. A window of 360 panes took 1.5
 * ms to add up without.
 *
 * <p>Which runs a window is made of depends on its panes alone, and so the last digits of its sums
 * do. Runs are made again when they are missing, and need not be checkpointed.
 */
final class PaneRuns {
    /** Gives a pane's tally as bytes, or null if it holds nothing. */
    @FunctionalInterface
    interface PaneReader {
        byte[] read(long index) throws Exception;
    }

    private static final byte[] NOTHING = {};

    private record Run(int level, long first) {
        long end() {
            return first + (1L << level);
        }
    }

    private final Map<Run, byte[]> kept = new HashMap<>();
    private int highest;

    /**
     * The sum of some panes in a row, as bytes; null if they hold nothing.
     *
     * @param first index of the first pane: panes are numbered without gaps
     * @param end index behind the last one
     */
    byte[] sum(long first, long end, PaneReader panes) throws Exception {
        byte[] all = NOTHING;
        for (long at = first; at < end; ) {
            int aligned = Math.min(62, Long.numberOfTrailingZeros(at));
            int level = Math.min(aligned, 63 - Long.numberOfLeadingZeros(end - at));
            all = sum(all, run(level, at, panes));
            at += 1L << level;
        }
        return all.length == 0 ? null : all;
    }

    private byte[] run(int level, long first, PaneReader panes) throws Exception {
        if (level == 0) {
            byte[] pane = panes.read(first);
            return pane == null ? NOTHING : pane;
        }
        Run run = new Run(level, first);
        byte[] sum = kept.get(run);
        if (sum == null) {
            long middle = first + (1L << (level - 1));
            sum = sum(run(level - 1, first, panes), run(level - 1, middle, panes));
            kept.put(run, sum);
            highest = Math.max(highest, level);
        }
        return sum;
    }

    /** The sum of two tallies as bytes. */
    static byte[] sum(byte[] a, byte[] b) {
        if (a.length == 0 || b.length == 0) {
            return a.length == 0 ? b : a;
        }
        return Counts.fromBytes(a).plus(Counts.fromBytes(b)).toBytes();
    }

    /** Drops what a changed pane was part of. */
    void changed(long pane) {
        for (int level = 1; level <= highest; level++) {
            kept.remove(new Run(level, pane >> level << level));
        }
    }

    /** Drops runs that end at this pane or before. */
    void forget(long before) {
        kept.keySet().removeIf(run -> run.end() <= before);
    }
}
