package io.driftwatch.detectors.profile;

import io.driftwatch.detectors.FeatureType;
import java.util.Arrays;

/**
 * The reference of a numeric feature. Cells are right-closed intervals between rising edges: the
 * cell of x is the number of edges below x, and there is one cell more than edges.
 *
 * <p>Two layouts. <em>Exact</em>, for up to {@value #EXACT_LIMIT} distinct values if not said
 * otherwise: every distinct value and every gap between two has a cell, from which
 * Kolmogorov-Smirnov is exact. <em>Grid</em>, for more: about {@value #GRID_CELLS} cells with equal
 * shares of the reference, frequent values in cells of their own. Both contain the bin edges and
 * the ends of the reference's range.
 */
public final class NumericProfile implements FeatureProfile {
    /** The most distinct reference values that get a cell each, if not said otherwise. */
    public static final int EXACT_LIMIT = 10_000;

    /** As many distinct values can get a cell each without taking more cells than a grid. */
    public static final int SMALL_EXACT_LIMIT = 100;

    /** How many cells of equal share a reference with more distinct values is cut into. */
    public static final int GRID_CELLS = 200;

    /** The most bins that may be asked for. */
    public static final int MAX_BINS = 10_000;

    /** How far rounding may take the mean of a cell out of it, in scales. */
    private static final double SUM_SLACK = 1e-6;

    private final CellLookup cells;
    private final double[] binEdges;

    /** For each bin but the last its last cell. */
    private final int[] lastCells;

    private final boolean exact;
    private final Moments moments;
    private final Tally reference;

    /** Computed when first asked for; the same whichever thread does it. */
    private volatile long[] referenceBins;

    private final long layout;

    private NumericProfile(
            CellLookup cells, double[] binEdges, boolean exact, Tally reference, Moments moments) {
        this.cells = cells;
        this.binEdges = binEdges;
        this.lastCells = Arrays.stream(binEdges).mapToInt(cells::indexOf).toArray();
        this.exact = exact;
        this.reference = reference;
        this.layout = layout(cells, moments);
        this.moments = moments;
    }

    /**
     * The profile of a sample, with about {@code bins} bins of equal share.
     *
     * @param sample the reference values, not modified; NaN is missing, infinities are counted
     *     apart
     * @param bins how many bins, from 2 to {@value #MAX_BINS}; a value that holds a bin's share
     *     alone has a bin of its own, so the result can have a few more or less
     * @throws IllegalArgumentException if {@code bins} is out of range
     */
    public static NumericProfile of(double[] sample, int bins) {
        return of(sample, bins, EXACT_LIMIT);
    }

    /**
     * The profile of a sample, with about {@code bins} bins of equal share.
     *
     * @param sample the reference values, not modified; NaN is missing, infinities are counted
     *     apart
     * @param bins how many bins, from 2 to {@value #MAX_BINS}; a value that holds a bin's share
     *     alone has a bin of its own, so the result can have a few more or less
     * @param exactLimit the most distinct values that get a cell each
     * @throws IllegalArgumentException if {@code bins} is out of range
     */
    public static NumericProfile of(double[] sample, int bins, int exactLimit) {
        if (bins < 2 || bins > MAX_BINS) {
            throw new IllegalArgumentException(
                    "bins is " + bins + ", expected 2 to " + MAX_BINS + ", e.g. 10");
        }
        SortedSample sorted = SortedSample.of(sample);
        return of(sample, sorted, sorted.quantileEdges(bins), exactLimit);
    }

    /**
     * The profile of a sample, with given bins.
     *
     * @param sample the reference values, not modified; NaN is missing, infinities are counted
     *     apart
     * @param binEdges where one right-closed bin ends and the next begins, rising and finite
     * @throws IllegalArgumentException if there is no edge, or the edges are not rising and finite
     */
    public static NumericProfile of(double[] sample, double[] binEdges) {
        return of(sample, binEdges, EXACT_LIMIT);
    }

