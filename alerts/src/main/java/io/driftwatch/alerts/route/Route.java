package io.driftwatch.alerts.route;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Where alerts go and how they are grouped on the way.
 *
 * @param receiver name of the receiver; null sends nothing anywhere
 * @param groupBy labels whose values alerts of one group share; {@link #EVERY_LABEL} among them
 *     gives every alert a group of its own; none puts all alerts into one group. Copied
 * @param groupWait how long a new group waits for more alerts before its first notification
 * @param groupInterval how long a group waits after that before it tells what has changed
 * @param repeatInterval how long a group waits before it repeats what has not changed
 */
public record Route(
        String receiver,
        List<String> groupBy,
        Duration groupWait,
        Duration groupInterval,
        Duration repeatInterval)
        implements Serializable {
    /** Stands for all labels in {@code groupBy}. */
    public static final String EVERY_LABEL = "...";

    /**
     * @throws IllegalArgumentException if a duration is negative, or one of the intervals is zero
     */
    public Route {
        groupBy = List.copyOf(groupBy);
        Objects.requireNonNull(groupWait, "groupWait");
        if (groupWait.isNegative() || !isPositive(groupInterval) || !isPositive(repeatInterval)) {
            throw new IllegalArgumentException(
                    "Route: group_wait is negative, or group_interval or repeat_interval is not"
                            + " positive");
        }
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    /** Returns the route that a configuration without one has. */
    public static Route standard(String receiver) {
        return new Route(
                receiver,
                List.of("model"),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                Duration.ofHours(4));
    }
}
