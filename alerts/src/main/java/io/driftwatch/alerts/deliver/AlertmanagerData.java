package io.driftwatch.alerts.deliver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.Notification;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A notification as the webhook of Prometheus Alertmanager writes it, version 4, for the many
 * receivers that read that. Empty is what only an Alertmanager has: its address, and those of the
 * alerts' origin.
 *
 * @see <a href="https://prometheus.io/docs/alerting/latest/configuration/#webhook_config">the
 *     format</a>
 */
final class AlertmanagerData {
    /** How Go writes the time that is none: when a firing alert ended. */
    private static final String NO_TIME = "0001-01-01T00:00:00Z";

    private AlertmanagerData() {}

    static ObjectNode of(Notification notification) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("version", "4");
        data.put("groupKey", notification.getGroupKey());
        data.put("truncatedAlerts", 0);
        data.put("status", notification.getStatus().name());
        data.put("receiver", notification.getReceiver());
        putMap(data, "groupLabels", notification.getGroupLabels());
        putMap(data, "commonLabels", common(notification.getAlerts(), Alert::getLabels));
        putMap(data, "commonAnnotations", common(notification.getAlerts(), Alert::getAnnotations));
        data.put("externalURL", "");
        ArrayNode alerts = data.putArray("alerts");
        notification.getAlerts().forEach(alert -> alerts.add(alert(alert)));
        return data;
    }

    private static ObjectNode alert(Alert alert) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("status", alert.getState().name());
        putMap(node, "labels", alert.getLabels());
        putMap(node, "annotations", alert.getAnnotations());
        node.put("startsAt", alert.getStartsAt().toString());
        Instant end = alert.getEndsAt();
        node.put("endsAt", end == null ? NO_TIME : end.toString());
        node.put("generatorURL", "");
        node.put("fingerprint", alert.getFingerprint());
        return node;
    }

    private static Map<String, String> common(
            List<Alert> alerts, Function<Alert, Map<String, String>> part) {
        Map<String, String> common = new TreeMap<>(part.apply(alerts.get(0)));
        alerts.forEach(alert -> common.entrySet().retainAll(part.apply(alert).entrySet()));
        return common;
    }

    static void putMap(ObjectNode node, String name, Map<String, String> values) {
        ObjectNode map = node.putObject(name);
        new TreeMap<>(values).forEach(map::put);
    }
}
