package io.driftwatch.alerts.route;

import io.driftwatch.alerts.route.Matcher.Operator;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes the notation of matchers. */
final class MatcherText {
    private final String text;
    private int at;

    MatcherText(String text) {
        this.text = text;
    }

    /** Braces and a comma after the last matcher may be there or not. */
    List<Matcher> read() {
        List<Matcher> matchers = new ArrayList<>();
        skipSpace();
        boolean braced = take('{');
        skipSpace();
        while (at < text.length() && text.charAt(at) != '}') {
            matchers.add(matcher());
            skipSpace();
            if (!take(',')) {
                break;
            }
            skipSpace();
        }
        if (braced != take('}')) {
            throw mistake(text);
        }
        skipSpace();
        if (at < text.length() || (!braced && matchers.isEmpty())) {
            throw mistake(text);
        }
        return List.copyOf(matchers);
    }

    private Matcher matcher() {
        String label = label();
        skipSpace();
        Operator operator = operator();
        skipSpace();
        return new Matcher(label, operator, take('"') ? quotedValue() : plainValue());
    }

    /** In quotes it may hold any character, as names of segments may. */
    private String label() {
        if (take('"')) {
            String label = quotedValue();
            if (label.isEmpty()) {
                throw mistake(text);
            }
            return label;
        }
        int start = at;
        while (at < text.length() && isOfLabel(text.charAt(at), at == start)) {
            at++;
        }
        if (at == start) {
            throw mistake(text);
        }
        return text.substring(start, at);
    }

    private static boolean isOfLabel(char c, boolean isFirst) {
        boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        return isLetter || (!isFirst && c >= '0' && c <= '9');
    }

    private Operator operator() {
        if (take('=')) {
            return take('~') ? Operator.REGEX : Operator.EQUAL;
        }
        if (take('!')) {
            if (take('=')) {
                return Operator.NOT_EQUAL;
            }
            if (take('~')) {
                return Operator.NOT_REGEX;
            }
        }
        throw mistake(text);
    }

    private String plainValue() {
        int start = at;
        while (at < text.length() && " \t\n\",{}".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private String quotedValue() {
        StringBuilder value = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return value.toString();
            }
            if (c == '\\') {
                escape(value);
            } else {
                value.append(c);
            }
        }
        throw mistake(text);
    }

    /** A backslash before anything else stands for itself: regular expressions are full of them. */
    private void escape(StringBuilder value) {
        char next = at < text.length() ? text.charAt(at) : ' ';
        switch (next) {
            case '"', '\\' -> value.append(next);
            case 'n' -> value.append('\n');
            default -> {
                value.append('\\');
                return;
            }
        }
        at++;
    }

    private boolean take(char c) {
        boolean isThere = at < text.length() && text.charAt(at) == c;
        at += isThere ? 1 : 0;
        return isThere;
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    /** Writes the name of a label, with quotes only where it needs them. */
    static String label(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (!isOfLabel(name.charAt(i), i == 0)) {
                return quoted(name);
            }
        }
        return name;
    }

    static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    static IllegalArgumentException mistake(String text) {
        return new IllegalArgumentException(
                "'"
                        + text
                        + "' is not a matcher; use for example severity=\"critical\" or"
                        + " feature=~\"price_.*\"");
    }
}
