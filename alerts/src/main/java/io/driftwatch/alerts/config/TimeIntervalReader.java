package io.driftwatch.alerts.config;

import io.driftwatch.alerts.route.TimeInterval;
import io.driftwatch.alerts.route.TimeInterval.Range;
import io.driftwatch.alerts.route.TimeIntervals;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the part {@code time_intervals} of the file, in Alertmanager's notation. */
final class TimeIntervalReader {
    private static final Pattern TIME = Pattern.compile("([01]\\d|2[0-3]):([0-5]\\d)|24:00");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,4}");
    private static final List<String> WEEKDAYS =
            Arrays.stream(DayOfWeek.values()).map(TimeIntervalReader::lower).toList();
    private static final List<String> MONTHS =
            Arrays.stream(Month.values()).map(TimeIntervalReader::lower).toList();
    private static final int LONGEST_MONTH = 31;

    private TimeIntervalReader() {}

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Gives the intervals by their names. */
    static Map<String, TimeIntervals> read(ConfigMapping root) {
        Map<String, TimeIntervals> named = new LinkedHashMap<>();
        for (ConfigMapping mapping : root.mappings("time_intervals")) {
            String name = mapping.string("name", null);
            List<TimeInterval> intervals =
                    mapping.mappings("time_intervals").stream()
                            .map(TimeIntervalReader::interval)
                            .toList();
            if (mapping.kind("name") == Kind.SCALAR && name.isBlank()) {
                mapping.problem("name", "is empty; use for example weekends");
            } else if (named.putIfAbsent(name, new TimeIntervals(name, intervals)) != null) {
                mapping.problem("name", Quoted.of(name) + " is already taken; use another one");
            }
            if (intervals.isEmpty()) {
                mapping.problem(
                        "time_intervals",
                        "missing; use for example [{weekdays: ['saturday:sunday']}]");
            }
            mapping.end();
        }
        return named;
    }

    private static TimeInterval interval(ConfigMapping mapping) {
        TimeInterval interval =
                new TimeInterval(
                        mapping.mappings("times").stream().map(TimeIntervalReader::time).toList(),
                        ranges(mapping, "weekdays", "monday:friday", t -> named(t, WEEKDAYS)),
                        ranges(mapping, "days_of_month", "1:5 or -3:-1", t -> dayOfMonth(t)),
                        ranges(mapping, "months", "december or 1:3", t -> month(t)),
                        ranges(mapping, "years", "2026:2028", t -> number(t)),
                        zone(mapping));
        mapping.end();
        return interval;
    }

    private static Range time(ConfigMapping mapping) {
        int from = minute(mapping, "start_time");
        int to = minute(mapping, "end_time");
        if (from >= to && from >= 0 && to >= 0) {
            mapping.problem(
                    "end_time",
                    "is not after start_time; for a night use two times, from 22:00 to 24:00 and"
                            + " from 00:00 to 06:00");
        }
        mapping.end();
        return new Range(from, to);
    }

    /** Returns -1 for what is none. */
    private static int minute(ConfigMapping mapping, String key) {
        String text = mapping.string(key, null);
        Matcher time = TIME.matcher(text);
        if (time.matches()) {
            return time.group(1) == null
                    ? TimeInterval.MINUTES_A_DAY
                    : Integer.parseInt(time.group(1)) * 60 + Integer.parseInt(time.group(2));
        }
        if (mapping.kind(key) == Kind.SCALAR) {
            mapping.problem(
                    key, Quoted.of(text) + " is not a time of day; use for example \"09:00\"");
        }
        return -1;
    }

    /** Each is one value or two with a colon between them, both inside. */
    private static List<Range> ranges(
            ConfigMapping mapping, String key, String example, ToIntFunction<String> reading) {
        List<Range> ranges = new ArrayList<>();
        for (String text : mapping.strings(key)) {
            String[] ends = text.toLowerCase(Locale.ROOT).split(":", -1);
            int from = ends.length > 2 ? 0 : reading.applyAsInt(ends[0].strip());
            int to = ends.length == 2 ? reading.applyAsInt(ends[1].strip()) : from;
            boolean isKnown = from != 0 && to != 0;
            if (isKnown && isInOrder(from, to)) {
                ranges.add(new Range(from, to));
            } else {
                String what = isKnown ? " ends before it begins" : " is not understood";
                mapping.problem(key, Quoted.of(text) + what + "; use for example " + example);
            }
        }
        return ranges;
    }

    /** From the 20th to the last but fifth day is in order; from the last day to the 5th is not. */
    private static boolean isInOrder(int from, int to) {
        if (from < 0 && to > 0) {
            return false;
        }
        return (from < 0 == to < 0) ? from <= to : from <= LONGEST_MONTH + 1 + to;
    }

    private static int named(String text, List<String> names) {
        return names.indexOf(text) + 1;
    }

    private static int month(String text) {
        int named = named(text, MONTHS);
        int number = named > 0 ? named : number(text);
        return number >= 1 && number <= MONTHS.size() ? number : 0;
    }

    private static int dayOfMonth(String text) {
        int number = number(text);
        return Math.abs(number) <= LONGEST_MONTH ? number : 0;
    }

    private static int number(String text) {
        return NUMBER.matcher(text).matches() ? Integer.parseInt(text) : 0;
    }

    private static ZoneId zone(ConfigMapping mapping) {
        Function<String, ZoneId> reading =
                text -> {
                    try {
                        return ZoneId.of(text);
                    } catch (DateTimeException e) {
                        mapping.problem(
                                "location",
                                Quoted.of(text)
                                        + " is not a time zone; use for example Europe/Berlin");
                        return ZoneOffset.UTC;
                    }
                };
        return mapping.optionalString("location").map(reading).orElse(ZoneOffset.UTC);
    }
}
