package io.driftwatch.job.tally;

import io.driftwatch.detectors.profile.Tally;
import io.driftwatch.job.RecordCounts;
import io.driftwatch.job.decode.DeadLetters;
import io.driftwatch.job.decode.Observation;
import io.driftwatch.job.decode.RejectionReason;
import io.driftwatch.job.live.Live;
import io.driftwatch.job.profile.ReferenceSample;
import io.driftwatch.job.window.Panes;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.DeadLetter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
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
 * <p>Records say by which plan they were decoded. When that changes, what was counted so far is
 * handed on, and counting goes on by the new plan and the profiles that go with it. So every record
 * is counted once, as it was decoded.
 *
 * <p>All it remembers is how far the watermark was, so that a record which was late before a
 * restart is late after it, and since when it counts each feature, so that a window which lacks
 * rows of a new one says so.
 */
public final class TallyOperator extends AbstractStreamOperator<PaneTally>
        implements OneInputStreamOperator<Observation, PaneTally>, BoundedOneInput {
    private static final long serialVersionUID = 1L;

    /** Open panes together may hold this many integers, or what an eighth of the heap holds. */
    private static final long LEAST_LIMIT = 16L << 20;

    /** The layout of no plan. */
    private static final long NONE = 0;

    /** How long to wait for a configuration by which records were decoded, but only once. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Counters are kept for the next pane if they take less than this part of the limit. */
    private static final int SPARE_SHARE = 8;

    // Configuration.
    private final Live<List<KnownPlan>> live;
    private final Panes panes;
    private final OutputTag<DeadLetter> lateTag;
    private final OutputTag<DeadLetter> deadLetterTag;
    private final long limit;

    // Not checkpointed: empty at every barrier.
    private transient String model;
    private transient Counting counting;

    /** Of the records that are counted now; {@link #NONE} if that is to be found out anew. */
    private transient long layout;

    private transient Set<SampleKey> seen;
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
    private transient ListState<Long> newestPaneState;
    private transient ListState<FeatureSince> featureState;
    private transient Watched watched;

    /**
     * @param live what records are counted by, the newest first
     */
    public TallyOperator(
            Live<List<KnownPlan>> live,
            Panes panes,
            OutputTag<DeadLetter> lateTag,
            OutputTag<DeadLetter> deadLetterTag) {
        this(live, panes, lateTag, deadLetterTag, 0);
    }

    /**
     * @param limit integers that open panes may hold together before they are handed on early,
     *     which costs time but is otherwise the same; 0 leaves it to the memory
     */
    TallyOperator(
            Live<List<KnownPlan>> live,
            Panes panes,
            OutputTag<DeadLetter> lateTag,
            OutputTag<DeadLetter> deadLetterTag,
            long limit) {
        this.live = live;
        this.panes = panes;
        this.lateTag = lateTag;
        this.deadLetterTag = deadLetterTag;
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
        newestPaneState =
                context.getOperatorStateStore()
                        .getUnionListState(
                                new ListStateDescriptor<>("newest-pane", LongSerializer.INSTANCE));
        featureState =
                context.getOperatorStateStore()
                        .getUnionListState(
                                new ListStateDescriptor<>(
                                        "features", TypeInformation.of(FeatureSince.class)));
        watched = new Watched(panes.sizeMillis(), panes.slideMillis());
        watched.restore(newestPaneState.get(), featureState.get());
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
        model = live.get().get(0).profiles().read().model();
        seen = new HashSet<>();
        open = new TreeMap<>();
        spare = new ArrayDeque<>();
        counts = RecordCounts.whereTallied(getRuntimeContext(), model);
        long memory = Runtime.getRuntime().maxMemory() / 8 / Integer.BYTES;
        mostCells = limit > 0 ? limit : Math.max(LEAST_LIMIT, memory);
    }

    @Override
    public void processElement(StreamRecord<Observation> element) throws Exception {
        Observation observation = element.getValue();
        if (live.look()) {
            layout = NONE;
        }
        if (observation.layout() != layout && !find(observation)) {
            return;
        }
        long pane = panes.paneOf(observation.eventTimeMillis());
        if (last == null || pane != lastPane) {
            if (panes.isClosed(panes.lastWindowEnd(pane), watermark)) {
                counts.late();
                output.collect(
                        lateTag,
                        new StreamRecord<>(DeadLetters.late(model, observation, watermark)));
                return;
            }
            watched.counted(pane);
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

    /** Finds what a record is to be counted by; false if there is nothing. */
    private boolean find(Observation observation) throws Exception {
        KnownPlan found = known(observation.layout());
        if (found == null) {
            // The decoder is in this process, unless somebody has torn the two apart.
            live.awaitChange("plan " + observation.layout(), PATIENCE);
            live.look();
            found = known(observation.layout());
        }
        if (found == null) {
            counts.deadLettered(RejectionReason.UNKNOWN_CONFIGURATION.label());
            output.collect(
                    deadLetterTag,
                    new StreamRecord<>(DeadLetters.ofUnknownConfiguration(model, observation)));
            return false;
        }
        layout = observation.layout();
        take(found.counting());
        return true;
    }

    private KnownPlan known(long wanted) {
        for (KnownPlan each : live.get()) {
            if (each.plan().layout() == wanted) {
                return each;
            }
        }
        return null;
    }

    /** What was counted so far is handed on; from now on it is counted otherwise. */
    private void take(Counting newer) {
        if (newer.equals(counting)) {
            return;
        }
        drainAll();
        spare.clear();
        counting = newer;
        Set<String> added = watched.watch(newer.plan().features());
        long pane = watched.newestPane();
        if (pane != Watched.NO_PANE && !panes.isClosed(panes.lastWindowEnd(pane), watermark)) {
            added.forEach(feature -> sayWhatIsMissing(feature, pane));
        }
    }

    /**
     * Windows with the newest pane lack rows of a new feature that were counted here. Other
     * subtasks may have counted all of theirs, and cannot know.
     */
    private void sayWhatIsMissing(String feature, long pane) {
        byte[] nothing = new Counts(Tally.EMPTY, watched.since(feature)).toBytes();
        for (SampleKey sample : seen) {
            ReferenceSample reference = counting.profiles().find(sample);
            if (reference != null) {
                SeriesKey series = sample.feature(feature, reference.feature(feature).layout());
                emit(new PaneTally(series, pane, nothing));
            }
        }
    }

    private void emit(PaneTally tally) {
        long timestamp = tally.paneStartMillis() + panes.slideMillis() - 1;
        output.collect(new StreamRecord<>(tally, timestamp));
    }

    private PaneCounters counters(long pane) {
        PaneCounters counters = open.get(pane);
        if (counters == null) {
            counters = spare.isEmpty() ? new PaneCounters(counting, seen) : spare.pop();
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
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        drainAll();
        if (live.look()) {
            // Whoever has nothing to count must not hold the others' new features back.
            layout = NONE;
            take(live.get().get(0).counting());
        }
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
        counts.ofUnknownVersion(counters.unknownRecords());
        counters.drain(pane, watched.partialIn(pane), this::emit);
        // Large counters are worth more as memory than as time.
        if (spare.isEmpty() && counters.cells() < mostCells / SPARE_SHARE) {
            spare.push(counters);
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        watermarkState.update(List.of(watermark));
        newestPaneState.update(List.of(watched.newestPane()));
        featureState.update(watched.features());
    }

    @Override
    public void close() throws Exception {
        live.close();
        super.close();
    }
}
