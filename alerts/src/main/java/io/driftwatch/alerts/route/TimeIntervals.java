package io.driftwatch.alerts.route;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Time intervals under a name, which routes use. A moment is inside if any of them contains it.
 *
 * @param name unique in the configuration
 * @param intervals copied
 */
public record TimeIntervals(String name, List<TimeInterval> intervals) implements Serializable {
    public TimeIntervals {
        Objects.requireNonNull(name, "name");
        intervals = List.copyOf(intervals);
    }

    /** Says whether a moment is inside. */
    public boolean contains(Instant moment) {
        return intervals.stream().anyMatch(interval -> interval.contains(moment));
    }
}
