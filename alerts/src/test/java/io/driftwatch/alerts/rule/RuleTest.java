package io.driftwatch.alerts.rule;

import static io.driftwatch.alerts.TestingScores.score;
import static io.driftwatch.alerts.TestingScores.scoreBuilder;
import static io.driftwatch.alerts.TestingScores.unknown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftwatch.schemas.Direction;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleTest {
    private static final Rule ABOVE = Rule.of("FeatureDrift", "psi", Direction.above, 0.2);
    private static final Rule BELOW = Rule.of("Flat", "psi", Direction.below, 0.2);

    @ParameterizedTest(name = "{0} selects {1}: {2}")
    @CsvSource({
        "*, anything, true",
        "*, '', true",
        "origin, origin, true",
        "origin, origins, false",
        "origin*, origin, true",
        "*_miles, distance_miles, true",
        "a*b*c, axxbyyc, true",
        "a*b*c, axxcyyb, false",
        "a**c, abc, true",
        "a.c, abc, false",
        "*aab, aaaab, true",
        "'', '', true",
        "'', a, false"
    })
    void globsMatchWholeNames(String glob, String name, boolean expected) {
        assertThat(new Selector(List.of(glob)).matches(name)).isEqualTo(expected);
    }

    @Test
    void judgesOnlyItsStatistic() {
        assertThat(ABOVE.matches(score(1, 0.3))).isTrue();
        assertThat(ABOVE.matches(scoreBuilder(1).setStatistic("ks").build())).isFalse();
    }

    @Test
    void absentSegmentsSelectTheWholeAndEverySegment() {
        assertThat(SegmentSelector.ALL.matches(Map.of())).isTrue();
        assertThat(SegmentSelector.ALL.matches(Map.of("origin", "JFK"))).isTrue();
    }

    @Test
    void emptySegmentsSelectTheWholeModelOnly() {
        assertThat(SegmentSelector.WHOLE_MODEL.matches(Map.of())).isTrue();
        assertThat(SegmentSelector.WHOLE_MODEL.matches(Map.of("origin", "JFK"))).isFalse();
    }

    @Test
    void aSegmentColumnSelectsItsValues() {
        SegmentSelector some =
                new SegmentSelector(false, Map.of("origin", new Selector(List.of("J*", "LAX"))));

        assertThat(some.matches(Map.of("origin", "JFK"))).isTrue();
        assertThat(some.matches(Map.of("origin", "LAX"))).isTrue();
        assertThat(some.matches(Map.of("origin", "SFO"))).isFalse();
        assertThat(some.matches(Map.of("carrier", "J1"))).isFalse();
        assertThat(some.matches(Map.of())).isFalse();
    }

    @Test
    void theThresholdItselfDoesNotBreach() {
        assertThat(ABOVE.judge(score(1, 0.2))).isEqualTo(Judgement.CLEAR);
        assertThat(ABOVE.judge(score(1, 0.2000001))).isEqualTo(Judgement.BREACH);
        assertThat(BELOW.judge(score(1, 0.2))).isEqualTo(Judgement.CLEAR);
        assertThat(BELOW.judge(score(1, 0.1999999))).isEqualTo(Judgement.BREACH);
    }

    @Test
    void theBoundNearerToTheThresholdDecides() {
        var wide = scoreBuilder(1).setValue(0.25).setLower(0.15).setUpper(0.35).build();
        var low = scoreBuilder(1).setValue(0.15).setLower(0.1).setUpper(0.25).build();

        assertThat(ABOVE.judge(wide)).isEqualTo(Judgement.CLEAR);
        assertThat(BELOW.judge(low)).isEqualTo(Judgement.CLEAR);
    }

    @ParameterizedTest(name = "p = {0} is {1}")
    @CsvSource({"0.0005, BREACH", "0.001, BREACH", "0.0011, CLEAR", ", CLEAR"})
    void significanceIsAnAnd(Double pValue, Judgement expected) {
        Rule rule = TestingRules.significant(ABOVE, 0.001);

        assertThat(rule.judge(scoreBuilder(1).setValue(0.9).setPValue(pValue).build()))
                .isEqualTo(expected);
        assertThat(rule.judge(scoreBuilder(1).setValue(0.1).setPValue(0.0).build()))
                .isEqualTo(Judgement.CLEAR);
    }

    @Test
    void aScoreWithoutAValueIsUnknown() {
        assertThat(ABOVE.judge(unknown(1))).isEqualTo(Judgement.UNKNOWN);
        assertThat(BELOW.judge(unknown(1))).isEqualTo(Judgement.UNKNOWN);
    }

    @Test
    void refusesNumbersOutsideTheirRange() {
        assertThatThrownBy(() -> TestingRules.significant(ABOVE, 1.0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Rule.of("A", "psi", Direction.above, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TestingRules.patient(ABOVE, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
