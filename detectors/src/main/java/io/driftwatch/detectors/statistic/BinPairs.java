package io.driftwatch.detectors.statistic;

/**
 * The counts of a reference and a window in the same bins. Bins that are empty in both carry no
 * information and are left out: smoothing would turn them into differences.
 */
final class BinPairs {
    /** Pearson's approximation wants about this many expected values a bin. */
    private static final double LEAST_EXPECTED = 5;

    private final long[] reference;
    private final long[] window;
    private final int size;

    private BinPairs(long[] reference, long[] window, int size) {
        this.reference = reference;
        this.window = window;
        this.size = size;
    }

    static BinPairs of(long[] reference, long[] window) {
        long[] left = new long[reference.length];
        long[] right = new long[reference.length];
        int size = 0;
        for (int bin = 0; bin < reference.length; bin++) {
            if (reference[bin] != 0 || window[bin] != 0) {
                left[size] = reference[bin];
                right[size++] = window[bin];
            }
        }
        return new BinPairs(left, right, size);
    }

    /**
     * These bins, with those in which the reference lets expect fewer than five values, or clusters
     * of values, summed to one.
     */
    BinPairs pooled() {
        double least = LEAST_EXPECTED * referenceTotal();
        double windowTotal = windowTotal();
        long[] left = new long[size + 1];
        long[] right = new long[size + 1];
        int pooledSize = 1;
        for (int bin = 0; bin < size; bin++) {
            boolean rare = reference[bin] * windowTotal < least;
            int target = rare ? 0 : pooledSize++;
            left[target] += reference[bin];
            right[target] += window[bin];
        }
        return of(left, right);
    }

    int size() {
        return size;
    }

    long reference(int bin) {
        return reference[bin];
    }

    long window(int bin) {
        return window[bin];
    }

    long referenceTotal() {
        return total(reference);
    }

    long windowTotal() {
        return total(window);
    }

    private static long total(long[] counts) {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        return total;
    }
}
