package io.driftwatch.job.demo;

import io.driftwatch.job.config.StreamRole;
import java.time.Instant;

/**
 * What an airline's systems would write about a flight: features, prediction and label, as JSON.
 */
final class FlightRecords {
    static final double KILOMETRES_PER_MILE = 1.609344;

    private final DelayModel model;

    FlightRecords(DelayModel model) {
        this.model = model;
    }

    /** The model's inputs, as they were at departure. */
    StreamRecord features(Flight flight) {
        return features(flight, flight.scheduledMillis());
    }

    /** The model's inputs, sent at some other time than they should have been. */
    StreamRecord features(Flight flight, long sentMillis) {
        String json =
                "{\"flight_id\":\"%s\",\"scheduled\":\"%s\",\"route\":{\"origin\":\"%s\",\"destination\":\"%s\"},\"distance_miles\":%s}"
                        .formatted(
                                flight.id(),
                                Instant.ofEpochMilli(flight.scheduledMillis()),
                                flight.origin(),
                                flight.destination(),
                                distance(flight));
        return new StreamRecord(StreamRole.FEATURES, sentMillis, flight.id(), json);
    }

    /** The model's answer to those inputs, right or wrong. */
    StreamRecord prediction(Flight flight) {
        double predicted = model.predict(flight.origin(), flight.hour(), distance(flight));
        String json =
                "{\"flight_id\":\"%s\",\"scheduled\":\"%s\",\"predicted_delay\":%s}"
                        .formatted(
                                flight.id(),
                                Instant.ofEpochMilli(flight.scheduledMillis()),
                                rounded(predicted, 100));
        return new StreamRecord(
                StreamRole.PREDICTIONS, flight.scheduledMillis(), flight.id(), json);
    }

    /** The truth, hours later. */
    StreamRecord label(Flight flight) {
        String json =
                "{\"flight_id\":\"%s\",\"known_at\":\"%s\",\"delay_minutes\":%s}"
                        .formatted(
                                flight.id(),
                                Instant.ofEpochMilli(flight.knownAtMillis()),
                                flight.delayMinutes());
        return new StreamRecord(StreamRole.LABELS, flight.knownAtMillis(), flight.id(), json);
    }

    /** The distance as the model gets it: while the injected bug lasts, in the wrong unit. */
    private static double distance(Flight flight) {
        return Chapter.isBugAt(flight.scheduledMillis())
                ? rounded(flight.distanceMiles() * KILOMETRES_PER_MILE, 10)
                : flight.distanceMiles();
    }

    private static double rounded(double value, double parts) {
        return Math.round(value * parts) / parts;
    }
}
