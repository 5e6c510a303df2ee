package io.driftwatch.benchmarks;

import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.java.tuple.Tuple2;

/** Counts the values of a feature over its profile's cells, as they come. */
public final class CellCountsFunction
        implements AggregateFunction<Tuple2<String, Double>, int[], int[]> {
    private static final long serialVersionUID = 1L;

    private final byte[] profileFile;
    private transient FeatureReferences references;

    public CellCountsFunction(byte[] profileFile) {
        this.profileFile = profileFile;
    }

    /** Flink opens no such function. */
    private FeatureReferences references() {
        if (references == null) {
            references = new FeatureReferences(profileFile);
        }
        return references;
    }

    /** Which feature it is for is not known yet. */
    @Override
    public int[] createAccumulator() {
        return new int[references().mostCells()];
    }

    @Override
    public int[] add(Tuple2<String, Double> element, int[] counts) {
        counts[references().of(element.f0).cellOf(element.f1)]++;
        return counts;
    }

    @Override
    public int[] getResult(int[] counts) {
        return counts;
    }

    @Override
    public int[] merge(int[] one, int[] other) {
        for (int i = 0; i < one.length; i++) {
            one[i] += other[i];
        }
        return one;
    }
}
