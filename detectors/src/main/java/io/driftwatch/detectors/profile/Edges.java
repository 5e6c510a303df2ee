package io.driftwatch.detectors.profile;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Rising finite cell edges: making, joining and checking them. */
final class Edges {
    private Edges() {}

    /** All given edges in rising order, each once; -Infinity bounds nothing and is dropped. */
    static double[] union(double[]... edges) {
        return Stream.of(edges)
                .flatMapToDouble(Arrays::stream)
                .filter(edge -> edge != Double.NEGATIVE_INFINITY)
                .sorted()
                .distinct()
                .toArray();
    }

    /** A copy in which -0.0 is 0.0, if the edges are finite and rising. */
    static double[] checked(String name, double[] edges) {
        double[] copy = DoubleStream.of(edges).map(edge -> edge + 0.0).toArray();
        for (int i = 0; i < copy.length; i++) {
            if (!Double.isFinite(copy[i])) {
                throw new IllegalArgumentException(
                        name + "[" + i + "] is " + copy[i] + ", expected a finite number");
            }
            if (i > 0 && copy[i] <= copy[i - 1]) {
                throw new IllegalArgumentException(
                        name
                                + "["
                                + i
                                + "] is "
                                + copy[i]
                                + ", not above the edge before it, "
                                + copy[i - 1]
                                + "; list the edges in rising order, each once");
            }
        }
        return copy;
    }
}
