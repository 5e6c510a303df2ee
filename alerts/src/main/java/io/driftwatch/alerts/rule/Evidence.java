package io.driftwatch.alerts.rule;

import io.driftwatch.schemas.Score;
import java.util.Objects;

/**
 * What a rule judges: a score, and what the other scores of its window make of it.
 *
 * @param score the score
 * @param significance the largest p-value that still counts; null if the rule asks for none
 * @param adjustedPValue the p-value corrected for the tests of the window; null if it is not
 *     corrected, and then the score's own is held against {@code significance}
 * @param qValue the smallest false discovery rate at which the score is among the discoveries of
 *     its window; null without a p-value
 * @param tests how many tests {@code adjustedPValue} allows for; 1 if it is null
 * @param story in words, what the score stands for, if it is of the whole model; otherwise null
 */
public record Evidence(
        Score score,
        Double significance,
        Double adjustedPValue,
        Double qValue,
        int tests,
        String story) {

    public Evidence {
        Objects.requireNonNull(score, "score");
    }

    /** The evidence of a score that speaks for itself. */
    public Evidence(
            Score score, Double significance, Double adjustedPValue, Double qValue, int tests) {
        this(score, significance, adjustedPValue, qValue, tests, null);
    }

    /** What a score says by itself: uncorrected, at the rule's own significance. */
    public static Evidence alone(Rule rule, Score score) {
        return new Evidence(score, rule.significance(), null, null, 1);
    }

    /**
     * Says whether chance hardly explains the score; true where nobody asks, false without a
     * p-value.
     */
    public boolean isSignificant() {
        if (significance == null) {
            return true;
        }
        Double pValue = adjustedPValue == null ? score.getPValue() : adjustedPValue;
        return pValue != null && pValue <= significance;
    }
}
