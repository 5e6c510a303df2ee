package io.driftwatch.alerts.route;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where alerts go and how they are grouped on the way.
 *
 * @param key the matchers on the way from the root, as Alertmanager writes them: {@code {}} for the
 *     root, {@code {}/{severity="critical"}} for a route below it
 * @param id the same for ever and for no other route of the configuration: what its groups are kept
 *     under
 * @param receiver name of the receiver; null sends nothing anywhere
 * @param groupBy labels whose values alerts of one group share; {@link #EVERY_LABEL} among them
 *     gives every alert a group of its own; none puts all alerts into one group. Copied
 * @param groupWait how long a new group waits for more alerts before its first notification
 * @param groupInterval how long a group waits after that before it tells what has changed
 * @param repeatInterval how long a group waits before it repeats what has not changed
 * @param muted nothing is told within these. Copied
 * @param active if there are any, nothing is told outside these. Copied
 */
public record Route(
        String key,
        String id,
        String receiver,
        List<String> groupBy,
        Duration groupWait,
        Duration groupInterval,
        Duration repeatInterval,
        List<TimeIntervals> muted,
        List<TimeIntervals> active)
        implements Serializable {
    /** Stands for all labels in {@code groupBy}. */
    public static final String EVERY_LABEL = "...";

    /** The key of the root. */
    public static final String ROOT = "{}";

    /**
     * @throws IllegalArgumentException if a duration is negative, or one of the intervals is zero
     */
    public Route {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(id, "id");
        groupBy = List.copyOf(groupBy);
        Objects.requireNonNull(groupWait, "groupWait");
        if (groupWait.isNegative() || !isPositive(groupInterval) || !isPositive(repeatInterval)) {
            throw new IllegalArgumentException(
                    "Route: group_wait is negative, or group_interval or repeat_interval is not"
                            + " positive");
        }
        muted = List.copyOf(muted);
        active = List.copyOf(active);
    }

    /** A root that speaks at any time. */
    public Route(
            String receiver,
            List<String> groupBy,
            Duration groupWait,
            Duration groupInterval,
            Duration repeatInterval) {
        this(
                ROOT,
                ROOT,
                receiver,
                groupBy,
                groupWait,
                groupInterval,
                repeatInterval,
                List.of(),
                List.of());
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

    /** Says in words why nothing is told at a moment; empty if the time is no reason. */
    public Optional<String> silentAt(Instant moment) {
        for (TimeIntervals each : muted) {
            if (each.contains(moment)) {
                return Optional.of("muted by " + each.name());
            }
        }
        if (!active.isEmpty() && active.stream().noneMatch(each -> each.contains(moment))) {
            return Optional.of(
                    "outside " + String.join(", ", active.stream().map(a -> a.name()).toList()));
        }
        return Optional.empty();
    }
}
