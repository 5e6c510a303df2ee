package io.driftwatch.detectors.profile;

/** Counts the values of a numeric feature over its profile's cells. */
public final class NumericCounter extends TallyCounter {
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
            count(lookup.indexOf(value));
            // Halves: the difference of two huge values of unlike sign would overflow.
            double deviation = (value / 2 - halfOrigin) / halfScale;
            sum += deviation;
            sumOfSquares += deviation * deviation;
        } else if (Double.isNaN(value)) {
            countMissing();
        } else {
            countInfinite();
        }
    }

    @Override
    public Tally drain() {
        Tally tally = drain(sum, sumOfSquares);
        sum = 0;
        sumOfSquares = 0;
        return tally;
    }
}
