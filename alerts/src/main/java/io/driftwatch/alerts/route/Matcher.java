package io.driftwatch.alerts.route;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A condition on one label, in Alertmanager's notation: {@code severity="critical"}, {@code
 * team!=pricing}, {@code feature=~"amount|price_.*"}, {@code model!~"test-.*"}. A label that an
 * alert lacks counts as empty. Regular expressions are RE2's and match the whole value; they take
 * time linear in it, whatever they are.
 */
public final class Matcher implements Serializable {
    private static final long serialVersionUID = 1L;

    /** As Alertmanager orders the matchers of a route in the keys of its groups. */
    public static final Comparator<Matcher> ORDER =
            Comparator.comparing(Matcher::label)
                    .thenComparing(Matcher::value)
                    .thenComparing(Matcher::operator);

    /** How the value of the label is compared. */
    public enum Operator {
        EQUAL("="),
        NOT_EQUAL("!="),
        REGEX("=~"),
        NOT_REGEX("!~");

        private final String symbol;

        Operator(String symbol) {
            this.symbol = symbol;
        }
    }

    private final String label;
    private final Operator operator;
    private final String value;
    private final Pattern pattern;

    /**
     * @throws IllegalArgumentException if the operator wants a regular expression and the value is
     *     not one; the message says where it goes wrong
     */
    public Matcher(String label, Operator operator, String value) {
        this.label = Objects.requireNonNull(label, "label");
        this.operator = Objects.requireNonNull(operator, "operator");
        this.value = Objects.requireNonNull(value, "value");
        this.pattern = isRegex(operator) ? compiled(value) : null;
    }

    private static boolean isRegex(Operator operator) {
        return operator == Operator.REGEX || operator == Operator.NOT_REGEX;
    }

    private static Pattern compiled(String value) {
        try {
            return Pattern.compile(value);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "'" + value + "' is not a regular expression (" + e.getDescription() + ")", e);
        }
    }

    /**
     * Reads one matcher. The value may stand in double quotes, in which {@code \"}, {@code \\} and
     * {@code \n} are escapes; it must if it contains a comma, a quote, a brace or white space. So
     * must the label if it contains anything but letters, digits and underscores.
     *
     * @throws IllegalArgumentException if the text is not a matcher; the message quotes it
     */
    public static Matcher parse(String text) {
        List<Matcher> matchers = parseAll(text);
        if (matchers.size() != 1) {
            throw MatcherText.mistake(text);
        }
        return matchers.get(0);
    }

    /**
     * Reads matchers with commas between them, in braces or without.
     *
     * @throws IllegalArgumentException if the text is anything else; the message quotes it
     */
    public static List<Matcher> parseAll(String text) {
        return new MatcherText(text).read();
    }

    /** Says whether all matchers hold; true for none. */
    public static boolean matchesAll(List<Matcher> matchers, Map<String, String> labels) {
        for (Matcher matcher : matchers) {
            if (!matcher.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    /** Writes matchers in braces and in order, as in the keys of groups. */
    public static String format(List<Matcher> matchers) {
        List<String> texts = new ArrayList<>();
        matchers.stream().sorted(ORDER).forEach(matcher -> texts.add(matcher.toString()));
        return "{" + String.join(",", texts) + "}";
    }

    public String label() {
        return label;
    }

    public Operator operator() {
        return operator;
    }

    public String value() {
        return value;
    }

    /** Says whether the condition holds for an alert with these labels. */
    public boolean matches(Map<String, String> labels) {
        String actual = labels.getOrDefault(label, "");
        return switch (operator) {
            case EQUAL -> actual.equals(value);
            case NOT_EQUAL -> !actual.equals(value);
            case REGEX -> pattern.matches(actual);
            case NOT_REGEX -> !pattern.matches(actual);
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Matcher that
                && label.equals(that.label)
                && operator == that.operator
                && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(label, operator, value);
    }

    /** Writes the matcher so that {@link #parse} reads it. */
    @Override
    public String toString() {
        return MatcherText.label(label) + operator.symbol + MatcherText.quoted(value);
    }
}
