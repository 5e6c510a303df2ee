package io.driftwatch.detectors.profile;

/**
 * Counts the values of a numeric feature and also sums those of each cell. A class of its own, so
 * that counting without sums pays nothing for them.
 */
final class CellSumCounter extends NumericCounter {
    private final double[] sums;

    CellSumCounter(CellLookup lookup, int cellCount, Moments moments) {
        super(lookup, cellCount, moments);
        this.sums = new double[cellCount];
    }

    @Override
    public void add(double value) {
        if (Math.abs(value) <= Double.MAX_VALUE) {
            int cell = cellOf(value);
            double deviation = deviation(value);
            count(cell, deviation);
            sums[cell] += deviation;
        } else {
            countNotFinite(value);
        }
    }

    @Override
    public Tally drain() {
        return drainWith(sums);
    }
}
