package io.driftwatch.job.window;

import io.driftwatch.job.tally.PaneTally;
import io.driftwatch.job.tally.SeriesKey;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;

/** Runs a {@link WindowFunction} and tells it of every watermark, which a function cannot see. */
public final class WindowOperator extends KeyedProcessOperator<SeriesKey, PaneTally, WindowTally> {
    private static final long serialVersionUID = 1L;

    private final WindowFunction function;

    public WindowOperator(WindowFunction function) {
        super(function);
        this.function = function;
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        super.processWatermark(mark);
        function.reached(mark.getTimestamp());
    }
}
