package io.driftwatch.job.source;

import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.decode.Decoded;
import io.driftwatch.job.window.Panes;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * Watermarks that follow the records alone: one is sent with the record that moves it past the end
 * of a pane, or past the end of a window's lateness. So windows close with that record rather than
 * at the next tick of a clock, and a replay closes them at the same record every time.
 */
final class PaneWatermarks implements WatermarkGenerator<Decoded> {
    private final Panes panes;
    private final long outOfOrdernessMillis;
    private long next = Long.MIN_VALUE;

    PaneWatermarks(Panes panes, long outOfOrdernessMillis) {
        this.panes = panes;
        this.outOfOrdernessMillis = outOfOrdernessMillis;
    }

    /** Time stamps and watermarks for one stream. */
    static WatermarkStrategy<Decoded> strategy(ModelConfig model, StreamConfig stream) {
        Panes panes = Panes.of(model.window());
        long outOfOrderness = stream.outOfOrderness().toMillis();
        return WatermarkStrategy.<Decoded>forGenerator(
                        context -> new PaneWatermarks(panes, outOfOrderness))
                .withTimestampAssigner((decoded, before) -> decoded.eventTimeMillis());
    }

    @Override
    public void onEvent(Decoded decoded, long timestamp, WatermarkOutput output) {
        if (timestamp == Decoded.NO_TIME) {
            return;
        }
        long watermark = timestamp - outOfOrdernessMillis - 1;
        if (watermark >= next) {
            output.emitWatermark(new Watermark(watermark));
            next = Math.min(nextPaneEnd(watermark), nextClosing(watermark));
        }
    }

    /** The smallest watermark above the given one that completes a pane. */
    private long nextPaneEnd(long watermark) {
        return panes.paneOf(watermark + 1) + panes.slideMillis() - 1;
    }

    /** The smallest watermark above the given one that closes a window for good. */
    private long nextClosing(long watermark) {
        return nextPaneEnd(watermark - panes.latenessMillis()) + panes.latenessMillis();
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
        // Everything that matters was sent with the record that made it so.
    }
}
