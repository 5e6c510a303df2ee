package io.driftwatch.job.metrics;

import io.driftwatch.job.tally.SeriesKey;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.util.Map;

/**
 * What metrics show of a score.
 *
 * @param segment such as {@code country=DE}; empty for the whole model version
 * @param value not a number if the window gave none
 * @param criticalValue not a number if there is none
 */
public record ScoreMark(
        String model,
        String version,
        String segment,
        String feature,
        String statistic,
        double value,
        double criticalValue,
        long count,
        long windowEndMillis,
        int revision) {

    /**
     * Says whether metrics show a score: not one of a segment unless those are wanted, and none of
     * a version without a reference, whose names anybody can make up.
     */
    public static boolean isShown(Score score, boolean segments) {
        return (segments || score.getSegment().isEmpty())
                && !score.getFeature().equals(SeriesKey.EVERY_FEATURE);
    }

    /** Takes from a score what is shown of it. */
    public static ScoreMark of(Score score) {
        boolean isScored = score.getStatus() == ScoreStatus.scored;
        return new ScoreMark(
                score.getModel(),
                score.getModelVersion(),
                segment(score.getSegment()),
                score.getFeature(),
                score.getStatistic(),
                isScored ? orNotANumber(score.getValue()) : Double.NaN,
                isScored ? orNotANumber(score.getCriticalValue()) : Double.NaN,
                score.getCount(),
                score.getWindowEnd().toEpochMilli(),
                score.getRevision());
    }

    private static String segment(Map<String, String> segment) {
        return segment.entrySet().stream()
                .findFirst()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .orElse("");
    }

    private static double orNotANumber(Double value) {
        return value == null ? Double.NaN : value;
    }

    boolean isWhole() {
        return segment.isEmpty();
    }

    /** The place that a newer score of the same statistic takes. */
    Series series() {
        return new Series(model, version, segment, feature, statistic);
    }

    boolean isNewerThan(ScoreMark other) {
        return windowEndMillis > other.windowEndMillis
                || (windowEndMillis == other.windowEndMillis && revision >= other.revision);
    }

    /** What an exported statistic is told apart by. */
    record Series(String model, String version, String segment, String feature, String statistic) {

        String[] labels() {
            return new String[] {model, version, segment, feature, statistic};
        }
    }
}
