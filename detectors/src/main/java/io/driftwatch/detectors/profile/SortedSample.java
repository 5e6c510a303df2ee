package io.driftwatch.detectors.profile;

import java.util.Arrays;

/** A numeric sample in order: its distinct finite values with their counts, the rest counted. */
final class SortedSample {
    private final double[] finite;
    private final double[] distinct;
    private final long[] counts;

    private SortedSample(double[] finite, double[] distinct, long[] counts) {
        this.finite = finite;
        this.distinct = distinct;
        this.counts = counts;
    }

    static SortedSample of(double[] sample) {
        double[] finite = new double[sample.length];
        int size = 0;
        for (double value : sample) {
            if (Double.isFinite(value)) {
                finite[size++] = value + 0.0; // -0.0 becomes 0.0, which sorting would keep apart
            }
        }
        finite = Arrays.copyOf(finite, size);
        Arrays.sort(finite);
        double[] distinct = new double[size];
        long[] counts = new long[size];
        int last = -1;
        for (double value : finite) {
            if (last < 0 || distinct[last] != value) {
                distinct[++last] = value;
            }
            counts[last]++;
        }
        return new SortedSample(
                finite, Arrays.copyOf(distinct, last + 1), Arrays.copyOf(counts, last + 1));
    }

    int distinctCount() {
        return distinct.length;
    }

    Moments moments() {
        return Moments.ofSorted(finite);
    }

    /** Edges that give every distinct value a cell of its own, and every gap another. */
    double[] exactEdges() {
        double[] edges = new double[2 * distinct.length];
        for (int i = 0; i < distinct.length; i++) {
            edges[2 * i] = Math.nextDown(distinct[i]);
            edges[2 * i + 1] = distinct[i];
        }
        return Edges.union(edges);
    }

    /** Edges around the range, so that values outside it are told apart exactly. */
    double[] rangeEdges() {
        return Edges.union(
                new double[] {Math.nextDown(distinct[0]), distinct[distinct.length - 1]});
    }

    /**
     * Edges of about {@code bins} cells with equal shares of the sample. A value that alone holds a
     * cell's share becomes an atom, between the edges nextDown(v) and v; each run between atoms is
     * cut at its own quantiles.
     */
    double[] quantileEdges(int bins) {
        double[] edges = new double[2 * distinct.length];
        int size = 0;
        int from = 0;
        while (from < distinct.length) {
            if (isAtom(from, bins)) {
                edges[size++] = Math.nextDown(distinct[from]);
                edges[size++] = distinct[from];
                from++;
                continue;
            }
            int to = from;
            long mass = 0;
            while (to < distinct.length && !isAtom(to, bins)) {
                mass += counts[to++];
            }
            // Rounds bins * mass / total to the nearest integer.
            long parts = Math.max(1, (2L * bins * mass + finite.length) / (2L * finite.length));
            int index = from - 1;
            long seen = 0;
            for (long part = 1; part < parts; part++) {
                long rank = (part * mass + parts - 1) / parts;
                int before = index;
                while (seen < rank) {
                    seen += counts[++index];
                }
                // The last value of a run needs no edge: the next atom's lower edge ends the run.
                if (index > before && index < to - 1) {
                    edges[size++] = distinct[index];
                }
            }
            from = to;
        }
        return Edges.union(Arrays.copyOf(edges, size));
    }

    private boolean isAtom(int index, int bins) {
        return counts[index] * bins >= finite.length;
    }
}
