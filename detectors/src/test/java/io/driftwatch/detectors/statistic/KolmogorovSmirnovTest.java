package io.driftwatch.detectors.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.driftwatch.detectors.profile.Moments;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Samples;
import io.driftwatch.detectors.profile.Tally;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest.TwoResult;
import org.junit.jupiter.api.Test;

class KolmogorovSmirnovTest {
    @Test
    void isExactWhateverTheValues() {
        Random random = new Random(1);
        for (int round = 0; round < 20_000; round++) {
            double[] reference = Samples.nasty(random, 1 + random.nextInt(40));
            double[] window = windowFor(reference, random);
            int bins = 2 + random.nextInt(12);
            Measurement ks = measure(NumericProfile.of(reference, bins), window);
            assertThat(ks.value())
                    .as("%s against %s", Arrays.toString(window), Arrays.toString(reference))
                    .isCloseTo(naive(reference, window), within(1e-15));
            assertThat(ks.upper()).isEqualTo(ks.lower()).isEqualTo(ks.value());
        }
    }

    @Test
    void agreesWithCommonsStatistics() {
        Random random = new Random(2);
        for (int round = 0; round < 300; round++) {
            double[] reference = Samples.nasty(random, 5 + random.nextInt(200));
            double[] window = windowFor(reference, random);
            TwoResult expected =
                    org.apache.commons.statistics.inference.KolmogorovSmirnovTest.withDefaults()
                            .test(reference, window);
            assertThat(measure(NumericProfile.of(reference, 10), window).value())
                    .isCloseTo(expected.getStatistic(), within(1e-15));
        }
    }

    @Test
    void bracketsTheExactDistanceWhenValuesShareCells() {
        Random random = new Random(3);
        for (int round = 0; round < 5_000; round++) {
            double[] reference = Samples.nasty(random, 1 + random.nextInt(60));
            double[] window = windowFor(reference, random);
            NumericProfile coarse = coarse(reference, 2 + random.nextInt(10));
            Measurement ks = measure(coarse, window);
            assertThat(naive(reference, window)).isBetween(ks.lower() - 1e-15, ks.upper() + 1e-15);
            assertThat(ks.value()).isEqualTo(ks.lower());
        }
    }

    @Test
    void bracketsTheExactDistanceTightlyInTheGrid() {
        double[] reference = Samples.normal(4, 20_000, 0, 1);
        NumericProfile grid = NumericProfile.of(reference, 10);
        assertThat(grid.exact()).isFalse();
        for (int seed = 0; seed < 20; seed++) {
            double[] window = Samples.normal(seed, 1_000, 0.02 * seed, 1);
            Measurement ks = measure(grid, window);
            assertThat(naive(reference, window)).isBetween(ks.lower() - 1e-15, ks.upper() + 1e-15);
            assertThat(ks.upper() - ks.lower())
                    .isBetween(0.0, 1.0 / NumericProfile.GRID_CELLS + 1e-15);
        }
    }

    @Test
    void losesNoAccuracyToFrequentValuesInTheGrid() {
        double[] reference =
                DoubleStream.concat(
                                Arrays.stream(Samples.normal(5, 11_000, 0, 1)).map(Math::abs),
                                DoubleStream.generate(() -> 0).limit(89_000))
                        .toArray();
        NumericProfile grid = NumericProfile.of(reference, 10);
        double[] window = new double[500];
        Measurement ks = measure(grid, window);
        assertThat(ks.value()).isEqualTo(0.11);
        assertThat(ks.upper()).isEqualTo(0.11);
    }

    @Test
    void comparesCountsWhoseProductExceedsALong() {
        NumericProfile small = NumericProfile.of(new double[] {1, 2, 2, 3}, 2);
        Tally window = Samples.count(small, 0, 2, 3, 4, 5);
        double expected = measure(small, 0, 2, 3, 4, 5).value();
        NumericProfile huge =
                NumericProfile.restore(
                        small.cellEdges(),
                        small.binEdges(),
                        true,
                        times(small.reference(), 4_000_000_000L),
                        small.moments());
        Measurement ks =
                new KolmogorovSmirnov()
                        .measure(
                                new Comparison(
                                        huge,
                                        times(window, 7_000_000_000L),
                                        Smoothing.jeffreys(),
                                        0.01));
        assertThat(ks.value()).isCloseTo(expected, within(1e-15));
        assertThat(ks.upper()).isEqualTo(ks.value());
        assertThat(ks.pValue()).isZero();
    }

    private static Tally times(Tally tally, long factor) {
        long[] counts = Arrays.stream(tally.counts()).map(count -> count * factor).toArray();
        return Tally.of(tally.cells(), counts, 0, 0, 0, 0);
    }

    private static Measurement measure(NumericProfile profile, double... window) {
        return new KolmogorovSmirnov()
                .measure(
                        new Comparison(
                                profile,
                                Samples.count(profile, window),
                                Smoothing.jeffreys(),
                                0.01));
    }

    /** A profile whose cells are its bins. */
    private static NumericProfile coarse(double[] reference, int bins) {
        double[] edges = NumericProfile.of(reference, bins).binEdges();
        NumericProfile empty =
                NumericProfile.restore(edges, edges, false, Tally.EMPTY, Moments.UNKNOWN);
        return NumericProfile.restore(
                edges, edges, false, Samples.count(empty, reference), Moments.UNKNOWN);
    }

    /**
     * A window that shares values with the reference, lies beside them, or has nothing in common.
     */
    private static double[] windowFor(double[] reference, Random random) {
        double[] window = Samples.nasty(random, 2 + random.nextInt(40));
        for (int i = 0; i < window.length; i++) {
            double value = reference[random.nextInt(reference.length)];
            window[i] =
                    switch (random.nextInt(4)) {
                        case 0 -> value;
                        case 1 -> Math.nextUp(value);
                        case 2 -> Math.nextDown(value);
                        default -> window[i];
                    };
            window[i] = Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, window[i]));
        }
        return window;
    }

    /** The definition: the largest distance at any value of either sample. */
    private static double naive(double[] reference, double[] window) {
        double distance = 0;
        for (double[] sample : new double[][] {reference, window}) {
            for (double x : sample) {
                distance = Math.max(distance, Math.abs(share(window, x) - share(reference, x)));
            }
        }
        return distance;
    }

    private static double share(double[] sample, double x) {
        int upTo = 0;
        for (double value : sample) {
            if (value <= x) {
                upTo++;
            }
        }
        return (double) upTo / sample.length;
    }
}
