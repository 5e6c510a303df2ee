package io.driftwatch.alerts.deliver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.driftwatch.alerts.deliver.Incident.Item;
import io.driftwatch.alerts.rule.Fingerprint;
import io.driftwatch.schemas.Notification;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;

/**
 * A notification as a card in Google Chat. Messages of one group name one thread; they appear in it
 * where the webhook's address has {@code messageReplyOption}.
 */
final class GoogleChatMessage {
    /** Google Chat refuses longer messages; in bytes of UTF-8. */
    static final int LONGEST = 32_000;

    private static final int LONGEST_SECTIONS = 28_000;
    private static final int LONGEST_LINE = 600;
    private static final int LONGEST_SUMMARY = 1_000;
    private static final int LONGEST_VALUE = 200;

    private GoogleChatMessage() {}

    static ObjectNode of(Notification notification) {
        Incident incident = Incident.of(notification);
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.putObject("thread").put("threadKey", Fingerprint.of(notification.getGroupKey()));
        ObjectNode card = message.putArray("cardsV2").addObject();
        card.put("cardId", notification.getId());
        ObjectNode content = card.putObject("card");
        content.putObject("header").put("title", text(incident.title(), LONGEST_LINE));
        ArrayNode sections = content.putArray("sections");
        int shown = incident.fitting(LONGEST_SECTIONS, item -> bytes(section(html(item))));
        incident.items().subList(0, shown).forEach(item -> sections.add(section(html(item))));
        if (shown < incident.items().size()) {
            sections.add(section(incident.rest(shown)));
        }
        return message;
    }

    static ObjectNode minimal(Incident incident) {
        String line = incident.title() + ": " + incident.features();
        return JsonNodeFactory.instance.objectNode().put("text", text(line, LONGEST_LINE));
    }

    private static int bytes(ObjectNode section) {
        return section.toString().getBytes(StandardCharsets.UTF_8).length + 1;
    }

    private static ObjectNode section(String html) {
        ObjectNode section = JsonNodeFactory.instance.objectNode();
        section.putArray("widgets").addObject().putObject("textParagraph").put("text", html);
        return section;
    }

    private static String html(Item item) {
        StringJoiner lines = new StringJoiner("<br>");
        lines.add(item.mark() + "<b>" + html(item.summary(), LONGEST_SUMMARY) + "</b>");
        item.facts().forEach((name, value) -> lines.add(name + ": " + html(value, LONGEST_VALUE)));
        return lines.add(html(item.context(), LONGEST_VALUE)).toString();
    }

    private static String html(String text, int limit) {
        return ChatText.plain(text, limit, ChatText.ENTITIES);
    }

    /** Texts outside cards know {@code <users/all>}, and no escape for it. */
    private static String text(String text, int limit) {
        return ChatText.plain(text, limit, ChatText.BRACKETS);
    }
}
