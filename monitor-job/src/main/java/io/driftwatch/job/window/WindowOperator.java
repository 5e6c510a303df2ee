package io.driftwatch.job.window;

import io.driftwatch.job.tally.PaneTally;
import io.driftwatch.job.tally.SeriesKey;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Runs a {@link WindowFunction} and tells it of every watermark, which a function cannot see.
 *
 * <p>Idleness ends here. All subtasks see the same watermarks, so none ever needs to be left out of
 * account; and if one without windows were, it could, when records come again, tell the next
 * operator of a watermark while the scores before it are still under way from another subtask. They
 * would then wait for a watermark that may not come for a long time.
 */
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

    @Override
    public void processWatermarkStatus(WatermarkStatus status) {
        // Not handed on, see above.
    }
}
