package io.driftwatch.alerts.rule;

import static io.driftwatch.alerts.TestingScores.score;
import static io.driftwatch.alerts.TestingScores.scoreBuilder;
import static io.driftwatch.alerts.TestingScores.windowEnd;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.BinChange;
import io.driftwatch.schemas.Direction;
import io.driftwatch.schemas.DriftSeverity;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertTextTest {
    private static final Rule RULE = Rule.of("FeatureDrift", "psi", Direction.above, 0.2);

    private static Alert firing(Rule rule, Score score) {
        return RuleEvaluator.evaluate(rule, null, Evidence.alone(rule, score)).transition();
    }

    private static Alert resolved(Rule rule, Evidence evidence) {
        Score grave = scoreBuilder(1).setValue(1e9).setSeverity(DriftSeverity.critical).build();
        Evidence breach = new Evidence(grave, null, null, null, 1);
        RuleState state = RuleEvaluator.evaluate(rule, null, breach).state();
        return RuleEvaluator.evaluate(rule, state, evidence).transition();
    }

    /** A score with all that is ever known of one. */
    private static Score.Builder full() {
        return scoreBuilder(14)
                .setValue(0.31)
                .setPValue(4e-5)
                .setNullLevel(0.0098)
                .setExcess(0.3)
                .setMinimumDetectable(0.05)
                .setOverdispersion(3.1)
                .setSeverity(DriftSeverity.critical)
                .setLargestChange(new BinChange("(2475.0, 4962.0]", 0.3125, 0.1));
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
        Alert resolved = resolved(RULE, Evidence.alone(RULE, score(2, 0.05)));

        assertThat(resolved.getAnnotations().get("summary"))
                .startsWith(
                        "distance_miles of flight-delay is back to normal: psi 0.05 is not above"
                                + " 0.2 (1,650 rows");
    }

    @Test
    void theSummaryHoldsTheEvidenceAndTheAnnotationsTheRest() {
        Evidence evidence = new Evidence(full().build(), 0.02, 4.8e-4, 0.0012, 12);

        Alert alert = RuleEvaluator.evaluate(RULE, null, evidence).transition();

        assertThat(alert.getAnnotations())
                .containsExactly(
                        Map.entry(
                                "evidence",
                                "the smallest drift seen in 9 of 10 such windows is psi 0.05;"
                                        + " counts vary 3.1 times as much as independent rows"
                                        + " would, which is allowed for; p = 0.00004 before"
                                        + " correction"),
                        Map.entry(
                                "largest_change",
                                "from 10 % of the reference to 31.25 % of the window:"
                                        + " (2475.0, 4962.0]"),
                        Map.entry(
                                "summary",
                                "distance_miles of flight-delay drifted: psi 0.31 is above 0.2"
                                        + " (graded critical, without drift about 0.0098,"
                                        + " p = 0.00048 corrected for 12 tests, level 0.02,"
                                        + " 1,650 rows against 50,824, window"
                                        + " 2001-06-14T00:00Z to 2001-06-15T00:00Z)"));
        assertThat(alert.getSignificance()).isEqualTo(0.02);
        assertThat(alert.getAdjustedPValue()).isEqualTo(4.8e-4);
        assertThat(alert.getQValue()).isEqualTo(0.0012);
    }

    @Test
    void anUncorrectedPValueIsShownAsItIs() {
        Rule rule = TestingRules.significant(RULE, 0.001);
        Score score = full().setOverdispersion(1.0).setMinimumDetectable(null).build();

        Alert alert = firing(rule, score);

        assertThat(alert.getAnnotations()).doesNotContainKey("evidence");
        assertThat(alert.getAnnotations().get("summary"))
                .contains("0.0098, p = 0.00004, level 0.001, 1,650 rows");
        assertThat(alert.getAdjustedPValue()).isNull();
        assertThat(alert.getQValue()).isNull();
    }

    @Test
    void theThresholdIsTheFeaturesOwn() {
        Rule rule = RULE.toBuilder().byFeature(Map.of("distance_miles", 0.3)).build();

        Alert alert = firing(rule, score(14, 0.31));

        assertThat(alert.getThreshold()).isEqualTo(0.3);
        assertThat(alert.getAnnotations().get("summary")).contains("psi 0.31 is above 0.3 (");
    }

    @Test
    void theSummarySaysWhatALargeValueLacks() {
        Rule grave =
                RULE.toBuilder()
                        .minSeverity(io.driftwatch.detectors.significance.DriftSeverity.WARNING)
                        .build();
        Score small = full().setSeverity(DriftSeverity.low).setWindowEnd(windowEnd(15)).build();

        assertThat(
                        resolved(grave, new Evidence(small, null, null, null, 1))
                                .getAnnotations()
                                .get("summary"))
                .contains("psi 0.31 is above 0.2 but not graded warning (graded low, ");
        assertThat(
                        resolved(grave, new Evidence(small, 0.02, 0.5, 0.5, 12))
                                .getAnnotations()
                                .get("summary"))
                .contains(
                        "psi 0.31 is above 0.2 but not significant (graded low, without drift"
                                + " about 0.0098, p = 0.5 corrected for 12 tests, level 0.02,");
    }

    @Test
    void aScoreWithoutAValueGivesNoEvidence() {
        Rule rule = TestingRules.patient(RULE, 2, 0);
        Score score =
                full().setValue(null)
                        .setStatus(ScoreStatus.insufficient_data)
                        .setRevision(1)
                        .setWindowEnd(windowEnd(2))
                        .build();
        Score breach = score(2, 0.31);
        RuleState state = null;
        for (Score each : List.of(score(1, 0.31), breach)) {
            state = RuleEvaluator.evaluate(rule, state, Evidence.alone(rule, each)).state();
        }

        Alert taken = RuleEvaluator.evaluate(rule, state, Evidence.alone(rule, score)).transition();

        assertThat(taken.getAnnotations()).containsOnlyKeys("summary");
        assertThat(taken.getAnnotations().get("summary"))
                .contains("no longer alarms: psi has no value now (1,650 rows against");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "JFK       | from 0.01 % of the reference to 100 % of the window: JFK",
                "__other__ | from 0.01 % of the reference to 100 % of the window: rare categories",
                "__new__   | from 0.01 % of the reference to 100 % of the window: new categories",
            })
    void namesTheBinThatChangedMost(String bin, String expected) {
        assertThat(Figures.change(new BinChange(bin, 1.0, 0.0001))).isEqualTo(expected);
    }

    @Test
    void cutsLongNamesBetweenCodePoints() {
        String text = Figures.change(new BinChange("🚀".repeat(101), 0.5, 0.25));

        assertThat(text).endsWith("window: " + "🚀".repeat(100) + "…");
    }

    @Test
    void theRulesOwnSummaryWins() {
        Rule rule = TestingRules.annotated(RULE, Map.of("summary", "Look here", "runbook", "r"));

        assertThat(firing(rule, score(1, 0.31)).getAnnotations())
                .containsOnly(Map.entry("summary", "Look here"), Map.entry("runbook", "r"));
    }

    @Test
    void labelsNameTheAlertAndHoldNoValues() {
        Rule rule = RULE.toBuilder().labels(Map.of("team", "pricing")).build();
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
