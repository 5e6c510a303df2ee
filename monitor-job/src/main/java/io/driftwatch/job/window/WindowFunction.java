package io.driftwatch.job.window;

import io.driftwatch.job.RecordCounts;
import io.driftwatch.job.tally.Counts;
import io.driftwatch.job.tally.PaneTally;
import io.driftwatch.job.tally.SeriesKey;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.DeadLetterStage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Adds the parts of each pane, and hands on a window once the watermark reaches its end. Records
 * that come while the window's lateness lasts make it a new revision.
 *
 * <p>State of a series: one sparse tally for each pane that an unclosed window needs, one number
 * for each such window; nothing once they are closed. A subtask besides remembers one number: how
 * far the watermark was.
 */
public final class WindowFunction extends KeyedProcessFunction<SeriesKey, PaneTally, WindowTally>
        implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    private static final long NO_PANE = Long.MIN_VALUE;

    /** Windows of fewer panes are added up anew each time: keeping sums would save nothing. */
    private static final int FEW_PANES = 4;

    // Configuration.
    private final String model;
    private final Panes panes;
    private final OutputTag<DeadLetter> lateTag;
    private final Set<String> accounting;

    // Not checkpointed: the runs are made again from the tallies.
    private transient RecordCounts counts;
    private transient Map<SeriesKey, PaneRuns> runs;

    // Checkpointed, one of each a series.
    private transient MapState<Long, byte[]> tallies;
    private transient MapState<Long, Integer> revisions;

    // Checkpointed, one a subtask.
    private transient ListState<Long> reachedState;
    private transient long reached;

    /**
     * @param accounting one feature of each stream: where several series are late for the same
     *     records, these speak for them
     */
    public WindowFunction(
            String model,
            Panes panes,
            OutputTag<DeadLetter> lateTag,
            Collection<String> accounting) {
        this.model = model;
        this.panes = panes;
        this.lateTag = lateTag;
        this.accounting = Set.copyOf(accounting);
    }

    @Override
    public void open(OpenContext context) {
        ClassTrust.ensure();
        counts = RecordCounts.whereMerged(getRuntimeContext(), model);
        runs = new HashMap<>();
        tallies =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "tallies",
                                        Types.LONG,
                                        PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        revisions =
                getRuntimeContext()
                        .getMapState(new MapStateDescriptor<>("revisions", Types.LONG, Types.INT));
    }

    /**
     * The watermark itself starts anew after a restart; what windows have already been through does
     * not. Behind an aligned barrier it is the same in all subtasks. Behind an unaligned one some
     * may have seen a watermark that for others is still under way, with counts before it: so the
     * earliest of them holds, and no count that was in time is refused.
     */
    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        reachedState =
                context.getOperatorStateStore()
                        .getUnionListState(new ListStateDescriptor<>("reached", Types.LONG));
        long earliest = Long.MAX_VALUE;
        for (long each : reachedState.get()) {
            earliest = Math.min(earliest, each);
        }
        reached = earliest == Long.MAX_VALUE ? Long.MIN_VALUE : earliest;
    }

    /** Takes note of a watermark: functions are not told of those at which they have no timer. */
    void reached(long watermark) {
        reached = Math.max(reached, watermark);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        reachedState.update(List.of(reached));
    }

    @Override
    public void processElement(PaneTally part, Context context, Collector<WindowTally> out)
            throws Exception {
        long pane = part.paneStartMillis();
        reached(context.timerService().currentWatermark());
        long watermark = reached;
        if (panes.isClosed(panes.lastWindowEnd(pane), watermark)) {
            refuse(part, watermark, context);
            return;
        }
        byte[] before = tallies.get(pane);
        tallies.put(pane, before == null ? part.tally() : PaneRuns.sum(before, part.tally()));
        PaneRuns stale = runs.get(context.getCurrentKey());
        if (stale != null) {
            stale.changed(panes.indexOf(pane));
        }
        long end = panes.firstWindowEnd(pane);
        while (end <= panes.lastWindowEnd(pane) && panes.isDue(end, watermark)) {
            if (!panes.isClosed(end, watermark)) {
                emit(context.getCurrentKey(), end, out);
            }
            end += panes.slideMillis();
        }
        if (end <= panes.lastWindowEnd(pane)) {
            // The windows after it follow one another, see onTimer.
            context.timerService().registerEventTimeTimer(end - 1);
        }
        context.timerService().registerEventTimeTimer(panes.closedAt(panes.lastWindowEnd(pane)));
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<WindowTally> out)
            throws Exception {
        long end = time + 1;
        boolean isWindowEnd = Math.floorMod(end, panes.slideMillis()) == 0;
        if (isWindowEnd && !revisions.contains(end)) {
            emit(context.getCurrentKey(), end, out);
        }
        reached(time);
        long newest = forgetClosed(context.getCurrentKey(), time);
        if (isWindowEnd && newest != NO_PANE && panes.lastWindowEnd(newest) > end) {
            context.timerService().registerEventTimeTimer(end + panes.slideMillis() - 1);
        }
    }

    /** Gives the newest pane that is left, or {@link #NO_PANE}. */
    private long forgetClosed(SeriesKey series, long watermark) throws Exception {
        List<Long> done = new ArrayList<>();
        long newest = NO_PANE;
        for (long pane : tallies.keys()) {
            if (panes.isClosed(panes.lastWindowEnd(pane), watermark)) {
                done.add(pane);
            } else {
                newest = Math.max(newest, pane);
            }
        }
        PaneRuns kept = runs.get(series);
        for (long pane : done) {
            tallies.remove(pane);
            if (kept != null) {
                kept.forget(panes.indexOf(pane) + 1);
            }
        }
        if (newest == NO_PANE) {
            runs.remove(series);
        }
        done.clear();
        for (long end : revisions.keys()) {
            if (panes.isClosed(end, watermark)) {
                done.add(end);
            }
        }
        for (long end : done) {
            revisions.remove(end);
        }
        return newest;
    }

    private void emit(SeriesKey series, long end, Collector<WindowTally> out) throws Exception {
        long start = panes.windowStart(end);
        PaneRuns sums =
                panes.perWindow() < FEW_PANES
                        ? new PaneRuns()
                        : runs.computeIfAbsent(series, key -> new PaneRuns());
        byte[] all =
                sums.sum(
                        panes.indexOf(start),
                        panes.indexOf(end),
                        index -> tallies.get(index * panes.slideMillis()));
        if (all == null) {
            return;
        }
        Integer before = revisions.get(end);
        int revision = before == null ? 0 : before + 1;
        revisions.put(end, revision);
        out.collect(new WindowTally(series, start, end, all, revision));
    }

    /**
     * Counts that come too late although their records did not: their subtask was idle, and the
     * others went on without it.
     */
    private void refuse(PaneTally part, long watermark, Context context) {
        SeriesKey series = part.series();
        boolean speaks =
                accounting.contains(series.feature())
                        || series.feature().equals(SeriesKey.EVERY_FEATURE);
        if (speaks && series.segmentName().isEmpty()) {
            DeadLetter late = late(part, watermark);
            counts.lateAfterAll(late.getRecords());
            context.output(lateTag, late);
        }
    }

    private static DeadLetter late(PaneTally part, long watermark) {
        return DeadLetter.newBuilder()
                .setStage(DeadLetterStage.window)
                .setReason("late")
                .setDetail(
                        part.series().model()
                                + ", version "
                                + part.series().version()
                                + ": records of the pane from "
                                + java.time.Instant.ofEpochMilli(part.paneStartMillis())
                                + " came after its windows were closed at watermark "
                                + java.time.Instant.ofEpochMilli(watermark))
                .setModel(part.series().model())
                .setTopic("")
                .setPartition(-1)
                .setOffset(-1)
                .setRecords(Counts.fromBytes(part.tally()).tally().rows())
                .setPayloadSize(-1)
                .build();
    }
}
