package io.driftwatch.job.profile;

import java.util.Arrays;

/** A growing array of doubles. */
final class DoubleValues {
    // Small at first: there are some of these for each value of a segment column.
    private double[] values = new double[16];
    private int size;

    void add(double value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size + (size >> 1));
        }
        values[size++] = value;
    }

    double get(int index) {
        return values[index];
    }

    double[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
