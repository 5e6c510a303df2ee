package io.driftwatch.job.canary;

/** What {@code driftwatch canary --every} shows to Prometheus. */
public enum CanaryMetric {
    INTERVAL("interval_seconds", Kind.GAUGE, "How often the canary flies"),
    FLIGHTS(
            "flights_total",
            Kind.COUNTER,
            "Flights by their outcome: told, end_missed (only that it began was told) or missed"),
    DETECTED("detected", Kind.GAUGE, "Whether the drift of the last flight was told, 1 or 0"),
    RESOLVED("resolved", Kind.GAUGE, "Whether the end of it was told, 1 or 0"),
    DELAY(
            "delay_seconds",
            Kind.GAUGE,
            "From the moment in which Kafka had the drift to the message; absent if none came"),
    LAST_FLIGHT("last_flight_timestamp_seconds", Kind.GAUGE, "When the last flight ended");

    /** The label of {@link #FLIGHTS}. */
    public static final String LABEL = "outcome";

    /** What Prometheus takes it for. */
    enum Kind {
        COUNTER,
        GAUGE
    }

    private final String shortName;
    private final Kind kind;
    private final String help;

    CanaryMetric(String shortName, Kind kind, String help) {
        this.shortName = shortName;
        this.kind = kind;
        this.help = help;
    }

    /** Its name at {@code /metrics}. */
    public String prometheusName() {
        return "driftwatch_canary_" + shortName;
    }

    Kind kind() {
        return kind;
    }

    String help() {
        return help;
    }
}
