package io.driftwatch.alerts.route;

import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.NotificationChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

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
 *   <li>Alerts that are muted when it looks are left out as if they were not there; those that
 *       still fire later are told as new.
 *   <li>Pending alerts are not told.
 * </ul>
 *
 * <p>In one thing it goes beyond Alertmanager, which forgets an alert that is resolved while it is
 * muted: one that was told to be firing is kept and told to be resolved afterwards.
 */
public final class Grouper {
    private static final Step OVER = new Step(null, null, -1);

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
        boolean isFiring = isFiring(alert);
        if (stateOrNull == null) {
            return isFiring && route.receiver() != null ? begin(alert, nowMillis) : OVER;
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
        return unchanged(new GroupState(List.of(alert), Map.of(), Map.of(), 0, 0, 0, flush));
    }

    private static Step unchanged(GroupState state) {
        return new Step(state, null, state.nextFlushMillis());
    }

    private static GroupState withAlerts(GroupState state, List<Alert> alerts) {
        return new GroupState(
                List.copyOf(alerts),
                state.notifiedEpisodes(),
                state.openEpisodes(),
                state.notifications(),
                state.repeats(),
                state.notifiedAtMillis(),
                state.nextFlushMillis());
    }

    /**
     * Looks whether there is something to tell. A call before the time that the last step gave
     * changes nothing.
     *
     * @param isMuted whether an alert is not to be told at this moment
     */
    public Step onTimer(GroupState state, long nowMillis, Predicate<Alert> isMuted) {
        if (nowMillis < state.nextFlushMillis()) {
            return unchanged(state);
        }
        Predicate<Alert> isHeard = isMuted.negate();
        List<Alert> heard = state.alerts().stream().filter(isHeard).toList();
        List<Alert> firing = inState(heard, AlertState.firing);
        List<Alert> resolved = resolved(state, heard);
        boolean hasGained = hasGained(state, firing);
        boolean hasChanged =
                firing.isEmpty()
                        ? resolved.stream().anyMatch(alert -> isOpen(state, alert))
                        : hasGained || !resolved.isEmpty();
        boolean tells = hasChanged || isRepeatDue(state, firing, nowMillis);
        long repeats = tells && !hasChanged ? state.repeats() + 1 : 0;
        List<Alert> kept =
                state.alerts().stream()
                        .filter(a -> isFiring(a) || (isMuted.test(a) && isOpen(state, a)))
                        .toList();
        NotificationChange change =
                hasGained
                        ? NotificationChange.firing
                        : hasChanged ? NotificationChange.resolved : NotificationChange.repeated;
        Notification notification =
                tells
                        ? keys.notification(concat(firing, resolved), change, repeats, nowMillis)
                        : null;
        if (kept.isEmpty()) {
            return new Step(null, notification, -1);
        }
        long next = nowMillis + route.groupInterval().toMillis();
        GroupState after =
                new GroupState(
                        kept,
                        tells ? episodes(firing) : state.notifiedEpisodes(),
                        tells ? open(state, firing, resolved) : state.openEpisodes(),
                        state.notifications() + (tells ? 1 : 0),
                        tells ? repeats : state.repeats(),
                        tells ? nowMillis : state.notifiedAtMillis(),
                        next);
        return new Step(after, notification, next);
    }

    /** What was resolved before the group told anything is not told. */
    private static List<Alert> resolved(GroupState state, List<Alert> heard) {
        return state.notifications() == 0 ? List.of() : inState(heard, AlertState.resolved);
    }

    private static List<Alert> concat(List<Alert> firing, List<Alert> resolved) {
        List<Alert> both = new ArrayList<>(firing);
        both.addAll(resolved);
        return both;
    }

    private static boolean isOpen(GroupState state, Alert alert) {
        return state.openEpisodes().containsKey(fingerprint(alert));
    }

    private static boolean hasGained(GroupState state, List<Alert> firing) {
        return firing.stream()
                .anyMatch(a -> !episode(a).equals(state.notifiedEpisodes().get(fingerprint(a))));
    }

    private static Map<String, String> open(
            GroupState state, List<Alert> firing, List<Alert> resolved) {
        Map<String, String> open = new TreeMap<>(state.openEpisodes());
        open.putAll(episodes(firing));
        resolved.forEach(alert -> open.remove(fingerprint(alert)));
        return Map.copyOf(open);
    }

    private static boolean isFiring(Alert alert) {
        return alert.getState() == AlertState.firing;
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
