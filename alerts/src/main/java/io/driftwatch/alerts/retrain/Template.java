package io.driftwatch.alerts.retrain;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with placeholders: {@code {name}}, and in headers {@code {user:password}} for the
 * credentials of HTTP's Basic authentication. A brace has no other use in it.
 */
final class Template {
    private static final String NAME = "[a-z][a-z0-9_]*";
    private static final Pattern PLACEHOLDER =
            Pattern.compile("\\{(" + NAME + ")(?::(" + NAME + "))?\\}");

    /**
     * A piece of the text: literal, or a placeholder.
     *
     * @param literal null for a placeholder
     * @param name null for a literal
     * @param password the second name of a placeholder; null without one
     */
    record Part(String literal, String name, String password) {}

    private final String text;
    private final List<Part> parts;

    private Template(String text, List<Part> parts) {
        this.text = text;
        this.parts = parts;
    }

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException if a brace is no placeholder's; the message quotes the text
     */
    static Template parse(String text) {
        List<Part> parts = new ArrayList<>();
        Matcher matcher = PLACEHOLDER.matcher(text);
        int end = 0;
        while (matcher.find()) {
            addLiteral(parts, text, end, matcher.start());
            parts.add(new Part(null, matcher.group(1), matcher.group(2)));
            end = matcher.end();
        }
        addLiteral(parts, text, end, text.length());
        return new Template(text, List.copyOf(parts));
    }

    private static void addLiteral(List<Part> parts, String text, int from, int to) {
        String literal = text.substring(from, to);
        if (literal.contains("{") || literal.contains("}")) {
            throw new IllegalArgumentException(
                    "'" + text + "' has a brace that is no placeholder's, such as {model}");
        }
        if (!literal.isEmpty()) {
            parts.add(new Part(literal, null, null));
        }
    }

    List<Part> parts() {
        return parts;
    }

    /** Returns the names of all placeholders, in order. */
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        for (Part part : parts) {
            if (part.name() != null) {
                names.add(part.name());
            }
            if (part.password() != null) {
                names.add(part.password());
            }
        }
        return names;
    }

    /** Returns the one placeholder that it consists of; null if it is anything else. */
    String onlyName() {
        return parts.size() == 1 && parts.get(0).password() == null ? parts.get(0).name() : null;
    }

    /**
     * Fills it.
     *
     * @param values gives the value of a name; never null for a name in it
     */
    String fill(Function<String, String> values) {
        StringBuilder filled = new StringBuilder();
        for (Part part : parts) {
            filled.append(part.literal() == null ? values.apply(part.name()) : part.literal());
        }
        return filled.toString();
    }

    @Override
    public String toString() {
        return text;
    }
}
