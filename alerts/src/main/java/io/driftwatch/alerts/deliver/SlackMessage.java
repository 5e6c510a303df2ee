package io.driftwatch.alerts.deliver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.driftwatch.alerts.rule.Figures;
import io.driftwatch.alerts.rule.Severity;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.NotificationStatus;
import io.driftwatch.schemas.Score;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

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
    private static final int LONGEST_TEXT = 600;
    private static final int LONGEST_SUMMARY = 1_000;
    private static final int LONGEST_VALUE = 200;
    private static final int RESERVED_FOR_REST = 200;

    private static final Comparator<Alert> MOST_IMPORTANT_FIRST =
            Comparator.comparing((Alert alert) -> alert.getState() != AlertState.firing)
                    .thenComparing(SlackMessage::severity, Comparator.reverseOrder())
                    .thenComparing(SlackMessage::effect, Comparator.reverseOrder())
                    .thenComparing(Alert::getFingerprint);

    private SlackMessage() {}

    /** Writes a notification. */
    public static ObjectNode of(Notification notification) {
        ObjectNode message = minimal(notification);
        message.set("blocks", blocks(notification));
        return message;
    }

    /** Writes a notification as a single line of text, for a Slack that refused the blocks. */
    public static ObjectNode minimal(Notification notification) {
        String features =
                sorted(notification).stream()
                        .map(alert -> alert.getScore().getFeature())
                        .distinct()
                        .collect(Collectors.joining(", "));
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.put("text", SlackText.plain(title(notification) + ": " + features, LONGEST_TEXT));
        message.put("mrkdwn", false);
        return message;
    }

    private static ArrayNode blocks(Notification notification) {
        List<Alert> alerts = sorted(notification);
        ArrayNode blocks = JsonNodeFactory.instance.arrayNode();
        blocks.add(header(notification));
        int length = blocks.toString().length();
        int shown = 0;
        for (Alert alert : alerts) {
            ObjectNode section = section(alert);
            ObjectNode context = context(alert);
            length += section.toString().length() + context.toString().length() + 2;
            if (blocks.size() + 3 > MOST_BLOCKS || length > LONGEST_BLOCKS - RESERVED_FOR_REST) {
                break;
            }
            blocks.add(section).add(context);
            shown++;
        }
        if (shown < alerts.size()) {
            blocks.add(rest(alerts.subList(shown, alerts.size())));
        }
        return blocks;
    }

    private static List<Alert> sorted(Notification notification) {
        return notification.getAlerts().stream().sorted(MOST_IMPORTANT_FIRST).toList();
    }

    private static Severity severity(Alert alert) {
        return Severity.ofLabel(alert.getLabels().get("severity"));
    }

    /** How far the value is from the threshold, in thresholds. */
    private static double effect(Alert alert) {
        Double value = alert.getScore().getValue();
        if (value == null) {
            return -1;
        }
        double distance = Math.abs(value - alert.getThreshold());
        return distance / Math.max(Math.abs(alert.getThreshold()), Double.MIN_NORMAL);
    }

    private static String title(Notification notification) {
        String model = CommonLabels.value(notification, "model").orElse("several models");
        long firing = count(notification.getAlerts(), AlertState.firing);
        long resolved = count(notification.getAlerts(), AlertState.resolved);
        if (notification.getStatus() == NotificationStatus.resolved) {
            return "✅ " + resolved + " resolved in " + model;
        }
        String also = resolved == 0 ? "" : ", " + resolved + " resolved";
        return "🔴 " + firing + " firing" + also + " in " + model;
    }

    private static long count(List<Alert> alerts, AlertState state) {
        return alerts.stream().filter(alert -> alert.getState() == state).count();
    }

    private static ObjectNode header(Notification notification) {
        ObjectNode block = block("header");
        block.set("text", plainText(title(notification), LONGEST_HEADER));
        return block;
    }

    private static ObjectNode section(Alert alert) {
        ObjectNode block = block("section");
        String summary = alert.getAnnotations().getOrDefault("summary", alert.getReason());
        String mark = alert.getState() == AlertState.firing ? "🔴 " : "✅ ";
        block.set("text", plainText(mark + summary, LONGEST_SUMMARY));
        ArrayNode fields = block.putArray("fields");
        fields.add(field("Feature", alert.getScore().getFeature()));
        fields.add(field("Value", alert.getScore().getStatistic() + " " + value(alert)));
        fields.add(field("Severity", severity(alert).label()));
        if (alert.getScore().getPValue() != null) {
            fields.add(field("Significance", significance(alert)));
        }
        if (alert.getScore().getLargestChange() != null) {
            fields.add(
                    field("Largest change", Figures.change(alert.getScore().getLargestChange())));
        }
        if (alert.getScore().getMinimumDetectable() != null) {
            fields.add(field("Smallest visible drift", smallestVisible(alert.getScore())));
        }
        if (!alert.getScore().getSegment().isEmpty()) {
            fields.add(field("Segment", segment(alert)));
        }
        return block;
    }

    private static String value(Alert alert) {
        return Figures.value(alert.getScore())
                + ", limit "
                + alert.getDirection()
                + " "
                + Figures.number(alert.getThreshold());
    }

    private static String significance(Alert alert) {
        String pValue =
                alert.getAdjustedPValue() == null
                        ? Figures.pValue(alert.getScore().getPValue())
                        : Figures.pValue(alert.getAdjustedPValue()) + " corrected";
        return alert.getSignificance() == null
                ? pValue
                : pValue + ", level " + Figures.number(alert.getSignificance());
    }

    private static String smallestVisible(Score score) {
        return score.getStatistic() + " " + Figures.number(score.getMinimumDetectable());
    }

    private static String segment(Alert alert) {
        return new TreeMap<>(alert.getScore().getSegment())
                .entrySet().stream()
                        .map(column -> column.getKey() + "=" + column.getValue())
                        .collect(Collectors.joining(", "));
    }

    private static ObjectNode context(Alert alert) {
        String line =
                "window "
                        + Figures.instant(alert.getScore().getWindowStart())
                        + " to "
                        + Figures.instant(alert.getScore().getWindowEnd())
                        + " · n="
                        + Figures.count(alert.getScore().getCount())
                        + " · version "
                        + alert.getScore().getModelVersion()
                        + " · alert "
                        + alert.getFingerprint();
        ObjectNode block = block("context");
        block.putArray("elements").add(plainText(line, LONGEST_VALUE));
        return block;
    }

    private static ObjectNode rest(List<Alert> alerts) {
        String line =
                "… and "
                        + Figures.count(alerts.size())
                        + " more: "
                        + Figures.count(count(alerts, AlertState.firing))
                        + " firing, "
                        + Figures.count(count(alerts, AlertState.resolved))
                        + " resolved";
        ObjectNode block = block("section");
        block.set("text", plainText(line, LONGEST_VALUE));
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
                .put("text", SlackText.plain(text, limit))
                .put("emoji", false);
    }

    private static ObjectNode field(String name, String value) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "mrkdwn")
                .put("text", "*" + name + "*\n" + SlackText.code(value, LONGEST_VALUE));
    }
}
