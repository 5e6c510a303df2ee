package io.driftwatch.benchmarks;

import io.driftwatch.detectors.profile.Tally;
import java.util.stream.IntStream;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** The same two statistics of one feature, from the counts over its cells in one window. */
public final class CellCountsWindowFunction
        extends ProcessWindowFunction<int[], WindowScore, String, TimeWindow> {
    private static final long serialVersionUID = 1L;

    private final byte[] profileFile;
    private transient FeatureReferences references;

    public CellCountsWindowFunction(byte[] profileFile) {
        this.profileFile = profileFile;
    }

    @Override
    public void open(OpenContext context) {
        references = new FeatureReferences(profileFile);
    }

    @Override
    public void process(
            String feature, Context context, Iterable<int[]> counts, Collector<WindowScore> out) {
        int[] all = counts.iterator().next();
        int[] cells = IntStream.range(0, all.length).filter(cell -> all[cell] > 0).toArray();
        long[] ofCells = IntStream.of(cells).mapToLong(cell -> all[cell]).toArray();
        Tally tally = Tally.of(cells, ofCells, 0, 0, 0, 0);
        long start = context.window().getStart();
        out.collect(references.psi(feature, start, tally));
        out.collect(references.ks(feature, start, tally));
    }
}
