package io.driftwatch.detectors.profile;

import java.util.Arrays;

/**
 * The counts of one feature in one pane or window: sparse counts over the profile's cells, what was
 * missing or infinite, two sums, and the sum of each cell where somebody asked for it. Immutable.
 *
 * <p>This is what crosses the network and what merges by addition. Counts add exactly, in any
 * order. The sums are doubles, so their last digits can depend on the order of addition; a sum that
 * overflowed is infinite or NaN, and only the statistics that need it suffer.
 */
public final class Tally {
    /** The tally of no rows: adding it changes nothing. */
    public static final Tally EMPTY =
            new Tally(new int[0], new long[0], 0, 0, 0, 0, 0, new double[0]);

    /** Stands for the sums of cells that were not summed. */
    static final double[] NO_SUMS = {};

    private final int[] cells;
    private final long[] counts;
    private final long count;
    private final long missing;
    private final long infinite;
    private final double sum;
    private final double sumOfSquares;

    /** One for each non-empty cell, or none at all. */
    private final double[] cellSums;

    private Tally(
            int[] cells,
            long[] counts,
            long count,
            long missing,
            long infinite,
            double sum,
            double sumOfSquares,
            double[] cellSums) {
        this.cells = cells;
        this.counts = counts;
        this.count = count;
        this.missing = missing;
        this.infinite = infinite;
        // Adding 0.0 turns -0.0 into 0.0, so that equal tallies have equal bytes.
        this.sum = sum + 0.0;
        this.sumOfSquares = sumOfSquares + 0.0;
        this.cellSums = cellSums;
        for (int i = 0; i < cellSums.length; i++) {
            cellSums[i] += 0.0;
        }
    }

    /**
     * A tally of its parts, without the sum of each cell.
     *
     * @param cells the non-empty cells, ascending
     * @param counts the count of each of them, at least 1
     * @param missing rows without a value
     * @param infinite rows with an infinite value
     * @param sum sum of (x - origin) / scale over the counted values; 0 for categories
     * @param sumOfSquares sum of the squares of the same; 0 for categories
     * @throws IllegalArgumentException if the parts do not fit together
     */
    public static Tally of(
            int[] cells,
            long[] counts,
            long missing,
            long infinite,
            double sum,
            double sumOfSquares) {
        return of(cells, counts, missing, infinite, sum, sumOfSquares, NO_SUMS);
    }

    /**
     * A tally of its parts.
     *
     * @param cells the non-empty cells, ascending
     * @param counts the count of each of them, at least 1
     * @param missing rows without a value
     * @param infinite rows with an infinite value
     * @param sum sum of (x - origin) / scale over the counted values; 0 for categories
     * @param sumOfSquares sum of the squares of the same; 0 for categories
     * @param cellSums the same sum for each of the cells; none if they were not counted
     * @throws IllegalArgumentException if the parts do not fit together
     */
    public static Tally of(
            int[] cells,
            long[] counts,
            long missing,
            long infinite,
            double sum,
            double sumOfSquares,
            double[] cellSums) {
        if (cells.length != counts.length) {
            throw new IllegalArgumentException(
                    cells.length + " cells, but " + counts.length + " counts");
        }
        if (cellSums.length != 0 && cellSums.length != cells.length) {
            throw new IllegalArgumentException(
                    cells.length + " cells, but " + cellSums.length + " sums of cells");
        }
        return trimmed(
                cells.clone(),
                counts.clone(),
                cells.length,
                missing,
                infinite,
                sum,
                sumOfSquares,
                cellSums.clone());
    }

    /** Takes over the arrays, of which the first {@code size} entries count. */
    static Tally trimmed(
            int[] cells,
            long[] counts,
            int size,
            long missing,
            long infinite,
            double sum,
            double sumOfSquares) {
        return trimmed(cells, counts, size, missing, infinite, sum, sumOfSquares, NO_SUMS);
    }

