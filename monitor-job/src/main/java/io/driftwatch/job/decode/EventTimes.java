package io.driftwatch.job.decode;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/** Reads times written as text. */
final class EventTimes {
    /** Offsets as ISO-8601 writes them in its extended and in its basic form, or none. */
    private static final DateTimeFormatter ISO =
            new DateTimeFormatterBuilder()
                    .parseCaseInsensitive()
                    .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
                    .appendOptional(offset("+HH:MM:ss"))
                    .appendOptional(offset("+HHMM"))
                    .appendOptional(offset("+HH"))
                    .toFormatter(Locale.ROOT)
                    .withResolverStyle(ResolverStyle.STRICT)
                    .withChronology(IsoChronology.INSTANCE);

    private EventTimes() {}

    private static DateTimeFormatter offset(String pattern) {
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendOffset(pattern, "Z")
                .toFormatter(Locale.ROOT);
    }

    /**
     * Milliseconds since 1970-01-01T00:00:00Z of an ISO-8601 time. A date alone is its midnight, a
     * time without zone is UTC, a blank may stand for the T.
     *
     * @throws DateTimeException if the text is no such time
     */
    static long parse(String text) {
        long fast = parseUtcMinutesOrSeconds(text);
        if (fast != Long.MIN_VALUE) {
            return fast;
        }
        if (text.length() == 10) {
            return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
        }
        boolean blank = text.length() > 10 && text.charAt(10) == ' ';
        String iso = blank ? text.substring(0, 10) + 'T' + text.substring(11) : text;
        TemporalAccessor parsed = ISO.parseBest(iso, OffsetDateTime::from, LocalDateTime::from);
        Instant instant =
                parsed instanceof OffsetDateTime zoned
                        ? zoned.toInstant()
                        : ((LocalDateTime) parsed).toInstant(ZoneOffset.UTC);
        return instant.toEpochMilli();
    }

    /**
     * The usual {@code 2001-06-15T12:30Z} and {@code 2001-06-15T12:30:45Z} without java.time's
     * parser, which costs more than decoding the rest of a record; MIN_VALUE for any other form.
     */
    private static long parseUtcMinutesOrSeconds(String text) {
        int length = text.length();
        if ((length != 17 && length != 20)
                || text.charAt(length - 1) != 'Z'
                || text.charAt(4) != '-'
                || text.charAt(7) != '-'
                || text.charAt(10) != 'T'
                || text.charAt(13) != ':'
                || (length == 20 && text.charAt(16) != ':')) {
            return Long.MIN_VALUE;
        }
        int year = digits(text, 0, 4);
        int month = digits(text, 5, 2);
        int day = digits(text, 8, 2);
        int hour = digits(text, 11, 2);
        int minute = digits(text, 14, 2);
        int second = length == 20 ? digits(text, 17, 2) : 0;
        if ((year | month | day | hour | minute | second) < 0
                || hour > 23
                || minute > 59
                || second > 59) {
            return Long.MIN_VALUE;
        }
        long epochDay = LocalDate.of(year, month, day).toEpochDay();
        return ((epochDay * 24 + hour) * 60 + minute) * 60_000L + second * 1000L;
    }

    /** The number that some digits write, or -1 if one of them is none. */
    private static int digits(String text, int from, int count) {
        int value = 0;
        for (int i = from; i < from + count; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
