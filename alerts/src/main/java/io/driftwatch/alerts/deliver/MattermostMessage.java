package io.driftwatch.alerts.deliver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.driftwatch.schemas.Notification;

/** A notification as a Mattermost message with one coloured attachment. */
final class MattermostMessage {
    /** Mattermost splits longer texts into several posts. */
    static final int LONGEST_TEXT = 16_383;

    private static final int LONGEST_BODY = 12_000;
    private static final int LONGEST_LINE = 600;

    private MattermostMessage() {}

    static ObjectNode of(Notification notification) {
        Incident incident = Incident.of(notification);
        ObjectNode message = minimal(incident);
        ObjectNode attachment = message.putArray("attachments").addObject();
        attachment.put("fallback", message.get("text").asText());
        attachment.put("color", incident.fires() ? "#d40e0d" : "#2ecc71");
        attachment.put("text", MarkdownMessage.body(incident, LONGEST_BODY));
        return message;
    }

    static ObjectNode minimal(Incident incident) {
        String line = incident.title() + ": " + incident.features();
        return JsonNodeFactory.instance
                .objectNode()
                .put("text", MarkdownMessage.plain(line, LONGEST_LINE));
    }
}
