package io.driftwatch.job.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DelayModelTest {
    private static final long MORNING = Instant.parse("2001-01-05T07:30:00Z").toEpochMilli();
    private static final long EVENING = Instant.parse("2001-01-05T19:30:00Z").toEpochMilli();

    @Test
    void learnsTheMeanOfOriginAndHour() {
        List<Flight> flights = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            flights.add(flight(MORNING, 2, 500, "SFO"));
            flights.add(flight(EVENING, 20, 500, "SFO"));
        }
        DelayModel model = DelayModel.train(flights);
        assertThat(model.predict("SFO", 7, 500)).isCloseTo(2, within(0.05));
        assertThat(model.predict("SFO", 19, 500)).isCloseTo(20, within(0.05));
    }

    @Test
    void drawsFewFlightsTowardsTheOverallMean() {
        List<Flight> flights = new ArrayList<>();
        for (int i = 0; i < 999; i++) {
            flights.add(flight(MORNING, 0, 500, "SFO"));
        }
        flights.add(flight(MORNING, 1000, 500, "ITH"));
        DelayModel model = DelayModel.train(flights);
        double overall = 1;
        double expected =
                (1000 + DelayModel.PRIOR_FLIGHTS * overall) / (1 + DelayModel.PRIOR_FLIGHTS);
        assertThat(model.predict("ITH", 7, 500)).isCloseTo(expected, within(1e-9));
    }

    @Test
    void knowsNothingBetterThanTheOverallMeanOfAnUnknownOrigin() {
        DelayModel model =
                DelayModel.train(
                        List.of(flight(MORNING, 4, 500, "SFO"), flight(MORNING, 8, 500, "LAX")));
        assertThat(model.predict("XXX", 7, 500)).isCloseTo(6, within(1e-9));
    }

    @Test
    void correctsForTheDistance() {
        List<Flight> flights = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            flights.add(flight(MORNING, 10, 100, "SFO"));
            flights.add(flight(MORNING, 8, 1100, "SFO"));
        }
        DelayModel model = DelayModel.train(flights);
        assertThat(model.minutesPerMile()).isCloseTo(-0.002, within(1e-6));
        assertThat(model.predict("SFO", 7, 1100) - model.predict("SFO", 7, 100))
                .isCloseTo(-2, within(1e-3));
    }

    private static Flight flight(long scheduled, double delay, double miles, String origin) {
        return new Flight(1, scheduled, delay, miles, origin, "ORD");
    }
}