    /**
     * The profile of a sample, with given bins.
     *
     * @param sample the reference values, not modified; NaN is missing, infinities are counted
     *     apart
     * @param binEdges where one right-closed bin ends and the next begins, rising and finite
     * @param exactLimit the most distinct values that get a cell each
     * @throws IllegalArgumentException if there is no edge, or the edges are not rising and finite
     */
    public static NumericProfile of(double[] sample, double[] binEdges, int exactLimit) {
        if (binEdges.length == 0) {
            throw new IllegalArgumentException(
                    "There are no bin edges; give at least one, or a number of bins");
        }
        return of(sample, SortedSample.of(sample), Edges.checked("binEdges", binEdges), exactLimit);
    }

    private static NumericProfile of(
            double[] sample, SortedSample sorted, double[] binEdges, int exactLimit) {
        boolean exact = sorted.distinctCount() <= exactLimit;
        double[] cellEdges =
                exact
                        ? Edges.union(binEdges, sorted.exactEdges())
                        : Edges.union(
                                binEdges, sorted.quantileEdges(GRID_CELLS), sorted.rangeEdges());
        Moments moments = sorted.moments();
        CellLookup cells = new CellLookup(cellEdges);
        int cellCount = cells.size() + 1;
        // The sums of an exact layout's cells follow from its edges.
        NumericCounter counter =
                exact
                        ? new NumericCounter(cells, cellCount, moments)
                        : new CellSumCounter(cells, cellCount, moments);
        for (double value : sample) {
            counter.add(value);
        }
        return new NumericProfile(cells, binEdges, exact, counter.drain(), moments);
    }

    /**
     * Reads a profile back from its parts, as this class gave them, the sum of each cell included
     * if {@code reference} has it.
     *
     * @param cellEdges rising finite edges of the cells
     * @param binEdges the edges among them that also end a bin
     * @param exact whether every reference value has a cell of its own
     * @param reference the reference's counts over the cells
     * @param moments what is known of the reference's range and spread
     * @throws IllegalArgumentException if the parts do not fit together; the message says which
     */
    public static NumericProfile restore(
            double[] cellEdges,
            double[] binEdges,
            boolean exact,
            Tally reference,
            Moments moments) {
        CellLookup cells = new CellLookup(Edges.checked("cellEdges", cellEdges));
        double[] bins = Edges.checked("binEdges", binEdges);
        for (int i = 0; i < bins.length; i++) {
            requireEdge("binEdges[" + i + "]", bins[i], cells);
        }
        NumericProfile profile = new NumericProfile(cells, bins, exact, reference, moments);
        profile.requireCells(reference);
        profile.requireConsistent();
        return profile;
    }

    /**
     * Reads a profile back from its parts, with the sum of each cell apart.
     *
     * @param cellEdges rising finite edges of the cells
     * @param binEdges the edges among them that also end a bin
     * @param exact whether every reference value has a cell of its own
     * @param reference the reference's counts over the cells
     * @param moments what is known of the reference's range and spread
     * @param cellSums what {@link Tally#cellSums} of the reference gave; none if it is not known
     * @throws IllegalArgumentException if the parts do not fit together; the message says which
     */
    public static NumericProfile restore(
            double[] cellEdges,
            double[] binEdges,
            boolean exact,
            Tally reference,
            Moments moments,
            double[] cellSums) {
        if (cellSums.length != 0 && cellSums.length != reference.size()) {
            throw new IllegalArgumentException(
                    "There are "
                            + cellSums.length
                            + " sums of cells for "
                            + reference.size()
                            + " non-empty cells; rebuild the profile");
        }
        Tally withSums =
                cellSums.length == 0 ? reference : reference.withCellSums(cellSums.clone());
        return restore(cellEdges, binEdges, exact, withSums, moments);
    }

