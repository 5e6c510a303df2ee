package io.driftwatch.alerts.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Readings of a single value. Each throws {@link IllegalArgumentException} whose message completes
 * the sentence that begins with the path: the quoted value, what is expected and an example.
 */
final class Scalars {
    private static final Pattern NUMBER =
            Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?");
    private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9]*)");

    private Scalars() {}

    static double number(String text) {
        double value = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
        if (!Double.isFinite(value)) {
            throw mistake(text, "is not a number; use for example 0.2");
        }
        return value;
    }

    static long integer(String text, long min, long max) {
        String expected = "is not " + wholeNumber(min, max) + "; use for example " + near(min, max);
        if (!INTEGER.matcher(text).matches()) {
            throw mistake(text, expected);
        }
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException tooLarge) {
            throw mistake(text, expected);
        }
        throw mistake(text, expected);
    }

    private static String wholeNumber(long min, long max) {
        if (max == Long.MAX_VALUE || max == Integer.MAX_VALUE) {
            return min == Long.MIN_VALUE ? "a whole number" : "a whole number of at least " + min;
        }
        return "a whole number from " + min + " to " + max;
    }

    private static long near(long min, long max) {
        return Math.max(min, Math.min(max, 1));
    }

    static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw mistake(text, "is neither true nor false; use for example true");
        };
    }

    static Duration duration(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw mistake(text, "is not a duration; use for example 30s, 10m, 1h30m or 1d");
        }
    }

    static <E extends Enum<E>> E choice(String text, Class<E> type) {
        List<String> names =
                Arrays.stream(type.getEnumConstants()).map(c -> choiceName(c)).toList();
        for (E constant : type.getEnumConstants()) {
            if (choiceName(constant).equals(text)) {
                return constant;
            }
        }
        throw mistake(text, "is not one of " + String.join(", ", names) + didYouMean(text, names));
    }

    private static String choiceName(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Gives the tail of a message that names the nearest of the known names. */
    static String didYouMean(String text, List<String> names) {
        Optional<String> nearest = NearestName.of(text.toLowerCase(Locale.ROOT), names);
        return nearest.map(name -> "; did you mean '" + name + "'?").orElse("");
    }

    private static IllegalArgumentException mistake(String text, String what) {
        return new IllegalArgumentException(Quoted.of(text) + " " + what);
    }
}
