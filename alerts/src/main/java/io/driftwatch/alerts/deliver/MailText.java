package io.driftwatch.alerts.deliver;

import io.driftwatch.alerts.deliver.Incident.Item;
import io.driftwatch.alerts.rule.Fingerprint;
import io.driftwatch.schemas.Notification;

/** A notification as plain text for a mail: no markup, so nothing in it has an effect. */
final class MailText {
    static final int LONGEST_SUBJECT = 200;

    /** What mail programs and people put up with. */
    static final int LONGEST_BODY = 200_000;

    private static final int LONGEST_LINE = 1_000;
    private static final int RESERVED_FOR_REST = 200;

    private MailText() {}

    static String subject(Notification notification) {
        Incident incident = Incident.of(notification);
        return line(incident.title() + ": " + incident.features(), LONGEST_SUBJECT);
    }

    static String body(Notification notification) {
        Incident incident = Incident.of(notification);
        int shown =
                incident.fitting(
                        LONGEST_BODY - RESERVED_FOR_REST, item -> paragraph(item).length());
        StringBuilder body = new StringBuilder(incident.title()).append("\n\n");
        incident.items().subList(0, shown).forEach(item -> body.append(paragraph(item)));
        return body.append(incident.rest(shown)).append('\n').toString();
    }

    private static String paragraph(Item item) {
        StringBuilder text = new StringBuilder();
        text.append(line(item.mark() + item.summary(), LONGEST_LINE)).append('\n');
        item.facts()
                .forEach(
                        (name, value) ->
                                text.append("  ")
                                        .append(name)
                                        .append(": ")
                                        .append(line(value, LONGEST_LINE))
                                        .append('\n'));
        return text.append("  ")
                .append(line(item.context(), LONGEST_LINE))
                .append("\n\n")
                .toString();
    }

    /** One line whatever the text holds: a line break could begin a header. */
    private static String line(String text, int limit) {
        return ChatText.plain(text, limit, (codePoint, before) -> Character.toString(codePoint));
    }

    /** The same for every attempt, so that a second one can be recognised. */
    static String messageId(Notification notification) {
        return "<" + notification.getId() + "@driftwatch>";
    }

    /** What all messages of a group refer to, so that they stand together. */
    static String threadId(Notification notification) {
        return "<" + Fingerprint.of(notification.getGroupKey()) + ".group@driftwatch>";
    }
}
