package io.driftwatch.detectors.dependence;

import java.util.Arrays;
import java.util.List;

/**
 * All blocks together, over the bins that hold any value.
 *
 * @param bins places of these bins
 * @param shares their shares, all above 0, of sum 1
 * @param count all values
 */
record BinTotals(int[] bins, double[] shares, double count) {

    /**
     * @throws IllegalArgumentException if the blocks are not over the same bins
     */
    static BinTotals of(List<Block> blocks) {
        int width = blocks.isEmpty() ? 0 : blocks.get(0).binCounts().length;
        double[] totals = new double[width];
        double count = 0;
        for (Block block : blocks) {
            if (block.binCounts().length != width) {
                throw new IllegalArgumentException(
                        "The block at "
                                + block.start()
                                + " has "
                                + block.binCounts().length
                                + " bins, the first one "
                                + width
                                + "; count all over the same bins");
            }
            for (int bin = 0; bin < width; bin++) {
                totals[bin] += block.binCounts()[bin];
                count += block.binCounts()[bin];
            }
        }
        int[] bins = new int[width];
        int used = 0;
        for (int bin = 0; bin < width; bin++) {
            if (totals[bin] > 0) {
                bins[used++] = bin;
            }
        }
        bins = Arrays.copyOf(bins, used);
        double[] shares = new double[used];
        for (int i = 0; i < used; i++) {
            shares[i] = totals[bins[i]] / count;
        }
        return new BinTotals(bins, shares, count);
    }
}
