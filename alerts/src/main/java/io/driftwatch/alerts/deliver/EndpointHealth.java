package io.driftwatch.alerts.deliver;

import java.time.Duration;

/**
 * What an endpoint has shown of itself. Flat because it is stored state; see {@link Outbox} for
 * what follows from it.
 *
 * @param places places given to notifications so far
 * @param failures failures in a row
 * @param recoveredMillis when it last answered well after it had been left alone; 0 for never
 * @param leftAloneUntilMillis until when it is left alone because it fails
 * @param pausedUntilMillis until when it asked to be left alone
 * @param paceMillis when the pace would have the next attempt if none came early
 */
public record EndpointHealth(
        long places,
        int failures,
        long recoveredMillis,
        long leftAloneUntilMillis,
        long pausedUntilMillis,
        long paceMillis) {
    /** From this many failures in a row on it is taken to be down. */
    static final int DOWN_AFTER = 3;

    /** Returns what is known of an endpoint at first. */
    public static EndpointHealth unknown() {
        return new EndpointHealth(0, 0, 0, 0, 0, 0);
    }

    /** Says whether it has failed so often that it is left alone for a while. */
    public boolean isDown() {
        return failures >= DOWN_AFTER;
    }

    EndpointHealth withPlace() {
        return new EndpointHealth(
                places + 1,
                failures,
                recoveredMillis,
                leftAloneUntilMillis,
                pausedUntilMillis,
                paceMillis);
    }

    EndpointHealth well(long nowMillis) {
        return new EndpointHealth(
                places,
                0,
                isDown() ? nowMillis : recoveredMillis,
                0,
                pausedUntilMillis,
                paceMillis);
    }

    EndpointHealth failed(long leftAloneUntil) {
        return new EndpointHealth(
                places,
                failures + 1,
                recoveredMillis,
                leftAloneUntil,
                pausedUntilMillis,
                paceMillis);
    }

    EndpointHealth pausedUntil(long millis) {
        return new EndpointHealth(
                places,
                failures,
                recoveredMillis,
                leftAloneUntilMillis,
                Math.max(millis, pausedUntilMillis),
                paceMillis);
    }

    /** When the pace has room for one more attempt. */
    long paceAllowsFrom(Pace pace) {
        return paceMillis - pace.each().toMillis() * (pace.burst() - 1L);
    }

    EndpointHealth paced(Pace pace, long nowMillis) {
        Duration each = pace.each();
        return new EndpointHealth(
                places,
                failures,
                recoveredMillis,
                leftAloneUntilMillis,
                pausedUntilMillis,
                Math.max(paceMillis, nowMillis) + each.toMillis());
    }
}
