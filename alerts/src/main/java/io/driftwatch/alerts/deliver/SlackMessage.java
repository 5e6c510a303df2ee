package io.driftwatch.alerts.deliver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.driftwatch.alerts.deliver.Incident.Item;
import io.driftwatch.schemas.Notification;

/**
 * A notification as a Slack message in Block Kit: a header, for each alert a section with its
 * figures and a context line, the most important first. Within Slack's limits whatever the
 * notification holds; alerts that do not fit are counted in a last line.
 */
public final class SlackMessage {
    /** Slack refuses messages with more blocks. */
    static final int MOST_BLOCKS = 50;

    /** Slack refuses blocks that are together longer than about 13,200 characters of JSON. */
    static final int LONGEST_BLOCKS = 12_000;

    static final int LONGEST_HEADER = 150;
    private static final int BLOCKS_AN_ITEM = 2;
    private static final int LONGEST_TEXT = 600;
    private static final int LONGEST_SUMMARY = 1_000;
    private static final int LONGEST_VALUE = 200;
    private static final int RESERVED_FOR_REST = 200;

    private SlackMessage() {}

    /** Writes a notification. */
    public static ObjectNode of(Notification notification) {
        Incident incident = Incident.of(notification);
        ObjectNode message = minimal(incident);
        message.set("blocks", blocks(incident));
        return message;
    }

    /** Writes an incident as a single line of text, for a Slack that refused the blocks. */
    static ObjectNode minimal(Incident incident) {
        String line = incident.title() + ": " + incident.features();
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.put("text", plain(line, LONGEST_TEXT));
        message.put("mrkdwn", false);
        return message;
    }

    private static ArrayNode blocks(Incident incident) {
        ArrayNode blocks = JsonNodeFactory.instance.arrayNode();
        ObjectNode header = block("header");
        header.set("text", plainText(incident.title(), LONGEST_HEADER));
        blocks.add(header);
        int room = LONGEST_BLOCKS - RESERVED_FOR_REST - blocks.toString().length();
        // One block is the header and one the rest.
        int most = (MOST_BLOCKS - 2) / BLOCKS_AN_ITEM;
        int shown = Math.min(most, incident.fitting(room, SlackMessage::length));
        for (Item item : incident.items().subList(0, shown)) {
            blocks.add(section(item)).add(context(item));
        }
        if (shown < incident.items().size()) {
            ObjectNode rest = block("section");
            rest.set("text", plainText(incident.rest(shown), LONGEST_VALUE));
            blocks.add(rest);
        }
        return blocks;
    }

    private static int length(Item item) {
        return section(item).toString().length() + context(item).toString().length() + 2;
    }

    private static ObjectNode section(Item item) {
        ObjectNode block = block("section");
        block.set("text", plainText(item.mark() + item.summary(), LONGEST_SUMMARY));
        ArrayNode fields = block.putArray("fields");
        item.facts().forEach((name, value) -> fields.add(field(name, value)));
        return block;
    }

    private static ObjectNode context(Item item) {
        ObjectNode block = block("context");
        block.putArray("elements").add(plainText(item.context(), LONGEST_VALUE));
        return block;
    }

    private static ObjectNode block(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private static ObjectNode plainText(String text, int limit) {
        // Without emoji, :names: between colons stay as they are.
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "plain_text")
                .put("text", plain(text, limit))
                .put("emoji", false);
    }

    private static String plain(String text, int limit) {
        return ChatText.plain(text, limit, ChatText.ENTITIES);
    }

    private static ObjectNode field(String name, String value) {
        String code = ChatText.code(value, LONGEST_VALUE, ChatText.ENTITIES);
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "mrkdwn")
                .put("text", "*" + name + "*\n" + code);
    }
}
