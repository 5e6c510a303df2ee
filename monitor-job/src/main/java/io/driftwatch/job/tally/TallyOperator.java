package io.driftwatch.job.tally;

import io.driftwatch.job.RecordCounts;
import io.driftwatch.job.decode.DeadLetters;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.decode.Observation;
import io.driftwatch.job.live.Live;
import io.driftwatch.job.profile.ModelProfiles;
import io.driftwatch.job.window.Panes;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.DeadLetter;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Counts the records of one stream where they are read, so that only counts cross the network. A
 * pane's counts are handed on when the watermark passes it, at the end of the input, and before
 * every checkpoint barrier: the counts then belong to the merging operator's state, and this
 * operator needs none of its own, whatever its parallelism becomes.
 *
 * <p>All it remembers is how far the watermark was, so that a record which was late before a
 * restart is late after it.
 */
public final class TallyOperator extends AbstractStreamOperator<PaneTally>
        implements OneInputStreamOperator<Observation, PaneTally>, BoundedOneInput {
    private static final long serialVersionUID = 1L;

    /** Open panes together may hold this many integers, or what an eighth of the heap holds. */
    private static final long LEAST_LIMIT = 16L << 20;

    /** Counters are kept for the next pane if they take less than this part of the limit. */
    private static final int SPARE_SHARE = 8;

    // Configuration.
    private final Live<ModelProfiles> live;
    private final FieldPlan plan;
    private final Panes panes;
    private final OutputTag<DeadLetter> lateTag;
    private final long limit;

    // Not checkpointed: empty at every barrier.
    private transient ModelProfiles profiles;
    private transient TreeMap<Long, PaneCounters> open;
    private transient ArrayDeque<PaneCounters> spare;
    private transient long lastPane;
    private transient PaneCounters last;
    private transient long lastCells;
    private transient RecordCounts counts;
    private transient long mostCells;

    // Checkpointed.
    private transient ListState<Long> watermarkState;
    private transient long watermark;

    public TallyOperator(
            Live<ModelProfiles> live, FieldPlan plan, Panes panes, OutputTag<DeadLetter> lateTag) {
        this(live, plan, panes, lateTag, 0);
    }

    /**
     * @param limit integers that open panes may hold together before they are handed on early,
     *     which costs time but is otherwise the same; 0 leaves it to the memory
     */
    TallyOperator(
            Live<ModelProfiles> live,
            FieldPlan plan,
            Panes panes,
            OutputTag<DeadLetter> lateTag,
            long limit) {
        this.live = live;
        this.plan = plan;
        this.panes = panes;
        this.lateTag = lateTag;
        this.limit = limit;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        watermark = Long.MIN_VALUE;
        watermarkState =
                context.getOperatorStateStore()
                        .getUnionListState(
                                new ListStateDescriptor<>("watermark", LongSerializer.INSTANCE));
        if (context.isRestored()) {
            long lowest = Long.MAX_VALUE;
            for (long each : watermarkState.get()) {
                lowest = Math.min(lowest, each);
            }
            watermark = lowest == Long.MAX_VALUE ? Long.MIN_VALUE : lowest;
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        ClassTrust.ensure();
        live.open(getRuntimeContext());
        profiles = live.get();
        open = new TreeMap<>();
        spare = new ArrayDeque<>();
        counts = new RecordCounts(getRuntimeContext());
        long memory = Runtime.getRuntime().maxMemory() / 8 / Integer.BYTES;
        mostCells = limit > 0 ? limit : Math.max(LEAST_LIMIT, memory);
    }

    @Override
    public void processElement(StreamRecord<Observation> element) {
        Observation observation = element.getValue();
        if (live.look()) {
            take(live.get());
        }
        long pane = panes.paneOf(observation.eventTimeMillis());
        if (last == null || pane != lastPane) {
            if (panes.isClosed(panes.lastWindowEnd(pane), watermark)) {
                counts.late();
                output.collect(
                        lateTag,
                        new StreamRecord<>(
                                DeadLetters.late(profiles.model(), observation, watermark)));
                return;
            }
            last = counters(pane);
            lastPane = pane;
            lastCells = 0;
        }
        last.add(observation);
        counts.tallied();
        if (last.cells() != lastCells) {
            lastCells = last.cells();
            keepWithinLimit();
        }
    }

    /** New segments take memory as they come, within one pane too. */
    private void keepWithinLimit() {
        if (open.values().stream().mapToLong(PaneCounters::cells).sum() > mostCells) {
            drainAll();
            spare.clear();
        }
    }

    /** What was counted so far is handed on; from now on cells are those of the new profiles. */
    private void take(ModelProfiles newer) {
        if (newer.equals(profiles)) {
            return;
        }
        drainAll();
        spare.clear();
        profiles = newer;
    }

    private PaneCounters counters(long pane) {
        PaneCounters counters = open.get(pane);
        if (counters == null) {
            counters = spare.isEmpty() ? new PaneCounters(profiles, plan) : spare.pop();
            open.put(pane, counters);
        }
        return counters;
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        watermark = Math.max(watermark, mark.getTimestamp());
        Iterator<Map.Entry<Long, PaneCounters>> each = open.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<Long, PaneCounters> pane = each.next();
            if (!panes.isDue(panes.firstWindowEnd(pane.getKey()), watermark)) {
                break;
            }
            drain(pane.getKey(), pane.getValue());
            each.remove();
        }
        last = null;
        super.processWatermark(mark);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        drainAll();
    }

    @Override
    public void endInput() {
        drainAll();
    }

    private void drainAll() {
        open.forEach(this::drain);
        open.clear();
        last = null;
    }

    private void drain(long pane, PaneCounters counters) {
        long timestamp = pane + panes.slideMillis() - 1;
        counters.drain(pane, tally -> output.collect(new StreamRecord<>(tally, timestamp)));
        // Large counters are worth more as memory than as time.
        if (spare.isEmpty() && counters.cells() < mostCells / SPARE_SHARE) {
            spare.push(counters);
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        watermarkState.update(java.util.List.of(watermark));
    }

    @Override
    public void close() throws Exception {
        live.close();
        super.close();
    }
}
