package io.driftwatch.detectors.profile;

import java.util.Arrays;

/**
 * Finds the cell of a value: the number of edges below it.
 *
 * <p>A guide table narrows the binary search, mostly to nothing. It is indexed by a rising function
 * of the value: the deviation t from the median edge in units of the edges' spread, then the
 * leading bits of 1 + |t|, which are linear in t in the middle and logarithmic in the tails. Since
 * every floating-point step of it is monotone, an edge in a lower slot is below the value and an
 * edge in a higher slot is above it, so only the edges of the value's own slot matter. Mostly there
 * are none to two, which are compared without a branch that could be mispredicted. Edges crowded
 * into one slot cost a binary search there, never a wrong answer.
 */
final class CellLookup {
    /** Binades of 1 + |t| told apart; further out everything shares the outermost slot. */
    private static final int BINADES = 8;

    private static final int MAX_BITS_PER_BINADE = 12;

    /** Edges that are compared without asking whether the slot has them. */
    private static final int COMPARED = 2;

    private final double[] edges;
    private final double center;
    private final double inverseSpread;
    private final int shift;
    private final long bias;
    private final int slotsPerSide;

    /**
     * For each slot the number of edges in lower slots, and at the end the number of all edges; as
     * its complement where the slot holds more than {@value #COMPARED} edges.
     */
    private final int[] guide;

    CellLookup(double[] edges) {
        int size = edges.length;
        this.edges = Arrays.copyOf(edges, size + COMPARED);
        Arrays.fill(this.edges, size, size + COMPARED, Double.POSITIVE_INFINITY);
        center = size == 0 ? 0 : edges[size / 2];
        // Quarters keep the difference of two huge edges finite.
        double spread = size == 0 ? 1 : edges[size * 3 / 4] / 4 - edges[size / 4] / 4;
        inverseSpread = 0.5 / Math.max(Double.MIN_NORMAL, spread);
        int bits = 32 - Integer.numberOfLeadingZeros(Math.max(1, size - 1));
        bits = Math.max(2, Math.min(MAX_BITS_PER_BINADE, bits));
        shift = 52 - bits;
        bias = 1023L << bits;
        slotsPerSide = BINADES << bits;
        guide = new int[2 * slotsPerSide + 1];
        int slot = 0;
        for (int i = 0; i < size; i++) {
            int slotOfEdge = slotOf(edges[i]);
            while (slot < slotOfEdge) {
                guide[++slot] = i;
            }
        }
        while (slot < 2 * slotsPerSide) {
            guide[++slot] = size;
        }
        for (int i = 0; i < 2 * slotsPerSide; i++) {
            int end = guide[i + 1];
            if (end - guide[i] > COMPARED) {
                guide[i] = ~guide[i];
            }
        }
    }

    int indexOf(double value) {
        int slot = slotOf(value);
        int low = guide[slot];
        if (low < 0) {
            return search(~low, guideEnd(slot), value);
        }
        // A slot holds two edges at most, such as those around an atom. Comparing without asking
        // how many there are mispredicts nothing: an edge of a higher slot is above the value.
        low += edges[low] < value ? 1 : 0;
        low += edges[low] < value ? 1 : 0;
        return low;
    }

    private int guideEnd(int slot) {
        int end = guide[slot + 1];
        return end < 0 ? ~end : end;
    }

    private int search(int from, int to, double value) {
        int low = from;
        int size = to - from;
        while (size > 0) {
            int half = (size + 1) >>> 1;
            low += edges[low + half - 1] < value ? half : 0;
            size -= half;
        }
        return low;
    }

    private int slotOf(double value) {
        // Adding 0.0 makes -0.0 and 0.0 one value, as they are for the edges.
        double t = (value - center) * inverseSpread + 0.0;
        long leading = (Double.doubleToRawLongBits(1 + Math.abs(t)) >>> shift) - bias;
        int distance = (int) Math.min(leading, slotsPerSide - 1);
        int sign = (int) (Double.doubleToRawLongBits(t) >> 63);
        return slotsPerSide + (distance ^ sign);
    }
}
