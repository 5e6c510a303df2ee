package io.driftwatch.detectors.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class CellLookupTest {
    private static final double[] SPECIAL = {
        0.0,
        -0.0,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Double.MIN_NORMAL,
        -Double.MIN_NORMAL,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        1,
        -1,
        1e-310,
        -1e-310,
        1e300,
        -1e300
    };

    @Test
    void agreesWithTheDefinitionAroundEveryEdge() {
        Random random = new Random(1);
        for (int round = 0; round < 3000; round++) {
            double[] edges = edges(random, random.nextInt(60));
            CellLookup lookup = new CellLookup(edges);
            for (double edge : edges) {
                assertLookup(lookup, edges, edge);
                assertLookup(lookup, edges, Math.nextUp(edge));
                assertLookup(lookup, edges, Math.nextDown(edge));
            }
            for (double value : SPECIAL) {
                assertLookup(lookup, edges, value);
            }
            for (int i = 0; i < 30; i++) {
                assertLookup(lookup, edges, anyDouble(random));
            }
        }
    }

    @Test
    void agreesWithTheDefinitionForManyEdges() {
        Random random = new Random(2);
        double[] edges = Edges.union(Samples.normal(3, 20_000, 1e6, 1));
        CellLookup lookup = new CellLookup(edges);
        for (int i = 0; i < 20_000; i++) {
            double value = 1e6 + 3 * random.nextGaussian();
            int found = Arrays.binarySearch(edges, value);
            assertThat(lookup.indexOf(value)).isEqualTo(found < 0 ? -found - 1 : found);
        }
    }

    @Test
    void hasOneCellWithoutEdges() {
        CellLookup lookup = new CellLookup(new double[0]);
        for (double value : SPECIAL) {
            assertThat(lookup.indexOf(value)).isZero();
        }
    }

    private static double[] edges(Random random, int size) {
        double[] values =
                random.nextBoolean()
                        ? DoubleStream.generate(() -> anyDouble(random)).limit(size).toArray()
                        : Samples.nasty(random, size);
        double[] neighbours = Arrays.stream(values).map(Math::nextDown).toArray();
        return Edges.union(
                DoubleStream.concat(Arrays.stream(values), Arrays.stream(neighbours))
                        .map(value -> value + 0.0)
                        .toArray());
    }

    private static double anyDouble(Random random) {
        double value = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(value) ? value : random.nextGaussian();
    }

    private static void assertLookup(CellLookup lookup, double[] edges, double value) {
        if (Double.isInfinite(value)) {
            return;
        }
        int below = 0;
        for (double edge : edges) {
            if (edge < value) {
                below++;
            }
        }
        assertThat(lookup.indexOf(value)).as("cell of %s", value).isEqualTo(below);
    }
}
