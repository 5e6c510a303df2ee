package io.driftwatch.job.profile;

import java.util.Arrays;

/** A growing array of ints. */
final class IntValues {
    // Small at first: there are some of these for each value of a segment column.
    private int[] values = new int[16];
    private int size;

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size + (size >> 1));
        }
        values[size++] = value;
    }

    int get(int index) {
        return values[index];
    }

    int size() {
        return size;
    }
}
