package io.driftwatch.alerts.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations in the notation of Prometheus: {@code 1d}, {@code 1h30m}, {@code 90s}, {@code 500ms},
 * {@code 0}. Units go from large to small, each at most once: y (365 days), w, d, h, m, s, ms.
 */
public final class Durations {
    private static final Pattern GRAMMAR =
            Pattern.compile(
                    "(?:([0-9]+)y)?(?:([0-9]+)w)?(?:([0-9]+)d)?(?:([0-9]+)h)?"
                            + "(?:([0-9]+)m)?(?:([0-9]+)s)?(?:([0-9]+)ms)?");

    private static final long SECOND = 1_000L;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final long[] GRAMMAR_MILLIS = {
        365 * DAY, 7 * DAY, DAY, HOUR, MINUTE, SECOND, 1L
    };
    private static final long[] FORMAT_MILLIS = {DAY, HOUR, MINUTE, SECOND, 1L};
    private static final String[] FORMAT_UNITS = {"d", "h", "m", "s", "ms"};

    private Durations() {}

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException if the text does not follow the grammar, or is longer than
     *     about 292 million years
     */
    public static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        Matcher matcher = GRAMMAR.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            throw notADuration(text);
        }
        try {
            long millis = 0;
            for (int unit = 0; unit < GRAMMAR_MILLIS.length; unit++) {
                String count = matcher.group(unit + 1);
                if (count != null) {
                    long part = Math.multiplyExact(Long.parseLong(count), GRAMMAR_MILLIS[unit]);
                    millis = Math.addExact(millis, part);
                }
            }
            return Duration.ofMillis(millis);
        } catch (ArithmeticException | NumberFormatException tooLarge) {
            throw notADuration(text);
        }
    }

    /**
     * Writes a duration, to the millisecond, in a form that {@link #parse} reads: {@code 1h30m}.
     *
     * @throws IllegalArgumentException if the duration is negative
     */
    public static String format(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("A duration is not negative: " + duration);
        }
        long rest = duration.toMillis();
        if (rest == 0) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        for (int unit = 0; unit < FORMAT_MILLIS.length; unit++) {
            long count = rest / FORMAT_MILLIS[unit];
            if (count > 0) {
                text.append(count).append(FORMAT_UNITS[unit]);
                rest -= count * FORMAT_MILLIS[unit];
            }
        }
        return text.toString();
    }

    private static IllegalArgumentException notADuration(String text) {
        return new IllegalArgumentException("'" + text + "' is not a duration such as 1h30m");
    }
}
