package io.driftwatch.alerts.route;

import java.io.Serializable;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Objects;

/**
 * Times that come again, as Alertmanager's time intervals have them. A moment is inside if every
 * part that is given contains it; a part contains it if one of its ranges does; a part without
 * ranges contains everything.
 *
 * @param times minutes since midnight; the end is outside, and 1,440 is midnight
 * @param weekdays 1 is Monday and 7 is Sunday, both ends inside
 * @param daysOfMonth from 1, or from -1 for the last day backwards, both ends inside
 * @param months from 1, both ends inside
 * @param years both ends inside
 * @param zone where the clock hangs that all of this is read from
 */
public record TimeInterval(
        List<Range> times,
        List<Range> weekdays,
        List<Range> daysOfMonth,
        List<Range> months,
        List<Range> years,
        ZoneId zone)
        implements Serializable {
    public static final int MINUTES_A_DAY = 24 * 60;

    /** Numbers from one to another. */
    public record Range(int from, int to) implements Serializable {
        private boolean contains(int number) {
            return from <= number && number <= to;
        }
    }

    public TimeInterval {
        times = List.copyOf(times);
        weekdays = List.copyOf(weekdays);
        daysOfMonth = List.copyOf(daysOfMonth);
        months = List.copyOf(months);
        years = List.copyOf(years);
        Objects.requireNonNull(zone, "zone");
    }

    /** Says whether a moment is inside. */
    public boolean contains(Instant moment) {
        ZonedDateTime local = moment.atZone(zone);
        int minute = local.getHour() * 60 + local.getMinute();
        return (times.isEmpty() || times.stream().anyMatch(r -> r.from <= minute && minute < r.to))
                && isIn(weekdays, local.getDayOfWeek().getValue())
                && isInMonth(local.getDayOfMonth(), local.toLocalDate().lengthOfMonth())
                && isIn(months, local.getMonthValue())
                && isIn(years, local.getYear());
    }

    private static boolean isIn(List<Range> ranges, int number) {
        return ranges.isEmpty() || ranges.stream().anyMatch(range -> range.contains(number));
    }

    /** What lies outside the month at hand, such as a 30th of February, is cut off. */
    private boolean isInMonth(int day, int length) {
        return daysOfMonth.isEmpty()
                || daysOfMonth.stream()
                        .map(r -> new Range(fromStart(r.from, length), fromStart(r.to, length)))
                        .anyMatch(range -> range.contains(day));
    }

    private static int fromStart(int day, int length) {
        return day < 0 ? length + day + 1 : day;
    }
}
