package io.driftwatch.job.config;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;

/**
 * Where a record's event time stands, how numbers are to be read, and which times are believed.
 *
 * @param path field, as a name or a JSON pointer
 * @param unit unit of numeric times since 1970-01-01T00:00:00Z
 * @param notBefore earlier times are refused: a time of 1970 is nearly always a broken clock or a
 *     wrong unit
 * @param maxAhead times further than this beyond the wall clock are refused: one of them would
 *     close every window
 */
public record EventTimeConfig(String path, TimeUnit unit, Instant notBefore, Duration maxAhead)
        implements Serializable {

    public static final Instant DEFAULT_NOT_BEFORE = Instant.parse("1971-01-01T00:00:00Z");
    public static final Duration DEFAULT_MAX_AHEAD = Duration.ofHours(1);

    /** Unit of a numeric time stamp. */
    public enum TimeUnit {
        S,
        MS,
        US,
        NS;

        /** Milliseconds since the epoch, rounded towards the past. */
        public long toMillis(long value) {
            return switch (this) {
                case S -> Math.multiplyExact(value, 1000L);
                case MS -> value;
                case US -> Math.floorDiv(value, 1000L);
                case NS -> Math.floorDiv(value, 1_000_000L);
            };
        }
    }
}
