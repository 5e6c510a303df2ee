package io.driftwatch.alerts.deliver;

import io.driftwatch.schemas.Notification;
import java.util.List;
import java.util.Optional;

/** Labels that all alerts of a notification share. */
final class CommonLabels {
    private CommonLabels() {}

    /** Returns the value that all alerts have; empty if they differ or one has none. */
    static Optional<String> value(Notification notification, String label) {
        List<String> values =
                notification.getAlerts().stream()
                        .map(alert -> alert.getLabels().getOrDefault(label, ""))
                        .distinct()
                        .toList();
        return values.size() == 1 && !values.get(0).isEmpty()
                ? Optional.of(values.get(0))
                : Optional.empty();
    }
}
