package io.driftwatch.benchmarks;

import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.profile.CategoryCounter;
import io.driftwatch.detectors.profile.NumericCounter;
import io.driftwatch.detectors.profile.NumericProfile;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Counting values over the cells of a profile: one operation is one value. Beside it the same
 * values go into the KLL sketch of Apache DataSketches, with which one would follow a distribution
 * that has no reference: k is 200, its default (a rank error of about 1.3 %), and each window of
 * 100,000 values begins with a new sketch, as a window that has closed takes its sketch with it.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class TallyBenchmark {
    /** So many that no branch predictor learns them by heart: some do with 65,536. */
    private static final int VALUES = 1 << 22;

    /** As many reference values as the exact layout takes, so that it has 20,001 cells. */
    private static final int EXACT_VALUES = NumericProfile.EXACT_LIMIT;

    private static final int GRID_REFERENCE_ROWS = 50_000;
    private static final int FEATURES = 20;
    private static final int ROWS = VALUES / FEATURES;
    private static final int SEED = 1;
    private static final int SKETCH_K = 200;
    private static final int WINDOW = 100_000;

    /** A numeric feature of each layout and the values that come in. */
    @State(Scope.Thread)
    public static class Numeric {
        /** Which layout. */
        @Param({"grid", "exact"})
        public String cells;

        NumericCounter counter;
        double[] values;

        /** Normal values, of the reference's own distribution. */
        @Setup
        public void prepare() {
            SplittableRandom random = new SplittableRandom(SEED);
            if (cells.equals("grid")) {
                double[] reference = normal(random, GRID_REFERENCE_ROWS);
                counter = NumericProfile.of(reference, 10).newCounter();
                values = normal(random, VALUES);
            } else {
                double[] reference = normal(random, EXACT_VALUES);
                counter = NumericProfile.of(reference, 10).newCounter();
                // By turns a value of the reference and one that lies between two of them.
                values = normal(random, VALUES);
                for (int i = 0; i < VALUES; i += 2) {
                    values[i] = reference[random.nextInt(EXACT_VALUES)];
                }
            }
        }
    }

    /** The records of the pipeline benchmark, feature after feature, as the job counts them. */
    @State(Scope.Thread)
    public static class Records {
        NumericCounter[] counters;
        double[][] rows;

        /** Every feature has its own reference, so its own cells. */
        @Setup
        public void prepare() {
            double[][] reference =
                    Workload.numbers(
                            Workload.Shape.numbers(FEATURES), SEED, Workload.REFERENCE_ROWS);
            counters = new NumericCounter[FEATURES];
            for (int feature = 0; feature < counters.length; feature++) {
                int column = feature;
                double[] sample =
                        Arrays.stream(reference).mapToDouble(row -> row[column]).toArray();
                counters[feature] = NumericProfile.of(sample, 10).newCounter();
            }
            rows = Workload.numbers(Workload.Shape.numbers(FEATURES), SEED + 1, ROWS);
        }
    }

    /**
     * A categorical feature: a hundred categories, some frequent and most rare, and unknown ones.
     */
    @State(Scope.Thread)
    public static class Categorical {
        private static final int CATEGORIES = 100;

        CategoryCounter counter;
        String[] values;

        /** Every value is a string of its own, as a decoder makes them. */
        @Setup
        public void prepare() {
            SplittableRandom random = new SplittableRandom(SEED);
            Map<String, Long> reference = new HashMap<>();
            for (int i = 0; i < CATEGORIES; i++) {
                reference.put("category-" + i, 1L + GRID_REFERENCE_ROWS / (i + 1));
            }
            counter = CategoricalProfile.of(reference, 0).newCounter();
            values = new String[VALUES];
            Arrays.setAll(
                    values,
                    i -> "category-" + (int) Math.pow(CATEGORIES * 1.1, random.nextDouble()));
        }
    }

    private static double[] normal(SplittableRandom random, int size) {
        double[] values = new double[size];
        Arrays.setAll(values, i -> random.nextGaussian());
        return values;
    }

    /** One numeric feature alone. */
    @Benchmark
    @OperationsPerInvocation(VALUES)
    public long numeric(Numeric feature) {
        NumericCounter counter = feature.counter;
        for (double value : feature.values) {
            counter.add(value);
        }
        return counter.rows();
    }

    /** Twenty numeric features of several distributions by turns. */
    @Benchmark
    @OperationsPerInvocation(ROWS * FEATURES)
    public long twentyNumeric(Records records) {
        NumericCounter[] counters = records.counters;
        for (double[] row : records.rows) {
            for (int i = 0; i < counters.length; i++) {
                counters[i].add(row[i]);
            }
        }
        return counters[0].rows();
    }

    /** One numeric feature alone, in a sketch. */
    @Benchmark
    @OperationsPerInvocation(VALUES)
    public long kllDoubles(Numeric feature) {
        double[] values = feature.values;
        long rows = 0;
        for (int from = 0; from < VALUES; from += WINDOW) {
            KllDoublesSketch sketch = KllDoublesSketch.newHeapInstance(SKETCH_K);
            int end = Math.min(from + WINDOW, VALUES);
            for (int i = from; i < end; i++) {
                sketch.update(values[i]);
            }
            rows += sketch.getN();
        }
        return rows;
    }

    /** The same in half the memory: the sketch of {@code float}. */
    @Benchmark
    @OperationsPerInvocation(VALUES)
    public long kllFloats(Numeric feature) {
        double[] values = feature.values;
        long rows = 0;
        for (int from = 0; from < VALUES; from += WINDOW) {
            KllFloatsSketch sketch = KllFloatsSketch.newHeapInstance(SKETCH_K);
            int end = Math.min(from + WINDOW, VALUES);
            for (int i = from; i < end; i++) {
                sketch.update((float) values[i]);
            }
            rows += sketch.getN();
        }
        return rows;
    }

    /** Twenty numeric features by turns, each in a sketch of its own. */
    @Benchmark
    @OperationsPerInvocation(ROWS * FEATURES)
    public long twentyKllDoubles(Records records) {
        KllDoublesSketch[] sketches = new KllDoublesSketch[FEATURES];
        long rows = 0;
        for (int from = 0; from < ROWS; from += WINDOW) {
            Arrays.setAll(sketches, i -> KllDoublesSketch.newHeapInstance(SKETCH_K));
            int end = Math.min(from + WINDOW, ROWS);
            for (int r = from; r < end; r++) {
                double[] row = records.rows[r];
                for (int i = 0; i < sketches.length; i++) {
                    sketches[i].update(row[i]);
                }
            }
            rows += sketches[0].getN();
        }
        return rows;
    }

    /** One categorical feature alone. */
    @Benchmark
    @OperationsPerInvocation(VALUES)
    public long categorical(Categorical feature) {
        CategoryCounter counter = feature.counter;
        for (String value : feature.values) {
            counter.add(value);
        }
        return counter.rows();
    }
}
