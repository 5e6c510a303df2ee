package io.driftwatch.alerts.deliver;

import io.driftwatch.alerts.deliver.Incident.Item;
import java.util.Map;

/** An incident as Markdown: for each alert a bold line, its facts, and a line of context. */
final class MarkdownMessage {
    private static final int LONGEST_SUMMARY = 1_000;
    private static final int LONGEST_VALUE = 200;
    private static final int RESERVED_FOR_REST = 100;

    private MarkdownMessage() {}

    /** Writes the alerts, as many as fit into {@code limit} UTF-16 units, and what is left out. */
    static String body(Incident incident, int limit) {
        int shown =
                incident.fitting(limit - RESERVED_FOR_REST, item -> paragraph(item).length() + 1);
        StringBuilder body = new StringBuilder();
        for (Item item : incident.items().subList(0, shown)) {
            body.append(paragraph(item)).append('\n');
        }
        return body.append(incident.rest(shown)).toString().strip();
    }

    private static String paragraph(Item item) {
        StringBuilder text = new StringBuilder();
        text.append(item.mark()).append("**").append(plain(item.summary(), LONGEST_SUMMARY));
        text.append("**\n");
        for (Map.Entry<String, String> fact : item.facts().entrySet()) {
            String value = ChatText.code(fact.getValue(), LONGEST_VALUE, ChatText.LITERAL);
            text.append(fact.getKey()).append(": ").append(value).append('\n');
        }
        return text.append(plain(item.context(), LONGEST_VALUE)).append('\n').toString();
    }

    /** Writes one line without effects. */
    static String plain(String text, int limit) {
        return ChatText.plain(text, limit, ChatText.BACKSLASHES);
    }
}
