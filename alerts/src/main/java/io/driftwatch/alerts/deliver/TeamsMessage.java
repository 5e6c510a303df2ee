package io.driftwatch.alerts.deliver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.driftwatch.alerts.deliver.Incident.Item;
import io.driftwatch.schemas.Notification;
import java.nio.charset.StandardCharsets;

/**
 * A notification as an adaptive card for a workflow of Microsoft Teams. A workflow takes any card
 * and says nothing if it cannot show it, so cards are plain and well below the limit.
 */
final class TeamsMessage {
    /** Teams refuses more than about 28 KB; some flows fail from 21 KB on. In bytes of UTF-8. */
    static final int LONGEST = 20_000;

    private static final int LONGEST_BODY = 18_500;
    private static final int LONGEST_LINE = 300;
    private static final int LONGEST_SUMMARY = 1_000;
    private static final int LONGEST_VALUE = 200;

    private TeamsMessage() {}

    static ObjectNode of(Notification notification) {
        Incident incident = Incident.of(notification);
        ArrayNode body = JsonNodeFactory.instance.arrayNode();
        ObjectNode title = textBlock(incident.title(), LONGEST_LINE);
        title.put("weight", "Bolder").put("size", "Medium").put("style", "heading");
        title.put("color", incident.fires() ? "Attention" : "Good");
        body.add(title);
        int shown = incident.fitting(LONGEST_BODY, TeamsMessage::bytes);
        for (Item item : incident.items().subList(0, shown)) {
            body.addAll(blocks(item));
        }
        if (shown < incident.items().size()) {
            body.add(textBlock(incident.rest(shown), LONGEST_LINE));
        }
        return message(body);
    }

    static ObjectNode minimal(Incident incident) {
        String line = incident.title() + ": " + incident.features();
        return message(JsonNodeFactory.instance.arrayNode().add(textBlock(line, LONGEST_SUMMARY)));
    }

    private static ObjectNode message(ArrayNode body) {
        ObjectNode message = JsonNodeFactory.instance.objectNode().put("type", "message");
        ObjectNode attachment = message.putArray("attachments").addObject();
        attachment.put("contentType", "application/vnd.microsoft.card.adaptive");
        attachment.putNull("contentUrl");
        ObjectNode card = attachment.putObject("content");
        card.put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
        card.put("type", "AdaptiveCard").put("version", "1.4");
        card.putObject("msteams").put("width", "Full");
        card.set("body", body);
        return message;
    }

    private static int bytes(Item item) {
        return blocks(item).toString().getBytes(StandardCharsets.UTF_8).length;
    }

    private static ArrayNode blocks(Item item) {
        ObjectNode summary = textBlock(item.mark() + item.summary(), LONGEST_SUMMARY);
        summary.put("separator", true);
        ObjectNode facts = JsonNodeFactory.instance.objectNode().put("type", "FactSet");
        ArrayNode list = facts.putArray("facts");
        item.facts()
                .forEach(
                        (name, value) ->
                                list.addObject()
                                        .put("title", name)
                                        .put("value", plain(value, LONGEST_VALUE)));
        ObjectNode context = textBlock(item.context(), LONGEST_VALUE);
        context.put("isSubtle", true).put("size", "Small");
        return JsonNodeFactory.instance.arrayNode().add(summary).add(facts).add(context);
    }

    private static ObjectNode textBlock(String text, int limit) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "TextBlock")
                .put("text", plain(text, limit))
                .put("wrap", true);
    }

    private static String plain(String text, int limit) {
        return MarkdownMessage.plain(text, limit);
    }
}
