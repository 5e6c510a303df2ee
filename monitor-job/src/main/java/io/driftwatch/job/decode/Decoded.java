package io.driftwatch.job.decode;

import io.driftwatch.schemas.DeadLetter;

/** What became of one record: exactly one of the two is not null. */
public record Decoded(Observation observation, DeadLetter deadLetter) {

    /** Time stamp of records that have none: it moves no watermark. */
    public static final long NO_TIME = Long.MIN_VALUE;

    public static Decoded of(Observation observation) {
        return new Decoded(observation, null);
    }

    public static Decoded of(DeadLetter deadLetter) {
        return new Decoded(null, deadLetter);
    }

    /** Event time in milliseconds, or {@link #NO_TIME}. */
    public long eventTimeMillis() {
        return observation == null ? NO_TIME : observation.eventTimeMillis();
    }
}
