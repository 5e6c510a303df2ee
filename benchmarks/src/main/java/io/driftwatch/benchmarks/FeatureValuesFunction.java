package io.driftwatch.benchmarks;

import io.driftwatch.job.decode.Decoded;
import java.util.List;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.util.Collector;

/** One element for each feature of a record: its name and its value. */
public final class FeatureValuesFunction
        implements FlatMapFunction<Decoded, Tuple2<String, Double>> {
    private static final long serialVersionUID = 1L;

    private final List<String> features;

    /**
     * @param features names, in the order of the observation's numbers
     */
    public FeatureValuesFunction(List<String> features) {
        this.features = List.copyOf(features);
    }

    @Override
    public void flatMap(Decoded decoded, Collector<Tuple2<String, Double>> out) {
        double[] numbers = decoded.observation().numbers();
        for (int i = 0; i < numbers.length; i++) {
            out.collect(Tuple2.of(features.get(i), numbers[i]));
        }
    }
}
