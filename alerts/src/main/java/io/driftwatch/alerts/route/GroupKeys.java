package io.driftwatch.alerts.route;

import io.driftwatch.alerts.rule.Fingerprint;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.NotificationChange;
import io.driftwatch.schemas.NotificationStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The names of groups and of their notifications, and the notifications themselves. */
final class GroupKeys {
    private static final Comparator<Alert> ORDER =
            Comparator.comparing((Alert alert) -> alert.getState() != AlertState.firing)
                    .thenComparing(Alert::getStartsAt)
                    .thenComparing(Alert::getFingerprint);

    private final Route route;

    GroupKeys(Route route) {
        this.route = route;
    }

    /** Writes the key as Alertmanager does: the matchers down to the route, then the labels. */
    String key(Alert alert) {
        return labels(alert).entrySet().stream()
                .map(label -> label.getKey() + "=\"" + escaped(label.getValue()) + "\"")
                .collect(Collectors.joining(", ", route.key() + ":{", "}"));
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private SortedMap<String, String> labels(Alert alert) {
        SortedMap<String, String> labels = new TreeMap<>(alert.getLabels());
        if (!route.groupBy().contains(Route.EVERY_LABEL)) {
            labels.keySet().retainAll(route.groupBy());
        }
        return labels;
    }

    Notification notification(
            List<Alert> alerts, NotificationChange change, long repeats, long nowMillis) {
        List<Alert> sorted = alerts.stream().sorted(ORDER).toList();
        Alert first = sorted.get(0);
        boolean fires = first.getState() == AlertState.firing;
        Map<String, String> labels = new LinkedHashMap<>(labels(first));
        return Notification.newBuilder()
                .setId(id(key(first), alerts, repeats))
                .setReceiver(route.receiver())
                .setGroupKey(key(first))
                .setGroupLabels(labels)
                .setStatus(fires ? NotificationStatus.firing : NotificationStatus.resolved)
                .setChange(change)
                .setAlerts(sorted)
                .setCreatedAt(Instant.ofEpochMilli(nowMillis))
                .build();
    }

    /** The same group with the same changes gives the same id, whenever and however often. */
    private String id(String groupKey, List<Alert> alerts, long repeats) {
        String changes =
                alerts.stream().map(GroupKeys::change).sorted().collect(Collectors.joining("\n"));
        String told = route.receiver() + "\n" + groupKey + "\n" + changes + "\n" + repeats;
        return Fingerprint.of(told);
    }

    private static String change(Alert alert) {
        return alert.getFingerprint()
                + " "
                + alert.getEpisode()
                + " "
                + alert.getSequence()
                + " "
                + alert.getState();
    }
}
