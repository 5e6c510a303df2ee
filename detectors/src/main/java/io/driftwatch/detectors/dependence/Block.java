package io.driftwatch.detectors.dependence;

import java.time.Instant;
import java.util.Objects;

/**
 * What the reference holds of one stretch of time.
 *
 * @param start when the block begins
 * @param binCounts values in each bin, for all blocks of a feature over the same bins; not copied
 */
public record Block(Instant start, long[] binCounts) {
    /**
     * @throws IllegalArgumentException if a count is negative
     */
    public Block {
        Objects.requireNonNull(start, "start");
        for (int bin = 0; bin < binCounts.length; bin++) {
            if (binCounts[bin] < 0) {
                throw new IllegalArgumentException(
                        "binCounts["
                                + bin
                                + "] of the block at "
                                + start
                                + " is "
                                + binCounts[bin]
                                + ", expected 0 or more");
            }
        }
    }

    /** All values of the block. */
    long count() {
        long count = 0;
        for (long each : binCounts) {
            count += each;
        }
        return count;
    }
}
