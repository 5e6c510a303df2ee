package io.driftwatch.job.demo;

import java.time.Instant;
import java.util.Optional;

/** The demo's story: what happens on which day of the stream. */
enum Chapter {
    STREAM_BEGINS(
            "2001-02-01T00:00:00Z",
            "the stream begins; January is the reference it is held against"),
    BAD_RECORDS(
            "2001-03-01T00:00:00Z",
            "INJECTED by this demo: three broken records, and two that come eleven days late"),
    BUG_BEGINS(
            "2001-04-10T00:00:00Z",
            "INJECTED by this demo: an upstream bug, distance_miles is in kilometres from here"),
    BUG_ENDS("2001-04-24T00:00:00Z", "the injected bug is fixed: distance_miles is in miles again"),
    STREAM_ENDS("2001-07-01T00:00:00Z", "the stream ends");

    private final Instant begins;
    private final String text;

    Chapter(String begins, String text) {
        this.begins = Instant.parse(begins);
        this.text = text;
    }

    Instant begins() {
        return begins;
    }

    long beginsMillis() {
        return begins.toEpochMilli();
    }

    /** What happens, for people. */
    String text() {
        return text;
    }

    /** The chapter that begins at that very time. */
    static Optional<Chapter> beginningAt(Instant time) {
        for (Chapter chapter : values()) {
            if (chapter.begins.equals(time)) {
                return Optional.of(chapter);
            }
        }
        return Optional.empty();
    }

    /** Whether distances sent for that time are in kilometres. */
    static boolean isBugAt(long millis) {
        return millis >= BUG_BEGINS.beginsMillis() && millis < BUG_ENDS.beginsMillis();
    }
}