    private void requireConsistent() {
        requireSumsWithinCells();
        if (exact) {
            for (int i = 0; i < reference.size(); i++) {
                if (!isAtom(reference.cell(i))) {
                    throw new IllegalArgumentException(
                            "The profile is said to be exact, but reference values lie in cell "
                                    + reference.cell(i)
                                    + ", which holds more than one value");
                }
            }
        }
        if (knowsRange()) {
            if (reference.count() == 0) {
                throw new IllegalArgumentException(
                        "The reference has a range, "
                                + moments.minimum()
                                + " to "
                                + moments.maximum()
                                + ", but no finite value");
            }
            double below = Math.nextDown(moments.minimum());
            if (below != Double.NEGATIVE_INFINITY) {
                requireEdge("The value below the minimum,", below, cells);
            }
            requireEdge("The maximum,", moments.maximum(), cells);
            if (outOfRange(reference) > 0) {
                throw new IllegalArgumentException(
                        "The reference counts "
                                + outOfRange(reference)
                                + " values outside its own range, "
                                + moments.minimum()
                                + " to "
                                + moments.maximum());
            }
        }
    }

    /** The mean of a cell's values lies in the cell, but for rounding. */
    private void requireSumsWithinCells() {
        for (int i = 0; reference.hasCellSums() && i < reference.size(); i++) {
            double mean = reference.cellSum(i) / reference.count(i);
            double lower = moments.deviation(lowerEdge(reference.cell(i)));
            double upper = moments.deviation(upperEdge(reference.cell(i)));
            double slack = SUM_SLACK * (Math.abs(mean) + 1);
            if (!(Double.isFinite(mean) && lower - slack <= mean && mean <= upper + slack)) {
                throw new IllegalArgumentException(
                        "The sum of cell "
                                + reference.cell(i)
                                + " is "
                                + reference.cellSum(i)
                                + ", which cannot be that of "
                                + reference.count(i)
                                + " values in the cell; rebuild the profile");
            }
        }
    }

    private static void requireEdge(String name, double edge, CellLookup cells) {
        if (!cells.contains(edge)) {
            throw new IllegalArgumentException(
                    name + " " + edge + " is not among the cell edges; rebuild the profile");
        }
    }

    @Override
    public FeatureType type() {
        return FeatureType.NUMERIC;
    }

    @Override
    public int cellCount() {
        return cells.size() + 1;
    }

    @Override
    public int binCount() {
        return binEdges.length + 1;
    }

    @Override
    public int binOf(int cell) {
        int found = Arrays.binarySearch(lastCells, cell);
        return found < 0 ? ~found : found;
    }

    @Override
    public long[] referenceBins() {
        long[] bins = referenceBins;
        if (bins == null) {
            bins = binned(reference);
            referenceBins = bins;
        }
        return bins.clone();
    }

    @Override
    public String binLabel(int bin) {
        boolean first = bin == 0;
        boolean last = bin == binEdges.length;
        if (first && last) {
            return "any";
        }
        // An edge just below a value belongs to that value, which is shorter to say.
        double above = first ? Double.NaN : valueAfter(binEdges[bin - 1]);
        boolean reachesValue = !first && isShorter(above, binEdges[bin - 1]);
        double below = last ? Double.NaN : valueAfter(binEdges[bin]);
        boolean endsBelowValue = !last && isShorter(below, binEdges[bin]);
        if (!first && !last && above == binEdges[bin]) {
            return "= " + above;
        }
        if (first) {
            return endsBelowValue ? "< " + below : "<= " + binEdges[bin];
        }
        if (last) {
            return reachesValue ? ">= " + above : "> " + binEdges[bin - 1];
        }
        return (reachesValue ? "[" + above : "(" + binEdges[bin - 1])
                + ", "
                + (endsBelowValue ? below + ")" : binEdges[bin] + "]");
    }

    private static double valueAfter(double edge) {
        // What follows the last negative double is -0.0, which nobody would write.
        return Math.nextUp(edge) + 0.0;
    }

    private static boolean isShorter(double one, double other) {
        return Double.toString(one).length() < Double.toString(other).length();
    }

    @Override
    public Tally reference() {
        return reference;
    }

    @Override
    public NumericProfile without(Tally part) {
        return new NumericProfile(cells, binEdges, exact, reference.minus(part), moments);
    }

    @Override
    public NumericCounter newCounter() {
        return new NumericCounter(cells, cellCount(), moments);
    }

