package io.driftwatch.job.demo;

import io.driftwatch.job.config.StreamRole;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * All records of a time range in the order in which they are sent: features and prediction at the
 * scheduled departure, the label when it is known. Every stream is in event-time order, and the
 * streams are in step.
 */
final class FlightStreams implements Iterator<StreamRecord> {
    private static final Duration LATE_BY = Duration.ofDays(11);

    private final FlightRecords records;
    private final Iterator<Flight> departures;
    private final Iterator<Flight> arrivals;
    private final Deque<StreamRecord> injected;
    private final Deque<StreamRecord> next = new ArrayDeque<>();
    private Flight departing;
    private Flight arriving;

    private FlightStreams(
            FlightRecords records,
            List<Flight> departures,
            List<Flight> arrivals,
            Deque<StreamRecord> injected) {
        this.records = records;
        this.departures = departures.iterator();
        this.arrivals = arrivals.iterator();
        this.injected = injected;
        departing = nextOf(this.departures);
        arriving = nextOf(this.arrivals);
    }

    /** As the world sent them, from the given time until the other. */
    static FlightStreams clean(FlightRecords records, List<Flight> flights, Range range) {
        return new FlightStreams(
                records, departing(flights, range), arriving(flights, range), new ArrayDeque<>());
    }

    /** With the records that are broken or late on purpose. */
    static FlightStreams withBadRecords(FlightRecords records, List<Flight> flights, Range range) {
        Deque<StreamRecord> injected = new ArrayDeque<>();
        if (range.holds(Chapter.BAD_RECORDS.beginsMillis())) {
            injected.addAll(badRecords(records, flights));
        }
        return new FlightStreams(
                records, departing(flights, range), arriving(flights, range), injected);
    }

    /** A time range, until exclusive. */
    record Range(Instant from, Instant until) {
        boolean holds(long millis) {
            return millis >= from.toEpochMilli() && millis < until.toEpochMilli();
        }
    }

    private static List<Flight> departing(List<Flight> flights, Range range) {
        return flights.stream().filter(f -> range.holds(f.scheduledMillis())).toList();
    }

    private static List<Flight> arriving(List<Flight> flights, Range range) {
        return flights.stream()
                .filter(f -> range.holds(f.knownAtMillis()))
                .sorted(Comparator.comparingLong(Flight::knownAtMillis))
                .toList();
    }

    /** INJECTED: three records that cannot be used, and two that are late. */
    private static List<StreamRecord> badRecords(FlightRecords records, List<Flight> flights) {
        long noon = Chapter.BAD_RECORDS.beginsMillis() + Duration.ofHours(12).toMillis();
        List<StreamRecord> bad = new ArrayList<>();
        bad.add(broken(noon, "bad-1", "{\"flight_id\":\"bad-1\",\"scheduled\":\"2001-03-"));
        bad.add(
                broken(
                        noon,
                        "bad-2",
                        "{\"flight_id\":\"bad-2\",\"scheduled\":\"2001-03-01T12:00:00Z\",\"distance_miles\":\"2,176"
                                + " mi\"}"));
        bad.add(
                broken(
                        noon,
                        "bad-3",
                        "{\"flight_id\":\"bad-3\",\"scheduled\":\"1970-01-01T00:00:00Z\",\"distance_miles\":733}"));
        flights.stream()
                .filter(f -> f.scheduledMillis() >= noon - LATE_BY.toMillis())
                .limit(2)
                .forEach(f -> bad.add(records.features(f, noon)));
        return bad;
    }

    private static StreamRecord broken(long sentMillis, String key, String json) {
        return new StreamRecord(StreamRole.FEATURES, sentMillis, key, json);
    }

    @Override
    public boolean hasNext() {
        return !next.isEmpty() || departing != null || arriving != null;
    }

    @Override
    public StreamRecord next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all flights are sent");
        }
        if (next.isEmpty()) {
            prepare();
        }
        return next.pop();
    }

    private void prepare() {
        boolean departs =
                arriving == null
                        || (departing != null
                                && departing.scheduledMillis() <= arriving.knownAtMillis());
        long now = departs ? departing.scheduledMillis() : arriving.knownAtMillis();
        while (!injected.isEmpty() && injected.peek().sentMillis() <= now) {
            next.add(injected.pop());
        }
        if (departs) {
            next.add(records.features(departing));
            next.add(records.prediction(departing));
            departing = nextOf(departures);
        } else {
            next.add(records.label(arriving));
            arriving = nextOf(arrivals);
        }
    }

    private static Flight nextOf(Iterator<Flight> flights) {
        return flights.hasNext() ? flights.next() : null;
    }
}
