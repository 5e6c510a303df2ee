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
    public void addColumn(double[] block, int column, int width, int rows) {
        for (int row = 0, at = column; row < rows; row++, at += width) {
            add(block[at]);
        }
    }

    @Override
    void count(int cell, double deviation) {
        super.count(cell, deviation);
        sums[cell] += deviation;
    }

    @Override
    public Tally drain() {
        return drainWith(sums);
    }
}
