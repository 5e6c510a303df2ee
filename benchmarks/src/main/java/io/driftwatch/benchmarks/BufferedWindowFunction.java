package io.driftwatch.benchmarks;

import io.driftwatch.detectors.profile.NumericCounter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/**
 * Population stability index and exact Kolmogorov-Smirnov distance of one feature, from all values
 * of its window, which Flink has kept until now.
 */
public final class BufferedWindowFunction
        extends ProcessWindowFunction<Tuple2<String, Double>, WindowScore, String, TimeWindow> {
    private static final long serialVersionUID = 1L;

    private final byte[] profileFile;
    private final int features;
    private final long seed;
    private transient FeatureReferences references;
    private transient Map<String, double[]> samples;

    /**
     * @param profileFile for the bins
     * @param features how many the workload has
     * @param seed of the reference rows
     */
    public BufferedWindowFunction(byte[] profileFile, int features, long seed) {
        this.profileFile = profileFile;
        this.features = features;
        this.seed = seed;
    }

    @Override
    public void open(OpenContext context) {
        references = new FeatureReferences(profileFile);
        double[][] rows =
                Workload.numbers(Workload.Shape.numbers(features), seed, Workload.REFERENCE_ROWS);
        samples = new HashMap<>();
        for (int i = 0; i < features; i++) {
            int feature = i;
            double[] sample = Arrays.stream(rows).mapToDouble(row -> row[feature]).toArray();
            Arrays.sort(sample);
            samples.put(Workload.feature(i), sample);
        }
    }

    @Override
    public void process(
            String feature,
            Context context,
            Iterable<Tuple2<String, Double>> elements,
            Collector<WindowScore> out) {
        DoubleStream.Builder all = DoubleStream.builder();
        NumericCounter bins = references.of(feature).newCounter();
        for (Tuple2<String, Double> element : elements) {
            all.add(element.f1);
            bins.add(element.f1);
        }
        double[] values = all.build().toArray();
        Arrays.sort(values);
        long start = context.window().getStart();
        out.collect(references.psi(feature, start, bins.drain()));
        double distance = distance(values, samples.get(feature));
        out.collect(
                new WindowScore(feature, start, "ks", values.length, distance, distance, distance));
    }

    /** The largest distance of the distribution functions of two samples, both in order. */
    private static double distance(double[] one, double[] other) {
        double largest = 0;
        int i = 0;
        int j = 0;
        while (i < one.length && j < other.length) {
            double value = Math.min(one[i], other[j]);
            while (i < one.length && one[i] == value) {
                i++;
            }
            while (j < other.length && other[j] == value) {
                j++;
            }
            largest =
                    Math.max(
                            largest, Math.abs((double) i / one.length - (double) j / other.length));
        }
        return largest;
    }
}
