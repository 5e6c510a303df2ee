package io.driftwatch.job.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * A Slack message as a chat window would show it, as plain text.
 *
 * @param lines its text, wrapped
 * @param firing what it says of the alerts in it, by fingerprint: true for firing
 */
record ChatMessage(List<String> lines, Map<String, Boolean> firing) {
    private static final int WIDTH = 96;
    private static final String INDENT = "   ";
    private static final String RED = "🔴";
    private static final Pattern FINGERPRINT = Pattern.compile("alert ([0-9a-f]+)$");

    ChatMessage {
        lines = List.copyOf(lines);
        firing = Map.copyOf(firing);
    }

    /** Reads a message in Block Kit; one without blocks is its text. */
    static ChatMessage of(JsonNode message) {
        List<String> lines = new ArrayList<>();
        Map<String, Boolean> firing = new LinkedHashMap<>();
        boolean red = false;
        for (JsonNode block : message.path("blocks")) {
            switch (block.path("type").asText()) {
                case "header" -> lines.addAll(wrapped(plain(block.path("text")), "", ""));
                case "section" -> {
                    String text = plain(block.path("text"));
                    red = text.startsWith(RED);
                    lines.addAll(wrapped(text, "", INDENT));
                    String fields = joined(block.path("fields"));
                    if (!fields.isEmpty()) {
                        lines.addAll(wrapped(fields, INDENT, INDENT));
                    }
                }
                case "context" -> {
                    String text = joined(block.path("elements"));
                    lines.addAll(wrapped(text, INDENT, INDENT));
                    Matcher found = FINGERPRINT.matcher(text);
                    if (found.find()) {
                        firing.put(found.group(1), red);
                    }
                }
                default -> lines.add("(" + block.path("type").asText() + ")");
            }
        }
        if (lines.isEmpty()) {
            lines.addAll(wrapped(plain(message), "", ""));
        }
        return new ChatMessage(lines, firing);
    }

    private static String joined(JsonNode texts) {
        return StreamSupport.stream(texts.spliterator(), false)
                .map(ChatMessage::plain)
                .collect(Collectors.joining(" · "));
    }

    private static String plain(JsonNode text) {
        String raw = text.path("text").asText();
        if (text.path("type").asText().equals("mrkdwn")) {
            raw = raw.replaceAll("\\*(.*?)\\*\n", "$1: ").replace("`", "");
        }
        return raw.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    }

    private static List<String> wrapped(String text, String first, String rest) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(first);
        String gap = "";
        for (String word : text.split(" ")) {
            if (!gap.isEmpty() && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(rest);
                gap = "";
            }
            line.append(gap).append(word);
            gap = " ";
        }
        lines.add(line.toString());
        return lines;
    }
}
