package io.driftwatch.alerts.deliver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.driftwatch.alerts.rule.Severity;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.NotificationStatus;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;

/**
 * A notification as an event of PagerDuty's Events API v2. Its key is a hash of the group's, as
 * Alertmanager has it, so every message of a group is about one incident.
 */
final class PagerDutyEvent {
    static final String ROUTING_KEY = "routing_key";

    /** What stands for the key until the moment of sending. */
    private static final String HIDDEN = "<secret>";

    static final int LONGEST_SUMMARY = 1_024;

    /** PagerDuty refuses bodies of more than 512 KB. */
    static final int LONGEST = 512_000;

    private static final int LONGEST_NAME = 255;
    private static final int ROOM_FOR_THE_REST = 12_000;

    private PagerDutyEvent() {}

    static ObjectNode of(Notification notification) {
        ObjectNode event = minimal(notification);
        if (notification.getStatus() == NotificationStatus.firing) {
            ObjectNode payload = (ObjectNode) event.get("payload");
            payload.set("custom_details", details(notification));
        }
        return event;
    }

    /** Writes an event without details. */
    static ObjectNode minimal(Notification notification) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        boolean fires = notification.getStatus() == NotificationStatus.firing;
        event.put(ROUTING_KEY, HIDDEN);
        event.put("event_action", fires ? "trigger" : "resolve");
        event.put("dedup_key", sha256(notification.getGroupKey()));
        if (!fires) {
            return event;
        }
        Incident incident = Incident.of(notification);
        event.put("client", "Driftwatch");
        ObjectNode payload = event.putObject("payload");
        String summary = incident.title() + ": " + incident.features();
        payload.put("summary", text(summary, LONGEST_SUMMARY));
        String model = CommonLabels.value(notification, "model").orElse("several models");
        payload.put("source", text(model, LONGEST_NAME));
        payload.put("severity", severity(notification).label());
        payload.put("timestamp", notification.getCreatedAt().toString());
        CommonLabels.value(notification, "feature")
                .ifPresent(feature -> payload.put("component", text(feature, LONGEST_NAME)));
        CommonLabels.value(notification, "alertname")
                .ifPresent(alert -> payload.put("class", text(alert, LONGEST_NAME)));
        return event;
    }

    private static ObjectNode details(Notification notification) {
        ObjectNode details = NotificationData.of(notification);
        int bytes = details.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes <= LONGEST - ROOM_FOR_THE_REST) {
            return details;
        }
        return JsonNodeFactory.instance
                .objectNode()
                .put("group_key", text(notification.getGroupKey(), LONGEST_SUMMARY))
                .put(
                        "note",
                        notification.getAlerts().size()
                                + " alerts are too much for one event; their topic has them all");
    }

    /** PagerDuty knows our severities by the same names. */
    private static Severity severity(Notification notification) {
        return notification.getAlerts().stream()
                .filter(alert -> alert.getState() == AlertState.firing)
                .map(alert -> Severity.ofLabel(alert.getLabels().get("severity")))
                .max(Comparator.naturalOrder())
                .orElse(Severity.INFO);
    }

    private static String text(String raw, int limit) {
        return ChatText.plain(raw, limit, ChatText.BRACKETS);
    }

    private static String sha256(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
