package io.driftwatch.alerts.retrain;

import java.util.Locale;

/** What may hold a retrain request back, in the order in which {@link GuardRails} looks at them. */
public enum GuardRail {
    /** The alert does not matter enough; it never will in this episode. */
    MIN_SEVERITY,
    /** The alert's window holds too few rows. */
    MIN_COUNT,
    /** The alert has not fired for long enough. */
    MIN_DURATION,
    /** An alert fires that makes the drift look like a fault of the data. */
    EXCLUDE_IF,
    /** Now is not the time. */
    BLACKOUT,
    /** Another request of the model is under way, or a person is being asked about one. */
    IN_FLIGHT,
    /** The last retraining of the model has not been over for long enough. */
    COOLDOWN,
    /** The model's budget of the last 24 hours is used up. */
    MAX_PER_DAY,
    /** The last retrainings were of no use; a person has to say that the next one may be. */
    CIRCUIT_BREAKER;

    /** Returns the name of its key in the configuration, in lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the one of a label; null for null and for anything unknown. */
    static GuardRail ofLabel(String label) {
        for (GuardRail rail : values()) {
            if (rail.label().equals(label)) {
                return rail;
            }
        }
        return null;
    }
}
