package io.driftwatch.job.route;

import io.driftwatch.alerts.route.GroupState;
import io.driftwatch.alerts.route.Grouper;
import io.driftwatch.alerts.route.Route;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.Notification;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Gathers alerts into groups and decides when a group speaks. The key is the group.
 *
 * <p>State of a group: its alerts, until the last of them is resolved and said so.
 */
public final class RouteFunction extends KeyedProcessFunction<String, Alert, Notification> {
    private static final long serialVersionUID = 1L;

    /** Which time group_wait and its kin are measured in. */
    public enum TimeDomain {
        /** The wall clock: how people wait. */
        WALL_CLOCK,
        /** The time of the data: what a replay of history would have sent, and when. */
        EVENT_TIME
    }

    private final Route route;
    private final TimeDomain time;
    private transient Grouper grouper;
    private transient ValueState<GroupState> group;
    private transient ValueState<Long> timer;

    public RouteFunction(Route route, TimeDomain time) {
        this.route = route;
        this.time = time;
    }

    @Override
    public void open(OpenContext context) {
        ClassTrust.ensure();
        grouper = new Grouper(route);
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

    @Override
    public void processElement(Alert alert, Context context, Collector<Notification> out)
            throws Exception {
        long now =
                time == TimeDomain.EVENT_TIME
                        ? alert.getScore().getWindowEnd().toEpochMilli()
                        : context.timerService().currentProcessingTime();
        if (time == TimeDomain.EVENT_TIME) {
            catchUp(now, context.timerService(), out);
        }
        take(grouper.onAlert(group.value(), alert, now), context.timerService(), out);
    }

    /**
     * Where history has a gap, alerts of many windows come at one watermark: what the group would
     * have said before this one comes first.
     */
    private void catchUp(long now, TimerService timers, Collector<Notification> out)
            throws Exception {
        Long due = timer.value();
        while (due != null && due < now && group.value() != null) {
            timer.clear();
            take(grouper.onTimer(group.value(), due), timers, out);
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
        timer.clear();
        take(grouper.onTimer(group.value(), now), context.timerService(), out);
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
}
