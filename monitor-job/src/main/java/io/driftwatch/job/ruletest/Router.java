package io.driftwatch.job.ruletest;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.route.GroupState;
import io.driftwatch.alerts.route.Grouper;
import io.driftwatch.alerts.route.Inhibitors;
import io.driftwatch.alerts.route.Inhibitors.Source;
import io.driftwatch.alerts.route.Route;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.Notification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sends alerts through routes in memory, on a clock that goes from event to event. */
final class Router {
    private final AlertsConfig config;
    private final Inhibitors inhibitors;
    private final Map<String, Source> sources = new HashMap<>();
    private final Map<String, Group> groups = new TreeMap<>();
    private final List<Notification> sent = new ArrayList<>();

    /** A group and when it looks next. */
    private static final class Group {
        private final Route route;
        private final Grouper grouper;
        private GroupState state;
        private long next = Long.MAX_VALUE;

        Group(Route route) {
            this.route = route;
            this.grouper = new Grouper(route);
        }
    }

    Router(AlertsConfig config) {
        this.config = config;
        this.inhibitors = new Inhibitors(config.inhibitRules());
    }

    /** All notifications so far, in order. */
    List<Notification> sent() {
        return sent;
    }

    /** Takes in an alert, after everything that is due before it. */
    void route(Alert alert, long now) {
        advance(now - 1);
        if (inhibitors.isSource(alert)) {
            Source after = Inhibitors.after(sources.get(alert.getFingerprint()), alert, now);
            if (after != null) {
                sources.put(alert.getFingerprint(), after);
            }
        }
        for (Route route : config.routes().match(alert.getLabels())) {
            String key = route.id() + "\n" + new Grouper(route).groupKey(alert);
            Group group = groups.computeIfAbsent(key, unused -> new Group(route));
            take(group, group.grouper.onAlert(group.state, alert, now));
        }
    }

    /** Lets time pass, that moment included. */
    void advance(long until) {
        while (true) {
            Group first = null;
            for (Group group : groups.values()) {
                boolean isEarlier = first == null || group.next < first.next;
                if (group.state != null && group.next <= until && isEarlier) {
                    first = group;
                }
            }
            if (first == null) {
                return;
            }
            look(first, first.next);
        }
    }

    private void look(Group group, long now) {
        boolean isSilent = group.route.silentAt(Instant.ofEpochMilli(now)).isPresent();
        take(
                group,
                group.grouper.onTimer(
                        group.state,
                        now,
                        alert ->
                                isSilent
                                        || inhibitors.inhibit(
                                                sources.values(), alert.getLabels(), now)));
    }

    private void take(Group group, Grouper.Step step) {
        if (step.notification() != null) {
            sent.add(step.notification());
        }
        group.state = step.state();
        group.next = step.state() == null ? Long.MAX_VALUE : step.nextTimerMillis();
    }
}
