package io.driftwatch.alerts;

import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Scores of daily windows; window 1 is 2001-06-01. */
public final class TestingScores {
    public static final Instant START = Instant.parse("2001-05-31T00:00:00Z");

    static {
        ClassTrust.ensure();
    }

    private TestingScores() {}

    public static Instant windowEnd(int window) {
        return START.plus(Duration.ofDays(window + 1L));
    }

    public static Score score(int window, double value) {
        return scoreBuilder(window).setValue(value).setLower(value).setUpper(value).build();
    }

    public static Score revision(int window, double value, int revision) {
        Score score = score(window, value);
        return Score.newBuilder(score).setRevision(revision).build();
    }

    public static Score unknown(int window) {
        return scoreBuilder(window)
                .setStatus(ScoreStatus.insufficient_data)
                .setReason("fewer rows than min_count")
                .build();
    }

    public static Score.Builder scoreBuilder(int window) {
        return Score.newBuilder()
                .setModel("flight-delay")
                .setModelVersion("default")
                .setSegment(Map.of())
                .setFeature("distance_miles")
                .setStatistic("psi")
                .setCount(1_650)
                .setReferenceCount(50_824)
                .setWindowStart(START.plus(Duration.ofDays(window)))
                .setWindowEnd(windowEnd(window))
                .setStatus(ScoreStatus.scored);
    }
}
