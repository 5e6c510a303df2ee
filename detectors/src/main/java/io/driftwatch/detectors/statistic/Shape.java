package io.driftwatch.detectors.statistic;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What two samples look like, in one line of text each: a block character for each bin, of one of
 * eight heights, the largest share of both samples being the full height. Where there are more than
 * {@value #MOST_BARS} bins, neighbours go together if bins are ordered; otherwise the bins with the
 * greatest shares of the reference come first, in that order, and all others are the last
 * character.
 *
 * @param reference the reference
 * @param window the window; the same bins at the same places
 */
public record Shape(String reference, String window) {
    /** The longest text. */
    public static final int MOST_BARS = 20;

    private static final String BLOCKS = "▁▂▃▄▅▆▇█";

    /**
     * Draws counts. O(bins log bins).
     *
     * @param reference counts of the reference; their sum is not 0
     * @param window counts of the window in the same bins; their sum is not 0
     * @param isOrdered whether neighbouring bins belong together
     */
    static Shape of(long[] reference, long[] window, boolean isOrdered) {
        int[] bars = isOrdered ? neighbours(reference.length) : byShare(reference);
        double[] then = shares(reference, bars);
        double[] now = shares(window, bars);
        double most = Math.max(max(then), max(now));
        return new Shape(draw(then, most), draw(now, most));
    }

    /** Bin to bar. */
    private static int[] neighbours(int bins) {
        int count = Math.min(bins, MOST_BARS);
        return IntStream.range(0, bins).map(bin -> (int) ((long) bin * count / bins)).toArray();
    }

    private static int[] byShare(long[] reference) {
        Comparator<Integer> byCount = Comparator.comparingLong(bin -> -reference[bin]);
        int[] order =
                IntStream.range(0, reference.length)
                        .boxed()
                        .sorted(byCount)
                        .mapToInt(Integer::intValue)
                        .toArray();
        int[] bars = new int[reference.length];
        for (int rank = 0; rank < order.length; rank++) {
            bars[order[rank]] = Math.min(rank, MOST_BARS - 1);
        }
        return bars;
    }

    private static double[] shares(long[] counts, int[] bars) {
        double[] shares = new double[Arrays.stream(bars).max().orElse(0) + 1];
        double total = Arrays.stream(counts).asDoubleStream().sum();
        for (int bin = 0; bin < counts.length; bin++) {
            shares[bars[bin]] += counts[bin] / total;
        }
        return shares;
    }

    private static double max(double[] values) {
        return Arrays.stream(values).max().orElse(0);
    }

    private static String draw(double[] shares, double most) {
        StringBuilder text = new StringBuilder();
        for (double share : shares) {
            text.append(BLOCKS.charAt((int) Math.round(share / most * (BLOCKS.length() - 1))));
        }
        return text.toString();
    }
}