    /** As above, with the sum of each cell, or {@link #NO_SUMS}. */
    static Tally trimmed(
            int[] cells,
            long[] counts,
            int size,
            long missing,
            long infinite,
            double sum,
            double sumOfSquares,
            double[] cellSums) {
        long count = 0;
        for (int i = 0; i < size; i++) {
            if (cells[i] < 0 || (i > 0 && cells[i] <= cells[i - 1])) {
                throw new IllegalArgumentException(
                        "cells[" + i + "] is " + cells[i] + ", expected 0 or more and ascending");
            }
            if (counts[i] < 1) {
                throw new IllegalArgumentException(
                        "counts[" + i + "] is " + counts[i] + ", expected 1 or more");
            }
            count = added(count, counts[i]);
        }
        if (missing < 0 || infinite < 0) {
            throw new IllegalArgumentException(
                    "missing is " + missing + " and infinite " + infinite + ", expected 0 or more");
        }
        added(added(count, missing), infinite);
        if (sumOfSquares < 0 || (count == 0 && (sum != 0 || sumOfSquares != 0))) {
            throw new IllegalArgumentException(
                    "The sums "
                            + sum
                            + " and "
                            + sumOfSquares
                            + " cannot be those of "
                            + count
                            + " values");
        }
        boolean whole = size == cells.length;
        return new Tally(
                whole ? cells : Arrays.copyOf(cells, size),
                whole ? counts : Arrays.copyOf(counts, size),
                count,
                missing,
                infinite,
                sum,
                sumOfSquares,
                cellSums.length <= size ? cellSums : Arrays.copyOf(cellSums, size));
    }

    private static long added(long one, long other) {
        long sum = one + other;
        if (sum < 0) {
            throw new IllegalArgumentException("The counts sum to more than " + Long.MAX_VALUE);
        }
        return sum;
    }

    /** The non-empty cells, ascending; a copy. */
    public int[] cells() {
        return cells.clone();
    }

    /** The counts of the non-empty cells; a copy. */
    public long[] counts() {
        return counts.clone();
    }

    /** The number of non-empty cells. */
    public int size() {
        return cells.length;
    }

    /** The {@code index}-th non-empty cell. */
    public int cell(int index) {
        return cells[index];
    }

    /** The count of the {@code index}-th non-empty cell. */
    public long count(int index) {
        return counts[index];
    }

    /** The count of {@code cell}, 0 where nothing was counted. */
    public long countOf(int cell) {
        int index = Arrays.binarySearch(cells, cell);
        return index < 0 ? 0 : counts[index];
    }

    /** How many values lie in cells: finite numbers, or categories. */
    public long count() {
        return count;
    }

    /** How many rows had no value. */
    public long missing() {
        return missing;
    }

    /** How many rows had an infinite value. */
    public long infinite() {
        return infinite;
    }

    /** All rows: counted, missing and infinite. */
    public long rows() {
        return count + missing + infinite;
    }

    /** Sum of (x - origin) / scale over the counted values; not finite if it overflowed. */
    public double sum() {
        return sum;
    }

    /** Sum of the squares of the same; not finite if it overflowed. */
    public double sumOfSquares() {
        return sumOfSquares;
    }

    /** Whether the sum of each cell was counted; always so where there are no values. */
    public boolean hasCellSums() {
        return cellSums.length == cells.length;
    }

    /**
     * Sum of (x - origin) / scale over the values of each non-empty cell, in the order of {@link
     * #cells}; not finite where it overflowed. A copy; empty if the sums were not counted.
     */
    public double[] cellSums() {
        return cellSums.clone();
    }

    /**
     * The sum of the {@code index}-th non-empty cell.
     *
     * @throws IllegalStateException if the sums were not counted
     */
    public double cellSum(int index) {
        if (!hasCellSums()) {
            throw new IllegalStateException("The sum of each cell was not counted");
        }
        return cellSums[index];
    }

    /** The same counts with the sum of each cell; takes over the array. */
    Tally withCellSums(double[] sums) {
        return new Tally(cells, counts, count, missing, infinite, sum, sumOfSquares, sums);
    }

