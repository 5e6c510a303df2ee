package io.driftwatch.alerts.deliver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.driftwatch.schemas.Notification;

/** A notification as a Discord webhook message with one embed. Nobody is mentioned by it. */
final class DiscordMessage {
    static final int LONGEST_CONTENT = 2_000;
    static final int LONGEST_TITLE = 256;
    static final int LONGEST_DESCRIPTION = 4_096;
    private static final int RED = 0x992D22;
    private static final int GREEN = 0x2ECC71;

    private DiscordMessage() {}

    static ObjectNode of(Notification notification) {
        Incident incident = Incident.of(notification);
        ObjectNode message = message();
        ObjectNode embed = message.putArray("embeds").addObject();
        embed.put("title", MarkdownMessage.plain(incident.title(), LONGEST_TITLE));
        embed.put("description", MarkdownMessage.body(incident, LONGEST_DESCRIPTION));
        embed.put("color", incident.fires() ? RED : GREEN);
        embed.put("timestamp", notification.getCreatedAt().toString());
        return message;
    }

    static ObjectNode minimal(Incident incident) {
        String line = incident.title() + ": " + incident.features();
        return message().put("content", MarkdownMessage.plain(line, LONGEST_CONTENT));
    }

    private static ObjectNode message() {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.putObject("allowed_mentions").putArray("parse");
        return message;
    }
}
