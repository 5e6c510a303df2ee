package io.driftwatch.job.canary;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** The canary's metrics, in Prometheus' text format. */
public final class CanaryMetrics {
    private final Duration every;
    private final Clock clock;
    private CanaryResult last;
    private Instant ended;
    private long detected;
    private long missed;

    /**
     * @param every how often the canary flies
     */
    public CanaryMetrics(Duration every, Clock clock) {
        this.every = every;
        this.clock = clock;
    }

    /** Takes note of a flight that is over. */
    public synchronized void add(CanaryResult result) {
        last = result;
        ended = clock.instant();
        if (result.detected()) {
            detected++;
        } else {
            missed++;
        }
    }

    /** All metrics; those of the last flight only once there was one. */
    public synchronized String text() {
        StringBuilder text = new StringBuilder();
        gauge(
                text,
                "driftwatch_canary_interval_seconds",
                "How often the canary flies.",
                every.toMillis() / 1e3);
        text.append(
                        "# HELP driftwatch_canary_flights_total Flights by whether the drift was told.\n")
                .append("# TYPE driftwatch_canary_flights_total counter\n")
                .append("driftwatch_canary_flights_total{detected=\"true\"} ")
                .append(detected)
                .append("\ndriftwatch_canary_flights_total{detected=\"false\"} ")
                .append(missed)
                .append('\n');
        if (last != null) {
            gauge(
                    text,
                    "driftwatch_canary_detected",
                    "Whether the drift of the last flight was told, 1 or 0.",
                    last.detected() ? 1 : 0);
            gauge(
                    text,
                    "driftwatch_canary_resolved",
                    "Whether the end of it was told, 1 or 0.",
                    last.resolved() ? 1 : 0);
            gauge(
                    text,
                    "driftwatch_canary_last_flight_timestamp_seconds",
                    "When the last flight ended.",
                    ended.toEpochMilli() / 1e3);
            if (last.delaySeconds() != null) {
                gauge(
                        text,
                        "driftwatch_canary_delay_seconds",
                        "From the moment in which Kafka had the drift to the message.",
                        last.delaySeconds());
            }
        }
        return text.toString();
    }

    private static void gauge(StringBuilder text, String name, String help, double value) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(" gauge\n");
        text.append(String.format(Locale.ROOT, "%s %.3f\n", name, value));
    }
}
