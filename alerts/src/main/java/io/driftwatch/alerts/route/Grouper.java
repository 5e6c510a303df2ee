package io.driftwatch.alerts.route;

import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Notification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Groups alerts as Prometheus Alertmanager does, for one route. Pure: time is an argument, and what
 * is remembered goes in and comes out.
 *
 * <ul>
 *   <li>A new group begins with a firing alert and waits {@code group_wait} before it tells
 *       anything; what is resolved by then is never told.
 *   <li>After that it looks every {@code group_interval}, and tells if the set of firing alerts has
 *       gained one, has become empty, or if alerts were resolved. An alert in a new episode counts
 *       as gained.
 *   <li>Without a change it repeats itself at the first look at which {@code repeat_interval} has
 *       passed: in effect that interval is rounded up to a multiple of {@code group_interval}.
 *   <li>A resolved alert is told once and forgotten. A group without alerts is over.
 *   <li>Pending alerts are not told.
 * </ul>
 */
public final class Grouper {
    private final Route route;
    private final GroupKeys keys;

    public Grouper(Route route) {
        this.route = route;
        this.keys = new GroupKeys(route);
    }

    /** Returns the key of the group that an alert belongs to, the same for ever. */
    public String groupKey(Alert alert) {
        return keys.key(alert);
    }

    /**
     * Takes in a change of an alert.
     *
     * @param stateOrNull what the alert's group remembers; null if there is no such group
     * @param nowMillis the present; never goes back
     */
    public Step onAlert(GroupState stateOrNull, Alert alert, long nowMillis) {
        boolean isFiring = alert.getState() == AlertState.firing;
        if (stateOrNull == null) {
            return isFiring && route.receiver() != null
                    ? begin(alert, nowMillis)
                    : new Step(null, null, -1);
        }
        if (alert.getState() == AlertState.pending) {
            return unchanged(stateOrNull);
        }
        List<Alert> alerts = new ArrayList<>();
        boolean isKnown = false;
        for (Alert other : stateOrNull.alerts()) {
            boolean isSame = other.getFingerprint().equals(alert.getFingerprint());
            isKnown |= isSame;
            alerts.add(isSame && alert.getSequence() > other.getSequence() ? alert : other);
        }
        if (!isKnown && isFiring) {
            alerts.add(alert);
        }
        return unchanged(withAlerts(stateOrNull, alerts));
    }

    private Step begin(Alert alert, long nowMillis) {
        long flush = nowMillis + route.groupWait().toMillis();
        return unchanged(new GroupState(List.of(alert), Map.of(), 0, 0, 0, flush));
    }

    private static Step unchanged(GroupState state) {
        return new Step(state, null, state.nextFlushMillis());
    }

    private static GroupState withAlerts(GroupState state, List<Alert> alerts) {
        return new GroupState(
                List.copyOf(alerts),
                state.notifiedEpisodes(),
                state.notifications(),
                state.repeats(),
                state.notifiedAtMillis(),
                state.nextFlushMillis());
    }

    /**
     * Looks whether there is something to tell. A call before the time that the last step gave
     * changes nothing.
     */
    public Step onTimer(GroupState state, long nowMillis) {
        if (nowMillis < state.nextFlushMillis()) {
            return unchanged(state);
        }
        List<Alert> firing = inState(state.alerts(), AlertState.firing);
        boolean hasChanged = hasChanged(state, firing);
        boolean tells = hasChanged || isRepeatDue(state, firing, nowMillis);
        long repeats = tells && !hasChanged ? state.repeats() + 1 : 0;
        Notification notification =
                tells ? keys.notification(told(state, firing), repeats, nowMillis) : null;
        if (firing.isEmpty()) {
            return new Step(null, notification, -1);
        }
        long next = nowMillis + route.groupInterval().toMillis();
        GroupState after =
                new GroupState(
                        List.copyOf(firing),
                        tells ? episodes(firing) : state.notifiedEpisodes(),
                        state.notifications() + (tells ? 1 : 0),
                        tells ? repeats : state.repeats(),
                        tells ? nowMillis : state.notifiedAtMillis(),
                        next);
        return new Step(after, notification, next);
    }

    /** What was resolved before the group told anything is not told. */
    private static List<Alert> told(GroupState state, List<Alert> firing) {
        return state.notifications() == 0 ? firing : state.alerts();
    }

    private static boolean hasChanged(GroupState state, List<Alert> firing) {
        Map<String, String> told = state.notifiedEpisodes();
        if (firing.isEmpty()) {
            return !told.isEmpty();
        }
        boolean hasGained =
                firing.stream()
                        .anyMatch(alert -> !episode(alert).equals(told.get(fingerprint(alert))));
        return hasGained || firing.size() < state.alerts().size();
    }

    private boolean isRepeatDue(GroupState state, List<Alert> firing, long nowMillis) {
        long sinceLast = nowMillis - state.notifiedAtMillis();
        return !firing.isEmpty()
                && state.notifications() > 0
                && sinceLast >= route.repeatInterval().toMillis();
    }

    private static List<Alert> inState(List<Alert> alerts, AlertState state) {
        return alerts.stream().filter(alert -> alert.getState() == state).toList();
    }

    private static Map<String, String> episodes(List<Alert> firing) {
        Map<String, String> episodes = new TreeMap<>();
        firing.forEach(alert -> episodes.put(fingerprint(alert), episode(alert)));
        return Map.copyOf(episodes);
    }

    private static String fingerprint(Alert alert) {
        return alert.getFingerprint();
    }

    private static String episode(Alert alert) {
        return Long.toString(alert.getEpisode());
    }

    /**
     * What follows from an event.
     *
     * @param state what to remember; null if the group is over and can be forgotten
     * @param notification what to send; null for nothing
     * @param nextTimerMillis when to call {@link Grouper#onTimer}; -1 for never. The same value as
     *     before means the timer that is set already
     */
    public record Step(GroupState state, Notification notification, long nextTimerMillis) {}
}
