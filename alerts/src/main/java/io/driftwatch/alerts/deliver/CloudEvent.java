package io.driftwatch.alerts.deliver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.driftwatch.schemas.Notification;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * A notification as a CloudEvent 1.0 in structured JSON mode. Its type ends in {@code
 * alert.firing.v1} or {@code alert.resolved.v1}; its source names the model, or {@code *} where the
 * alerts are of several; its subject the feature, likewise; its id is the notification's.
 */
public final class CloudEvent {
    /** Media type of the body. */
    public static final String CONTENT_TYPE = "application/cloudevents+json; charset=utf-8";

    private static final String ANY = "*";

    private CloudEvent() {}

    /** Writes a notification. */
    public static ObjectNode of(Notification notification) {
        String model = CommonLabels.value(notification, "model").orElse(ANY);
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("specversion", "1.0");
        event.put("id", notification.getId());
        event.put("source", "/driftwatch/models/" + uriSegment(model));
        event.put("type", "io.driftwatch.alert." + notification.getStatus().name() + ".v1");
        event.put("time", notification.getCreatedAt().toString());
        event.put("subject", CommonLabels.value(notification, "feature").orElse(ANY));
        event.put("datacontenttype", "application/json");
        event.set("data", NotificationData.of(notification));
        return event;
    }

    /** The source is a URI reference, and a model's name is any text. */
    private static String uriSegment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
