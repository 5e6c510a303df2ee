package io.driftwatch.alerts.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftwatch.alerts.TestingScores;
import io.driftwatch.alerts.rule.Combination.Kind;
import io.driftwatch.alerts.rule.Combination.Verdict;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.Direction;
import io.driftwatch.schemas.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CombinationTest {
    private static Combination of(Kind kind, double threshold, int top, String... rules) {
        Rule rule =
                Rule.builder("Combined", kind.label())
                        .threshold(Direction.above, threshold)
                        .build();
        return new Combination(rule, kind, List.of(rules), top);
    }

    /** Such as {@code A.x=B}: rule A says of feature x that it breaches; c clear, ? unknown. */
    private static List<Verdict> verdicts(String text) {
        List<Verdict> verdicts = new ArrayList<>();
        Arrays.stream(text.split(" "))
                .forEach(
                        each -> {
                            String[] parts = each.split("[.=]");
                            Judgement judgement =
                                    switch (parts[2]) {
                                        case "B" -> Judgement.BREACH;
                                        case "h" -> Judgement.HOLD;
                                        case "c" -> Judgement.CLEAR;
                                        default -> Judgement.UNKNOWN;
                                    };
                            Score score =
                                    Score.newBuilder(TestingScores.score(14, 0.3))
                                            .setFeature(parts[1])
                                            .build();
                            verdicts.add(new Verdict(parts[0], score, judgement));
                        });
        return verdicts;
    }

    @ParameterizedTest(name = "{0} [A, B] of {1} is {2}")
    @CsvSource({
        "ALL_OF, A.x=B B.y=B,             BREACH",
        "ALL_OF, A.x=B B.x=c,             CLEAR",
        "ALL_OF, A.x=c A.y=B B.x=c B.z=B, BREACH",
        "ALL_OF, A.x=B B.x=h,             CLEAR",
        "ALL_OF, A.x=B B.x=?,             UNKNOWN",
        "ALL_OF, A.x=B,                   UNKNOWN",
        "ALL_OF, A.x=B B.x=? B.y=c,       CLEAR",
        "ANY_OF, A.x=B B.x=c,             BREACH",
        "ANY_OF, A.x=B B.x=?,             BREACH",
        "ANY_OF, A.x=c B.x=c,             CLEAR",
        "ANY_OF, A.x=c B.x=?,             UNKNOWN",
        "ANY_OF, A.x=c B.x=c C.x=B,       CLEAR",
    })
    void judgesRulesTogether(Kind kind, String verdicts, Judgement expected) {
        Combination combination = of(kind, kind == Kind.ALL_OF ? 1 : 0, 0, "A", "B");

        Evidence evidence = combination.evidence(verdicts(verdicts), Map.of()).orElseThrow();

        assertThat(combination.rule().judge(evidence)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "of {0} the share is {1}")
    @CsvSource({
        "A.a=B A.b=c A.c=c A.d=c,       0.25",
        "A.a=B A.b=B A.c=B A.d=B,       1",
        "A.a=c A.b=c A.c=c A.d=c,       0",
        "A.a=B A.b=? A.c=? A.d=c,       0.5",
        "A.a=? A.b=?,                   ",
        "A.a=B A.b=c B.c=B B.d=B,       0.5",
    })
    void takesTheShareOfTheFeaturesThatCanBeJudged(String verdicts, Double expected) {
        Evidence evidence =
                of(Kind.SHARE_OF, 0.3, 0, "A").evidence(verdicts(verdicts), Map.of()).orElseThrow();

        assertThat(evidence.score().getValue()).isEqualTo(expected);
    }

    @Test
    void ofTheTopOnlyTheMostImportantCount() {
        List<Verdict> verdicts = verdicts("A.a=B A.b=B A.c=c A.d=c A.e=c");
        Combination topTwo = of(Kind.SHARE_OF, 0.3, 2, "A");

        assertThat(share(topTwo, verdicts, Map.of("c", 5.0, "d", 9.0))).isZero();
        assertThat(share(topTwo, verdicts, Map.of("b", 5.0, "d", 9.0))).isEqualTo(0.5);
        assertThat(share(topTwo, verdicts, Map.of())).as("of equal ones by name").isEqualTo(1);
        assertThat(share(topTwo, verdicts, Map.of("a", 0.5, "b", 0.5))).isZero();
    }

    private static Double share(
            Combination combination, List<Verdict> verdicts, Map<String, Double> weights) {
        return combination.evidence(verdicts, weights).orElseThrow().score().getValue();
    }

    @Test
    void saysInWordsWhatItStandsFor() {
        Combination many = of(Kind.SHARE_OF, 0.3, 0, "A");
        Evidence evidence =
                many.evidence(verdicts("A.f1=B A.f2=B A.f3=B A.f4=B A.f5=B A.f6=B A.g=c"), Map.of())
                        .orElseThrow();

        Alert alert = RuleEvaluator.evaluate(many.rule(), null, evidence).transition();

        assertThat(alert.getAnnotations().get("summary"))
                .contains("6 of 7 features breach A: f1, f2, f3, f4, f5 and 1 more");
        assertThat(alert.getLabels())
                .containsEntry("feature", "*")
                .containsEntry("statistic", "share_of");
        Combination both = of(Kind.ALL_OF, 1, 0, "A", "B");
        assertThat(both.evidence(verdicts("A.x=B B.y=B"), Map.of()).orElseThrow().story())
                .isEqualTo("A, B of A, B are breached: x, y");
    }

    @Test
    void aRevisionOfAnyOfItsScoresIsARevisionOfIt() {
        List<Verdict> verdicts = verdicts("A.x=B B.y=B");
        Score revised = Score.newBuilder(verdicts.get(1).score()).setRevision(3).build();
        List<Verdict> later = List.of(verdicts.get(0), new Verdict("B", revised, Judgement.CLEAR));

        Evidence evidence = of(Kind.ALL_OF, 1, 0, "A", "B").evidence(later, Map.of()).orElseThrow();

        assertThat(evidence.score().getRevision()).isEqualTo(3);
        assertThat(evidence.score().getValue()).isEqualTo(1.0);
    }

    @Test
    void nothingIsSaidOfAWindowInWhichNoneOfItsRulesJudges() {
        assertThat(of(Kind.ANY_OF, 0, 0, "A", "B").evidence(verdicts("C.x=B"), Map.of())).isEmpty();
    }

    @Test
    void needsAsManyRulesAsItsKind() {
        assertThatThrownBy(() -> of(Kind.ALL_OF, 1, 0, "A"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> of(Kind.SHARE_OF, 0.3, 0, "A", "B"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
