package io.driftwatch.job.route;

import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.Silence;

/**
 * What may keep alerts from being told: another alert, or a silence. Exactly one of the two.
 *
 * @param alert a change of an alert that may inhibit others; null if it is a silence
 * @param silence a silence as it is now; null if it is an alert
 */
public record Muting(Alert alert, Silence silence) {
    public static Muting by(Alert alert) {
        return new Muting(alert, null);
    }

    public static Muting by(Silence silence) {
        return new Muting(null, silence);
    }
}
