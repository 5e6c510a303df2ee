package io.driftwatch.alerts.deliver;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;

/** The header Retry-After, in both of its forms: seconds, or an HTTP date. */
final class RetryAfter {
    private RetryAfter() {}

    /** Returns the wait that a header asks for; zero for null, the past, and what is neither. */
    static Duration parse(String header, Instant now) {
        if (header == null) {
            return Duration.ZERO;
        }
        String text = header.strip();
        Duration wait = text.matches("[0-9]{1,9}") ? seconds(text) : until(text, now);
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    private static Duration seconds(String text) {
        return Duration.ofSeconds(Long.parseLong(text));
    }

    private static Duration until(String text, Instant now) {
        try {
            Instant then = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
            return Duration.between(now, then);
        } catch (DateTimeException notADate) {
            return Duration.ZERO;
        }
    }
}
