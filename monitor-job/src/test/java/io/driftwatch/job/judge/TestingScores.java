package io.driftwatch.job.judge;

import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.time.Instant;
import java.util.Map;

/** Scores of hourly windows, for tests. */
public final class TestingScores {
    private static final Instant FIRST_END = Instant.parse("2001-06-15T01:00:00Z");

    private TestingScores() {}

    /** End of the n-th window. */
    public static Instant end(int window) {
        return FIRST_END.plusSeconds(3600L * window);
    }

    public static Score score(String feature, int window, double value, int revision) {
        return Score.newBuilder()
                .setModel("flights")
                .setModelVersion("v1")
                .setSegment(Map.of())
                .setFeature(feature)
                .setStatistic("psi")
                .setValue(value)
                .setLower(value)
                .setUpper(value)
                .setPValue(1e-9)
                .setCount(500)
                .setReferenceCount(5000)
                .setWindowStart(end(window - 1))
                .setWindowEnd(end(window))
                .setStatus(ScoreStatus.scored)
                .setRevision(revision)
                .build();
    }
}