    /**
     * The tally of both. It has the sum of each cell if both have.
     *
     * @throws IllegalArgumentException if a count would exceed {@link Long#MAX_VALUE}
     */
    public Tally plus(Tally other) {
        int[] mergedCells = new int[cells.length + other.cells.length];
        long[] mergedCounts = new long[mergedCells.length];
        boolean sums = hasCellSums() && other.hasCellSums();
        double[] mergedSums = sums ? new double[mergedCells.length] : NO_SUMS;
        int size = 0;
        int i = 0;
        int j = 0;
        while (i < cells.length || j < other.cells.length) {
            boolean mine =
                    j == other.cells.length || (i < cells.length && cells[i] <= other.cells[j]);
            boolean theirs =
                    i == cells.length || (j < other.cells.length && other.cells[j] <= cells[i]);
            mergedCells[size] = mine ? cells[i] : other.cells[j];
            if (sums) {
                mergedSums[size] = (mine ? cellSums[i] : 0) + (theirs ? other.cellSums[j] : 0);
            }
            mergedCounts[size++] = added(mine ? counts[i] : 0, theirs ? other.counts[j] : 0);
            if (mine) {
                i++;
            }
            if (theirs) {
                j++;
            }
        }
        return trimmed(
                mergedCells,
                mergedCounts,
                size,
                added(missing, other.missing),
                added(infinite, other.infinite),
                sum + other.sum,
                sumOfSquares + other.sumOfSquares,
                mergedSums);
    }

    /**
     * This tally without one that is a part of it.
     *
     * @throws IllegalArgumentException if {@code part} counts anything more often than this tally
     */
    public Tally minus(Tally part) {
        long[] rest = counts.clone();
        boolean sums = hasCellSums() && part.hasCellSums();
        double[] restSums = sums ? cellSums.clone() : NO_SUMS;
        for (int j = 0; j < part.cells.length; j++) {
            int i = Arrays.binarySearch(cells, part.cells[j]);
            if (i < 0 || counts[i] < part.counts[j]) {
                throw notContained("cell " + part.cells[j]);
            }
            rest[i] -= part.counts[j];
            if (sums) {
                restSums[i] -= part.cellSums[j];
            }
        }
        if (missing < part.missing || infinite < part.infinite) {
            throw notContained("what is missing or infinite");
        }
        int[] restCells = cells.clone();
        int size = 0;
        for (int i = 0; i < rest.length; i++) {
            if (rest[i] > 0) {
                restCells[size] = cells[i];
                rest[size] = rest[i];
                if (sums) {
                    restSums[size] = restSums[i];
                }
                size++;
            }
        }
        return trimmed(
                restCells,
                rest,
                size,
                missing - part.missing,
                infinite - part.infinite,
                size == 0 ? 0 : sum - part.sum,
                size == 0 ? 0 : Math.max(0, sumOfSquares - part.sumOfSquares),
                restSums);
    }

    private static IllegalArgumentException notContained(String what) {
        return new IllegalArgumentException(
                "The window is not part of the reference: it counts more in "
                        + what
                        + " than the whole reference does");
    }

    /** A compact form, the same for equal tallies; {@link #fromBytes} reads it. */
    public byte[] toBytes() {
        return TallyFormat.write(this);
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws IllegalArgumentException if the bytes are of another version, cut short, or no tally
     */
    public static Tally fromBytes(byte[] bytes) {
        return TallyFormat.read(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tally that
                && Arrays.equals(cells, that.cells)
                && Arrays.equals(counts, that.counts)
                && missing == that.missing
                && infinite == that.infinite
                && Double.doubleToLongBits(sum) == Double.doubleToLongBits(that.sum)
                && Double.doubleToLongBits(sumOfSquares)
                        == Double.doubleToLongBits(that.sumOfSquares)
                && Arrays.equals(cellSums, that.cellSums);
    }

    @Override
    public int hashCode() {
        int hash = 31 * Arrays.hashCode(cells) + Arrays.hashCode(counts);
        hash = 31 * hash + Long.hashCode(missing);
        hash = 31 * hash + Long.hashCode(infinite);
        hash = 31 * hash + Double.hashCode(sum);
        hash = 31 * hash + Double.hashCode(sumOfSquares);
        return 31 * hash + Arrays.hashCode(cellSums);
    }

    @Override
    public String toString() {
        return "Tally["
                + count
                + " values in "
                + cells.length
                + " cells, "
                + missing
                + " missing, "
                + infinite
                + " infinite]";
    }
}
