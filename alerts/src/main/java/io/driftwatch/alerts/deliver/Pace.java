package io.driftwatch.alerts.deliver;

import java.time.Duration;
import java.util.Objects;

/**
 * How fast an endpoint may be asked: by the generic cell rate algorithm, which is a token bucket
 * without a clock.
 *
 * @param each the time that each attempt takes of the endpoint's; positive
 * @param burst attempts that may come at once after a rest; at least 1
 */
public record Pace(Duration each, int burst) {
    public Pace {
        Objects.requireNonNull(each, "each");
        if (each.isNegative() || each.isZero() || burst < 1) {
            throw new IllegalArgumentException("Pace: each is not positive, or burst is below 1");
        }
    }

    /** Returns a number of attempts a second. */
    static Pace perSecond(int attempts, int burst) {
        return new Pace(Duration.ofSeconds(1).dividedBy(attempts), burst);
    }
}
