package io.driftwatch.detectors.profile;

/**
 * Mutable counts over a profile's cells, for one thread. Counting allocates nothing.
 *
 * <p>Counters are ints, for the sake of the cache; before one could overflow, all are added to
 * longs.
 */
public abstract sealed class TallyCounter permits NumericCounter, CategoryCounter {
    private final int[] counts;
    private final int foldLimit;
    private long[] folded;
    private long foldedRows;
    private int openRows;
    private long missing;
    private long infinite;

    TallyCounter(int cellCount, int foldLimit) {
        this.counts = new int[cellCount];
        this.foldLimit = foldLimit;
    }

    /** Whether nothing was counted since the start or the last {@link #drain}. */
    public final boolean isEmpty() {
        return rows() == 0;
    }

    /** How many values, missing and infinite ones included, were counted since then. */
    public final long rows() {
        return foldedRows + openRows;
    }

    /** What was counted; counting starts again from zero. */
    public abstract Tally drain();

    /** Announces values, each of which is then counted by one of the three methods below. */
    final void expect(int rows) {
        // No cell can hold more than the rows since the last fold, so one check guards them all.
        if (openRows > foldLimit - rows) {
            fold();
        }
        openRows += rows;
    }

    final void count(int cell) {
        counts[cell]++;
    }

    final void countMissing() {
        missing++;
    }

    final void countInfinite() {
        infinite++;
    }

    private void fold() {
        if (folded == null) {
            folded = new long[counts.length];
        }
        for (int cell = 0; cell < counts.length; cell++) {
            folded[cell] += counts[cell];
            counts[cell] = 0;
        }
        foldedRows += openRows;
        openRows = 0;
    }

    final Tally drain(double sum, double sumOfSquares) {
        return drain(sum, sumOfSquares, Tally.NO_SUMS);
    }

    /** With the sum of each cell, or none; the sums are set to 0. */
    final Tally drain(double sum, double sumOfSquares, double[] sums) {
        int size = 0;
        for (int cell = 0; cell < counts.length; cell++) {
            if (total(cell) != 0) {
                size++;
            }
        }
        int[] cells = new int[size];
        long[] totals = new long[size];
        double[] cellSums = sums.length == 0 ? Tally.NO_SUMS : new double[size];
        int next = 0;
        for (int cell = 0; cell < counts.length; cell++) {
            if (total(cell) != 0) {
                if (sums.length > 0) {
                    cellSums[next] = sums[cell];
                    sums[cell] = 0;
                }
                cells[next] = cell;
                totals[next++] = total(cell);
                counts[cell] = 0;
            }
        }
        Tally tally =
                Tally.trimmed(cells, totals, size, missing, infinite, sum, sumOfSquares, cellSums);
        folded = null;
        foldedRows = 0;
        openRows = 0;
        missing = 0;
        infinite = 0;
        return tally;
    }

    private long total(int cell) {
        return folded == null ? counts[cell] : folded[cell] + counts[cell];
    }
}
