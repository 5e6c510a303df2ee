package io.driftwatch.job.judge;

import io.driftwatch.alerts.rule.NoDataRule;
import io.driftwatch.alerts.rule.NoDataState;
import io.driftwatch.job.live.Live;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.ClassTrust;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Holds the streams of one model against the rules about silence. One subtask sees all windows, of
 * which it wants no more than that there is data in them.
 *
 * <p>Silence is measured by the wall clock, since nothing else passes when no records come, and
 * from the start of the job at the earliest: what came while it was away is still to be read. In a
 * replay of history it is measured by the windows themselves.
 *
 * <p>State: one small record for each rule and stream.
 */
public final class NoDataOperator extends AbstractStreamOperator<Alert>
        implements OneInputStreamOperator<StreamWindow, Alert> {
    private static final long serialVersionUID = 1L;

    /** How often to look whether there are new rules. */
    private static final long LOOK_MILLIS = 1000;

    // Configuration.
    private final String model;
    private final List<String> streams;
    private final Live<List<NoDataRule>> live;
    private final boolean byWallClock;

    // Checkpointed.
    private transient ListState<NoDataState> stored;
    private transient ListState<Alert> storedAlerts;

    // Not checkpointed.
    private transient List<Watch> watches;

    /** What rules knew that are not configured now; they may come back. */
    private transient List<NoDataState> rest;

    /** The alerts that fire, by their fingerprints. */
    private transient Map<String, Alert> firing;

    private transient List<NoDataRule> rules;

    /** A rule that watches a stream, and how far it is. */
    private static final class Watch {
        private final NoDataRule rule;
        private NoDataState state;

        Watch(NoDataRule rule, NoDataState state) {
            this.rule = rule;
            this.state = state;
        }
    }

    /**
     * @param streams roles of the model's streams
     * @param live the rules that select the model
     * @param byWallClock whether time is the wall clock's rather than that of the windows
     */
    public NoDataOperator(
            String model, List<String> streams, Live<List<NoDataRule>> live, boolean byWallClock) {
        this.model = model;
        this.streams = List.copyOf(streams);
        this.live = live;
        this.byWallClock = byWallClock;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        ClassTrust.ensure();
        stored =
                context.getOperatorStateStore()
                        .getListState(
                                new ListStateDescriptor<>(
                                        "silences", TypeInformation.of(NoDataState.class)));
        live.open(getRuntimeContext());
        live.look();
        rules = live.get();
        List<NoDataState> restored = new ArrayList<>();
        stored.get()
                .forEach(
                        state ->
                                restored.add(
                                        byWallClock ? NoDataRule.resume(state, now()) : state));
        firing = new LinkedHashMap<>();
        storedAlerts =
                context.getOperatorStateStore()
                        .getListState(
                                new ListStateDescriptor<>(
                                        "firing", TypeInformation.of(Alert.class)));
        storedAlerts.get().forEach(alert -> firing.put(alert.getFingerprint(), alert));
        watches = new ArrayList<>();
        rest = restored;
    }

    /** Watches by the rules that there are; what others have known is kept. */
    private void watch() {
        List<Watch> begun = new ArrayList<>();
        for (NoDataRule rule : rules) {
            for (String stream : streams) {
                begun.add(new Watch(rule, begin(rule, stream)));
            }
        }
        watches = begun;
    }

    private void look() {
        if (!live.look() || live.get().equals(rules)) {
            return;
        }
        rules = live.get();
        watches.forEach(watch -> rest.add(watch.state));
        endOrphans();
        watch();
        if (byWallClock) {
            watches.forEach(this::schedule);
        }
    }

    /** Nobody else would ever say that an alert is over whose rule is no longer there. */
    private void endOrphans() {
        List<String> known = new ArrayList<>();
        rules.forEach(
                rule -> streams.forEach(stream -> known.add(rule.fingerprint(model, stream))));
        for (Alert orphan : List.copyOf(firing.values())) {
            if (known.contains(orphan.getFingerprint())) {
                continue;
            }
            firing.remove(orphan.getFingerprint());
            rest.replaceAll(state -> isOf(state, orphan) ? NoDataRule.ended(state) : state);
            Alert resolved =
                    Alert.newBuilder(orphan)
                            .setState(AlertState.resolved)
                            .setSequence(orphan.getSequence() + 1)
                            .setEndsAt(Instant.ofEpochMilli(now()))
                            .setReason("its rule is no longer configured as it was")
                            .build();
            AlertLog.changed(resolved);
            output.collect(new StreamRecord<>(resolved));
        }
    }

    private static boolean isOf(NoDataState state, Alert alert) {
        return state.isFiring()
                && state.alert().equals(alert.getLabels().get("alertname"))
                && state.stream().equals(alert.getLabels().get("stream"));
    }

    private NoDataState begin(NoDataRule rule, String stream) {
        for (NoDataState known : rest) {
            if (known.alert().equals(rule.alert()) && known.stream().equals(stream)) {
                rest.remove(known);
                return known;
            }
        }
        return rule.begin(model, stream, byWallClock ? now() : 0);
    }

    @Override
    public void open() throws Exception {
        super.open();
        endOrphans();
        watch();
        if (byWallClock) {
            watches.forEach(this::schedule);
        }
        if (live.mayChange()) {
            lookAgain();
        }
    }

    /** A silent stream brings nobody to look. */
    private void lookAgain() {
        var unused =
                getProcessingTimeService()
                        .registerTimer(
                                now() + LOOK_MILLIS,
                                time -> {
                                    look();
                                    lookAgain();
                                });
    }

    /** One timer a watch: it looks whether anything was heard meanwhile, and sets the next one. */
    private void schedule(Watch watch) {
        long due = Math.max(watch.rule.dueMillis(watch.state), now() + 1);
        var unused =
                getProcessingTimeService()
                        .registerTimer(
                                due,
                                time -> {
                                    if (watches.contains(watch)) {
                                        take(watch, watch.rule.look(watch.state, now()));
                                        schedule(watch);
                                    }
                                });
    }

    @Override
    public void processElement(StreamRecord<StreamWindow> element) {
        look();
        StreamWindow heard = element.getValue();
        for (Watch watch : watches) {
            if (watch.state.stream().equals(heard.stream())) {
                hear(watch, heard.windowEndMillis());
            }
        }
    }

    private void hear(Watch watch, long windowEnd) {
        long now = byWallClock ? now() : windowEnd;
        boolean isGap =
                !byWallClock
                        && watch.state.windowEndMillis() != NoDataState.NONE
                        && windowEnd > watch.rule.dueMillis(watch.state);
        if (isGap) {
            take(watch, watch.rule.look(watch.state, watch.rule.dueMillis(watch.state)));
        }
        if (byWallClock || windowEnd > watch.state.windowEndMillis()) {
            take(watch, watch.rule.hear(watch.state, windowEnd, now));
        }
    }

    private void take(Watch watch, NoDataRule.Step step) {
        watch.state = step.state();
        if (step.transition() != null) {
            Alert alert = step.transition();
            if (alert.getState() == AlertState.firing) {
                firing.put(alert.getFingerprint(), alert);
            } else {
                firing.remove(alert.getFingerprint());
            }
            AlertLog.changed(alert);
            output.collect(new StreamRecord<>(alert));
        }
    }

    private long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        List<NoDataState> all = new ArrayList<>(rest);
        watches.forEach(watch -> all.add(watch.state));
        stored.update(all);
        storedAlerts.update(List.copyOf(firing.values()));
    }

    @Override
    public void close() throws Exception {
        live.close();
        super.close();
    }
}