    /** A counter over these cells, which also sums the values of each cell if asked to. */
    public NumericCounter newCounter(boolean cellSums) {
        return cellSums ? new CellSumCounter(cells, cellCount(), moments) : newCounter();
    }

    /** Whether every distinct reference value has a cell of its own. */
    public boolean exact() {
        return exact;
    }

    private static long layout(CellLookup cells, Moments moments) {
        Layout layout = new Layout().add(moments.origin()).add(moments.scale());
        for (int i = 0; i < cells.size(); i++) {
            layout.add(cells.edge(i));
        }
        return layout.number();
    }

    @Override
    public long layout() {
        return layout;
    }

    /** The edges between cells, rising; a copy. */
    public double[] cellEdges() {
        return cells.edges();
    }

    /** Where {@code cell} begins, itself not part of it; -Infinity for the first. */
    public double lowerEdge(int cell) {
        return cell == 0 ? Double.NEGATIVE_INFINITY : cells.edge(cell - 1);
    }

    /** The last value of {@code cell}; Infinity for the last one. */
    public double upperEdge(int cell) {
        return cell == cells.size() ? Double.POSITIVE_INFINITY : cells.edge(cell);
    }

    /** The edges between bins, rising, each also an edge between cells; a copy. */
    public double[] binEdges() {
        return binEdges.clone();
    }

    /** Range, mean and spread of the reference. */
    public Moments moments() {
        return moments;
    }

    /** The cell of a finite value. */
    public int cellOf(double finiteValue) {
        return cells.indexOf(finiteValue);
    }

    /** Whether the cell can hold one double only, so that nothing happens inside it. */
    public boolean isAtom(int cell) {
        double lower = cell == 0 ? Double.NEGATIVE_INFINITY : cells.edge(cell - 1);
        double upper = cell == cells.size() ? Double.MAX_VALUE : cells.edge(cell);
        return lower == Math.nextDown(upper);
    }

    /**
     * Sum of (x - origin) / scale over the reference values of each of its non-empty cells: as it
     * was counted, or, where all of them hold one value only, from that value. Empty if unknown, as
     * in a grid profile that was built before these sums were kept.
     */
    public double[] referenceCellSums() {
        double[] sums = reference.cellSums();
        if (reference.hasCellSums()) {
            return sums;
        }
        sums = new double[reference.size()];
        for (int i = 0; i < sums.length; i++) {
            if (!isAtom(reference.cell(i))) {
                return Tally.NO_SUMS;
            }
            double value = Math.min(Double.MAX_VALUE, upperEdge(reference.cell(i)));
            sums[i] = reference.count(i) * moments.deviation(value);
        }
        return sums;
    }

    /** Whether the reference's smallest and largest value are known. */
    public boolean knowsRange() {
        return !Double.isNaN(moments.minimum()) && !Double.isNaN(moments.maximum());
    }

    /**
     * How many values of {@code tally} lie outside the reference's range; exact, because the range
     * ends on cell edges.
     *
     * @throws IllegalStateException if the range is not known
     */
    public long outOfRange(Tally tally) {
        if (!knowsRange()) {
            throw new IllegalStateException("The reference's range is not known");
        }
        int first = cellOf(moments.minimum());
        int last = cellOf(moments.maximum());
        long outside = 0;
        for (int i = 0; i < tally.size(); i++) {
            if (tally.cell(i) < first || tally.cell(i) > last) {
                outside += tally.count(i);
            }
        }
        return outside;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NumericProfile that
                && cells.equals(that.cells)
                && Arrays.equals(binEdges, that.binEdges)
                && exact == that.exact
                && reference.equals(that.reference)
                && moments.equals(that.moments);
    }

    @Override
    public int hashCode() {
        return 31 * cells.hashCode() + reference.hashCode();
    }

    @Override
    public String toString() {
        return "NumericProfile["
                + (exact ? "exact, " : "grid, ")
                + cellCount()
                + " cells, "
                + binCount()
                + " bins, "
                + moments
                + "]";
    }
}
