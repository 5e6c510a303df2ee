package io.driftwatch.alerts.rule;

import static io.driftwatch.alerts.TestingScores.score;
import static io.driftwatch.alerts.TestingScores.scoreBuilder;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.Direction;
import io.driftwatch.schemas.Score;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertTextTest {
    private static final Rule RULE = Rule.of("FeatureDrift", "psi", Direction.above, 0.2);

    private static Alert firing(Rule rule, Score score) {
        return RuleEvaluator.evaluate(rule, null, score).transition();
    }

    @Test
    void theSummarySaysWhatHappenedInPlainWords() {
        Score score = scoreBuilder(14).setValue(0.31).setPValue(1e-300).build();

        assertThat(firing(RULE, score).getAnnotations().get("summary"))
                .isEqualTo(
                        "distance_miles of flight-delay drifted: psi 0.31 is above 0.2"
                                + " (p < 1e-12, 1,650 rows against 50,824, window"
                                + " 2001-06-14T00:00Z to 2001-06-15T00:00Z)");
    }

    @Test
    void theSummaryNamesVersionAndSegment() {
        Score score =
                Score.newBuilder(score(14, 0.31))
                        .setModelVersion("7")
                        .setSegment(Map.of("origin", "JFK"))
                        .build();

        assertThat(firing(RULE, score).getAnnotations().get("summary"))
                .startsWith("distance_miles of flight-delay version 7, origin JFK drifted: ");
    }

    @Test
    void theSummarySaysThatItIsOver() {
        RuleState state = RuleEvaluator.evaluate(RULE, null, score(1, 0.31)).state();

        Alert resolved = RuleEvaluator.evaluate(RULE, state, score(2, 0.05)).transition();

        assertThat(resolved.getAnnotations().get("summary"))
                .startsWith(
                        "distance_miles of flight-delay is back to normal: psi 0.05 is not above"
                                + " 0.2 (1,650 rows");
    }

    @Test
    void theRulesOwnSummaryWins() {
        Rule rule = TestingRules.annotated(RULE, Map.of("summary", "Look here", "runbook", "r"));

        assertThat(firing(rule, score(1, 0.31)).getAnnotations())
                .containsOnly(Map.entry("summary", "Look here"), Map.entry("runbook", "r"));
    }

    @Test
    void labelsNameTheAlertAndHoldNoValues() {
        Rule rule = TestingRules.patient(RULE, 1, 0);
        Score score = Score.newBuilder(score(1, 0.31)).setSegment(Map.of("origin", "JFK")).build();

        assertThat(firing(rule, score).getLabels())
                .containsExactly(
                        Map.entry("alertname", "FeatureDrift"),
                        Map.entry("feature", "distance_miles"),
                        Map.entry("model", "flight-delay"),
                        Map.entry("model_version", "default"),
                        Map.entry("segment_origin", "JFK"),
                        Map.entry("severity", "warning"),
                        Map.entry("statistic", "psi"),
                        Map.entry("team", "pricing"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "0.31, 0.31",
        "0, 0",
        "-0.0, 0",
        "0.123456, 0.1235",
        "12345.6, 12346",
        "1e-7, 1E-7",
        "1.5e12, 1.5E+12",
        "Infinity, Infinity"
    })
    void numbersAreShort(double value, String expected) {
        assertThat(Figures.number(value)).isEqualTo(expected);
    }
}
