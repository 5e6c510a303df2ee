package io.driftwatch.job.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class CanaryMetricsTest {
    private final CanaryMetrics metrics =
            new CanaryMetrics(
                    Duration.ofMinutes(15),
                    Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC));

    @Test
    void beforeTheFirstFlightNothingIsClaimed() {
        assertThat(metrics.text())
                .contains(
                        "driftwatch_canary_interval_seconds 900.000\n",
                        "driftwatch_canary_flights_total{outcome=\"told\"} 0.000\n",
                        "driftwatch_canary_flights_total{outcome=\"missed\"} 0.000\n")
                .doesNotContain("driftwatch_canary_detected", "driftwatch_canary_delay_seconds");
    }

    @Test
    void theLastFlightCounts() {
        metrics.add(new CanaryResult("2023-11-14T22:00:00Z", true, 1.25, true, null));
        assertThat(metrics.text())
                .contains(
                        "driftwatch_canary_detected 1.000\n",
                        "driftwatch_canary_resolved 1.000\n",
                        "driftwatch_canary_delay_seconds 1.250\n",
                        "driftwatch_canary_last_flight_timestamp_seconds 1700000000.000\n");

        metrics.add(new CanaryResult("2023-11-14T22:15:00Z", false, null, false, "it is dead"));
        assertThat(metrics.text())
                .contains(
                        "driftwatch_canary_detected 0.000\n",
                        "driftwatch_canary_flights_total{outcome=\"told\"} 1.000\n",
                        "driftwatch_canary_flights_total{outcome=\"missed\"} 1.000\n")
                .doesNotContain("driftwatch_canary_delay_seconds");
    }

    @Test
    void aFlightWhoseEndIsMissedIsNeitherToldNorMissed() {
        metrics.add(new CanaryResult("2023-11-14T22:00:00Z", true, 1.25, false, "no end"));

        assertThat(metrics.text())
                .contains(
                        "driftwatch_canary_resolved 0.000\n",
                        "driftwatch_canary_flights_total{outcome=\"told\"} 0.000\n",
                        "driftwatch_canary_flights_total{outcome=\"end_missed\"} 1.000\n",
                        "driftwatch_canary_flights_total{outcome=\"missed\"} 0.000\n");
    }
}
