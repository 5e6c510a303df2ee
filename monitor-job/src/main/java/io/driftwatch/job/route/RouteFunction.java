package io.driftwatch.job.route;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.route.GroupState;
import io.driftwatch.alerts.route.Grouper;
import io.driftwatch.alerts.route.Inhibitors;
import io.driftwatch.alerts.route.Inhibitors.Source;
import io.driftwatch.alerts.route.Route;
import io.driftwatch.alerts.route.Silences;
import io.driftwatch.job.live.Live;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.Silence;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReadOnlyBroadcastState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers alerts into groups and decides when a group speaks. The key is the group; to every
 * subtask come the alerts that may inhibit others, and the silences.
 *
 * <p>State of a group: its alerts, until the last of them is resolved and said so. State of every
 * subtask: the inhibiting alerts, until a day after they are resolved, and the silences, until days
 * after they have ended.
 */
public final class RouteFunction
        extends KeyedBroadcastProcessFunction<String, Routed, Muting, Notification> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(RouteFunction.class);

    /** The inhibiting alerts by their fingerprints. */
    public static final MapStateDescriptor<String, Source> INHIBITORS =
            new MapStateDescriptor<>("inhibitors", Types.STRING, TypeInformation.of(Source.class));

    /** The silences by their ids. */
    public static final MapStateDescriptor<String, Silence> SILENCES =
            new MapStateDescriptor<>("silences", Types.STRING, TypeInformation.of(Silence.class));

    /** Which time group_wait and its kin are measured in. */
    public enum TimeDomain {
        /** The wall clock: how people wait. */
        WALL_CLOCK,
        /** The time of the data: what a replay of history would have sent, and when. */
        EVENT_TIME
    }

    /** How long an alert waits for the configuration that has routed it, in another process. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Live<AlertsConfig> live;
    private final TimeDomain time;
    private transient Map<String, RouteGroups> groupsOf;
    private transient Inhibitors inhibitors;
    private transient Silences silences;
    private transient ValueState<GroupState> group;
    private transient ValueState<Long> timer;

    /** A route, and what groups by it. */
    private record RouteGroups(Route route, Grouper grouper) {}

    public RouteFunction(Live<AlertsConfig> live, TimeDomain time) {
        this.live = live;
        this.time = time;
    }

    @Override
    public void open(OpenContext context) throws IOException {
        ClassTrust.ensure();
        live.open(getRuntimeContext());
        refresh();
        silences = new Silences();
        group =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "group", TypeInformation.of(GroupState.class)));
        timer =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "timer", TypeInformation.of(Long.class)));
    }

    /** Takes up what is in force. */
    private void refresh() {
        if (live.look()) {
            AlertsConfig now = live.get();
            groupsOf = new HashMap<>();
            for (Route each : now.routes().all()) {
                groupsOf.put(each.id(), new RouteGroups(each, new Grouper(each)));
            }
            inhibitors = new Inhibitors(now.inhibitRules());
        }
    }

    @Override
    public void processBroadcastElement(Muting muting, Context context, Collector<Notification> out)
            throws Exception {
        if (muting.silence() != null) {
            take(muting.silence(), context);
        } else {
            take(muting.alert(), context);
        }
    }

    private static void take(Silence silence, Context context) throws Exception {
        BroadcastState<String, Silence> kept = context.getBroadcastState(SILENCES);
        kept.put(silence.getId(), silence);
        Instant now = Instant.ofEpochMilli(context.currentProcessingTime());
        removeIf(kept, each -> Silences.isOver(each, now));
    }

    private void take(Alert alert, Context context) throws Exception {
        long now = now(alert, context.currentProcessingTime());
        BroadcastState<String, Source> kept = context.getBroadcastState(INHIBITORS);
        String fingerprint = alert.getFingerprint();
        Source after = Inhibitors.after(kept.get(fingerprint), alert, now);
        if (after != null) {
            kept.put(fingerprint, after);
        }
        removeIf(kept, each -> Inhibitors.isOver(each, now));
    }

    private static <T> void removeIf(BroadcastState<String, T> state, Predicate<T> isOver)
            throws Exception {
        List<String> over = new ArrayList<>();
        for (Map.Entry<String, T> entry : state.immutableEntries()) {
            if (isOver.test(entry.getValue())) {
                over.add(entry.getKey());
            }
        }
        for (String each : over) {
            state.remove(each);
        }
    }

    private long now(Alert alert, long wallClock) {
        return time == TimeDomain.EVENT_TIME
                ? alert.getScore().getWindowEnd().toEpochMilli()
                : wallClock;
    }

    @Override
    public void processElement(Routed routed, ReadOnlyContext context, Collector<Notification> out)
            throws Exception {
        Alert alert = routed.alert();
        TimerService timers = context.timerService();
        long now = now(alert, context.currentProcessingTime());
        RouteGroups groups = groupsFor(Routed.routeId(routed.group()));
        if (time == TimeDomain.EVENT_TIME) {
            catchUp(groups, now, context, timers, out);
        }
        take(groups.grouper().onAlert(group.value(), alert, now), timers, out);
    }

    /**
     * The groups of a route. The route may be of a configuration that this process is only about to
     * hear of, or of one that it no longer has; then the default route takes the alert.
     */
    private RouteGroups groupsFor(String routeId) throws InterruptedException {
        refresh();
        if (!groupsOf.containsKey(routeId)) {
            live.awaitChange(routeId, PATIENCE);
            refresh();
        }
        RouteGroups groups = groupsOf.get(routeId);
        if (groups == null) {
            LOG.warn("There is no route {} any more; the default route takes its alert", routeId);
            groups = groupsOf.get(live.get().routes().all().get(0).id());
        }
        return groups;
    }

    /**
     * Where history has a gap, alerts of many windows come at one watermark: what the group would
     * have said before this one comes first.
     */
    private void catchUp(
            RouteGroups groups,
            long now,
            ReadOnlyContext context,
            TimerService timers,
            Collector<Notification> out)
            throws Exception {
        Long due = timer.value();
        while (due != null && due < now && group.value() != null) {
            look(groups, due, context, timers, out);
            due = timer.value();
        }
    }

    @Override
    public void onTimer(long now, OnTimerContext context, Collector<Notification> out)
            throws Exception {
        Long wanted = timer.value();
        if (wanted == null || wanted != now || group.value() == null) {
            return;
        }
        refresh();
        RouteGroups groups = groupsOf.get(Routed.routeId(context.getCurrentKey()));
        if (groups == null) {
            // From a savepoint of another configuration.
            LOG.warn(
                    "The configuration has no longer the route of {}; its {} alerts are told again"
                            + " when they next change",
                    context.getCurrentKey().replace('\n', ' '),
                    group.value().alerts().size());
            group.clear();
            timer.clear();
            return;
        }
        endRoutedOtherwise(groups, Routed.groupKey(context.getCurrentKey()), now);
        look(groups, now, context, context.timerService(), out);
    }

    /**
     * After a change of the routes an alert's end comes to another group: this one would repeat for
     * ever what it was told. It says that it has ended, as far as it can tell.
     */
    private void endRoutedOtherwise(RouteGroups groups, String groupKey, long now)
            throws Exception {
        for (Alert alert : List.copyOf(group.value().alerts())) {
            if (alert.getState() == AlertState.firing && !isStillHere(groups, groupKey, alert)) {
                Alert ended =
                        Alert.newBuilder(alert)
                                .setState(AlertState.resolved)
                                .setSequence(alert.getSequence() + 1)
                                .setEndsAt(Instant.ofEpochMilli(now))
                                .setReason("the configuration routes it otherwise now")
                                .build();
                group.update(groups.grouper().onAlert(group.value(), ended, now).state());
            }
        }
    }

    private boolean isStillHere(RouteGroups groups, String groupKey, Alert alert) {
        return live.get().routes().match(alert.getLabels()).stream()
                .anyMatch(
                        route ->
                                route.id().equals(groups.route().id())
                                        && groups.grouper().groupKey(alert).equals(groupKey));
    }

    private void look(
            RouteGroups groups,
            long now,
            ReadOnlyContext context,
            TimerService timers,
            Collector<Notification> out)
            throws Exception {
        timer.clear();
        Predicate<Alert> isMuted = muted(groups.route(), now, context);
        take(groups.grouper().onTimer(group.value(), now, isMuted), timers, out);
    }

    private Predicate<Alert> muted(Route route, long now, ReadOnlyContext context)
            throws Exception {
        if (route.silentAt(Instant.ofEpochMilli(now)).isPresent()) {
            return alert -> true;
        }
        ReadOnlyBroadcastState<String, Source> kept = context.getBroadcastState(INHIBITORS);
        List<Source> sources = new ArrayList<>();
        kept.immutableEntries().forEach(entry -> sources.add(entry.getValue()));
        List<Silence> wishes = new ArrayList<>();
        context.getBroadcastState(SILENCES)
                .immutableEntries()
                .forEach(entry -> wishes.add(entry.getValue()));
        return alert ->
                inhibitors.inhibit(sources, alert.getLabels(), now)
                        || silences.silence(wishes, alert.getLabels(), Instant.ofEpochMilli(now));
    }

    private void take(Grouper.Step step, TimerService timers, Collector<Notification> out)
            throws Exception {
        if (step.notification() != null) {
            out.collect(step.notification());
        }
        if (step.state() == null) {
            group.clear();
        } else {
            group.update(step.state());
        }
        set(step.nextTimerMillis(), timers);
    }

    /**
     * One timer a group: a new one replaces the old. When a replay's time is over a group has said
     * its last; an alert that still fires would otherwise repeat for ever.
     */
    private void set(long next, TimerService timers) throws Exception {
        Long before = timer.value();
        if (before != null && before == next) {
            return;
        }
        boolean over = time == TimeDomain.EVENT_TIME && timers.currentWatermark() == Long.MAX_VALUE;
        if (next < 0 || over) {
            timer.clear();
            return;
        }
        timer.update(next);
        if (time == TimeDomain.EVENT_TIME) {
            timers.registerEventTimeTimer(next);
        } else {
            timers.registerProcessingTimeTimer(next);
        }
    }

    @Override
    public void close() {
        live.close();
    }
}
