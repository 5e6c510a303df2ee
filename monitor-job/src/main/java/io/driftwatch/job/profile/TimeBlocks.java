package io.driftwatch.job.profile;

import io.driftwatch.detectors.dependence.Block;
import io.driftwatch.job.decode.Decoded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * Rows by the stretch of time they fall into: stretches as long as a window, aligned as windows
 * are. Needs 4 bytes a row.
 */
final class TimeBlocks {
    /**
     * The most blocks that are counted; of more, that many are chosen by a hash of their number, so
     * that every hour and every weekday has the same chance.
     */
    static final int MOST = 1000;

    /** The block of rows without an event time. */
    static final int NO_BLOCK = Integer.MIN_VALUE;

    /** Stands for rows in no counted block, and for values in no bin. */
    static final int NONE = -1;

    private final long lengthMillis;
    private final int[] chosen;
    private final int[] placeOfRow;

    private TimeBlocks(long lengthMillis, int[] chosen, int[] placeOfRow) {
        this.lengthMillis = lengthMillis;
        this.chosen = chosen;
        this.placeOfRow = placeOfRow;
    }

    /** The number of the block of an event time; {@link #NO_BLOCK} without one. */
    static int indexOf(long eventTimeMillis, Duration length) {
        if (eventTimeMillis == Decoded.NO_TIME) {
            return NO_BLOCK;
        }
        long index = Math.floorDiv(eventTimeMillis, length.toMillis());
        // Windows below a second, far from 1970.
        return index == (int) index ? (int) index : NO_BLOCK;
    }

    /**
     * Finds the blocks to count.
     *
     * @param blockOfRow the block of every row
     * @param fewestRows blocks with fewer rows do not take part
     */
    static TimeBlocks of(IntValues blockOfRow, long fewestRows, Duration length) {
        Map<Integer, Integer> rows = new HashMap<>();
        for (int row = 0; row < blockOfRow.size(); row++) {
            if (blockOfRow.get(row) != NO_BLOCK) {
                rows.merge(blockOfRow.get(row), 1, Integer::sum);
            }
        }
        int[] chosen =
                rows.entrySet().stream()
                        .filter(entry -> entry.getValue() >= fewestRows)
                        .map(Map.Entry::getKey)
                        .sorted(Comparator.comparing(TimeBlocks::mixed))
                        .limit(MOST)
                        .mapToInt(Integer::intValue)
                        .sorted()
                        .toArray();
        int[] placeOfRow = new int[blockOfRow.size()];
        for (int row = 0; row < placeOfRow.length; row++) {
            int place = Arrays.binarySearch(chosen, blockOfRow.get(row));
            placeOfRow[row] = place < 0 ? NONE : place;
        }
        return new TimeBlocks(length.toMillis(), chosen, placeOfRow);
    }

    /** The last step of SplitMix64: neighbouring numbers come out in no order at all. */
    private static long mixed(int block) {
        long mixed = block * 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }

    /** How many blocks are counted. */
    int size() {
        return chosen.length;
    }

    /**
     * The rows' values in blocks and bins.
     *
     * @param bins how many bins there are
     * @param binOfRow the bin of a row's value, or {@link #NONE}
     */
    List<Block> count(int bins, IntUnaryOperator binOfRow) {
        long[][] counts = new long[chosen.length][bins];
        for (int row = 0; row < placeOfRow.length; row++) {
            if (placeOfRow[row] != NONE) {
                int bin = binOfRow.applyAsInt(row);
                if (bin != NONE) {
                    counts[placeOfRow[row]][bin]++;
                }
            }
        }
        List<Block> blocks = new ArrayList<>();
        for (int place = 0; place < chosen.length; place++) {
            Instant start = Instant.ofEpochMilli(chosen[place] * lengthMillis);
            blocks.add(new Block(start, counts[place]));
        }
        return blocks;
    }
}
