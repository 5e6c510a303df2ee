package io.driftwatch.detectors.profile;

/** Counts the values of a numeric feature over its profile's cells. */
public sealed class NumericCounter extends TallyCounter permits CellSumCounter {
    private final CellLookup lookup;
    private final double halfOrigin;
    private final double halfScale;
    private double sum;
    private double sumOfSquares;

    NumericCounter(CellLookup lookup, int cellCount, Moments moments) {
        this(lookup, cellCount, moments, Integer.MAX_VALUE);
    }

    NumericCounter(CellLookup lookup, int cellCount, Moments moments, int foldLimit) {
        super(cellCount, foldLimit);
        this.lookup = lookup;
        this.halfOrigin = moments.origin() / 2;
        this.halfScale = moments.scale() / 2;
    }

    /** Counts one value: NaN is missing, infinities are counted apart, -0.0 is 0.0. */
    public void add(double value) {
        if (Math.abs(value) <= Double.MAX_VALUE) {
            count(cellOf(value), deviation(value));
        } else {
            countNotFinite(value);
        }
    }

    final int cellOf(double value) {
        return lookup.indexOf(value);
    }

    final double deviation(double value) {
        // Halves: the difference of two huge values of unlike sign would overflow.
        return (value / 2 - halfOrigin) / halfScale;
    }

    final void count(int cell, double deviation) {
        count(cell);
        sum += deviation;
        sumOfSquares += deviation * deviation;
    }

    final void countNotFinite(double value) {
        if (Double.isNaN(value)) {
            countMissing();
        } else {
            countInfinite();
        }
    }

    @Override
    public Tally drain() {
        return drainWith(Tally.NO_SUMS);
    }

    final Tally drainWith(double[] cellSums) {
        Tally tally = drain(sum, sumOfSquares, cellSums);
        sum = 0;
        sumOfSquares = 0;
        return tally;
    }
}
