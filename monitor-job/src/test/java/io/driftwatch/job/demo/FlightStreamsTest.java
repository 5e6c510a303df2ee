package io.driftwatch.job.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.job.config.StreamRole;
import io.driftwatch.job.demo.FlightStreams.Range;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlightStreamsTest {
    private static final Flight FEBRUARY = flight(1, "2001-02-18T12:00:00Z", 0, 800);
    private static final Flight MORNING = flight(2, "2001-03-01T10:00:00Z", 30, 800);
    private static final Flight NOON = flight(3, "2001-03-01T12:30:00Z", -10, 160);
    private static final List<Flight> FLIGHTS = List.of(FEBRUARY, MORNING, NOON);
    private static final Range MARCH =
            new Range(Instant.parse("2001-03-01T00:00:00Z"), Instant.parse("2001-03-02T00:00:00Z"));

    private final FlightRecords records = new FlightRecords(DelayModel.train(FLIGHTS));

    @Test
    void labelsComeWhenTheFlightHasArrived() {
        // 30 minutes late, 30 on the ground, 100 in the air.
        assertThat(Instant.ofEpochMilli(MORNING.knownAtMillis()))
                .isEqualTo(Instant.parse("2001-03-01T12:40:00Z"));
        assertThat(all(FlightStreams.clean(records, FLIGHTS, MARCH)))
                .extracting(each -> each.role() + " " + each.key())
                .containsExactly(
                        "FEATURES flight-2",
                        "PREDICTIONS flight-2",
                        "FEATURES flight-3",
                        "PREDICTIONS flight-3",
                        "LABELS flight-2",
                        "LABELS flight-3");
    }

    @Test
    void everyStreamIsInTheOrderOfItsTimes() {
        assertThat(all(FlightStreams.withBadRecords(records, FLIGHTS, MARCH)))
                .extracting(StreamRecord::sentMillis)
                .isSorted();
    }

    @Test
    void badRecordsAreThreeBrokenOnesAndThoseThatAreLate() {
        List<StreamRecord> bad =
                new ArrayList<>(all(FlightStreams.withBadRecords(records, FLIGHTS, MARCH)));
        bad.removeAll(all(FlightStreams.clean(records, FLIGHTS, MARCH)));
        assertThat(bad)
                .allMatch(each -> each.role() == StreamRole.FEATURES)
                .extracting(StreamRecord::key)
                .startsWith("bad-1", "bad-2", "bad-3")
                .contains("flight-1");
    }

    @Test
    void distancesAreInKilometresWhileTheBugLasts() {
        assertThat(records.features(flight(4, "2001-04-09T23:59:00Z", 0, 1000)).json())
                .contains("\"distance_miles\":1000.0");
        assertThat(records.features(flight(5, "2001-04-10T00:00:00Z", 0, 1000)).json())
                .contains("\"distance_miles\":1609.3");
        assertThat(records.features(flight(6, "2001-04-24T00:00:00Z", 0, 1000)).json())
                .contains("\"distance_miles\":1000.0");
    }

    private static List<StreamRecord> all(FlightStreams streams) {
        List<StreamRecord> records = new ArrayList<>();
        streams.forEachRemaining(records::add);
        return records;
    }

    private static Flight flight(int number, String scheduled, double delay, double miles) {
        long millis = Instant.parse(scheduled).toEpochMilli();
        return new Flight(number, millis, delay, miles, "SFO", "ORD");
    }
}
