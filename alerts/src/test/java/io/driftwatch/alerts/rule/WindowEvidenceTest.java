package io.driftwatch.alerts.rule;

import static io.driftwatch.alerts.TestingScores.scoreBuilder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.schemas.Direction;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class WindowEvidenceTest {
    private static final Rule PSI = Rule.of("Psi", "psi", Direction.above, 0);
    private static final Rule KS = Rule.of("Ks", "ks", Direction.above, 0);
    private static final double EXACT = 1e-15;

    private static Score score(String feature, String statistic, Double pValue) {
        return scoreBuilder(1)
                .setFeature(feature)
                .setStatistic(statistic)
                .setValue(1.0)
                .setPValue(pValue)
                .build();
    }

    private static Score revision(Score score, int revision, double pValue) {
        return Score.newBuilder(score).setRevision(revision).setPValue(pValue).build();
    }

    private static Family family(int tests, Correction correction, Rule... rules) {
        return new Family(Stream.of(rules).map(Rule::alert).toList(), 0.02, tests, correction);
    }

    private static WindowEvidence holm(int tests, Rule rule, Score... scores) {
        return WindowEvidence.of(
                List.of(rule), List.of(family(tests, Correction.HOLM, rule)), List.of(scores));
    }

    @Test
    void refusesARuleThatWouldSpendTwoBudgets() {
        List<Family> twice =
                List.of(family(1, Correction.HOLM, PSI, KS), family(1, Correction.HOLM, KS));

        assertThatThrownBy(() -> WindowEvidence.of(List.of(PSI, KS), twice, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Rule Ks is in two families");
    }

    @Test
    void refusesAScoreOfAnotherWindow() {
        WindowEvidence window = holm(1, PSI, score("a", "psi", 0.1));

        assertThatThrownBy(() -> window.of(PSI, score("b", "psi", 0.1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("b and psi");
    }

    @Test
    void refusesFamiliesThatMakeNoSense() {
        List<String> one = List.of("Psi");
        assertThatThrownBy(() -> new Family(List.of(), 0.02, 1, Correction.HOLM))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Family(one, 0, 1, Correction.HOLM))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Family(one, Double.NaN, 1, Correction.HOLM))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Family(one, 0.02, 0, Correction.HOLM))
                .isInstanceOf(IllegalArgumentException.class);
    }

    static List<JsonNode> golden() throws IOException {
        try (InputStream in =
                WindowEvidenceTest.class.getResourceAsStream("/golden/multiplicity.json")) {
            JsonNode cases = new ObjectMapper().readTree(in).get("cases");
            return StreamSupport.stream(cases.spliterator(), false).toList();
        }
    }

    @ParameterizedTest(name = "window {index}")
    @MethodSource("golden")
    void correctsAWindowAsTheGoldenFigures(JsonNode golden) {
        List<Score> scores = new ArrayList<>();
        for (JsonNode p : golden.get("p")) {
            scores.add(score("feature_" + scores.size(), "psi", p.asDouble()));
        }
        for (Correction correction : Correction.values()) {
            WindowEvidence window =
                    WindowEvidence.of(List.of(PSI), List.of(family(1, correction, PSI)), scores);
            JsonNode expected = golden.get(correction == Correction.HOLM ? "holm" : "bonferroni");
            for (int i = 0; i < scores.size(); i++) {
                Evidence evidence = window.of(PSI, scores.get(i));
                assertThat(evidence.adjustedPValue())
                        .isCloseTo(expected.get(i).asDouble(), within(EXACT));
                assertThat(evidence.qValue())
                        .isCloseTo(golden.get("bh").get(i).asDouble(), within(EXACT));
                assertThat(evidence.tests()).isEqualTo(scores.size());
                assertThat(evidence.significance()).isEqualTo(0.02);
            }
        }
    }

    @Test
    void aRuleOutsideEveryFamilyIsHeldToItsOwnSignificance() {
        Rule own = TestingRules.significant(KS, 0.001);
        Score score = score("a", "ks", 0.0005);
        WindowEvidence window =
                WindowEvidence.of(
                        List.of(PSI, own),
                        List.of(family(12, Correction.HOLM, PSI)),
                        List.of(score, score("a", "psi", 0.5)));

        assertThat(window.of(own, score)).isEqualTo(new Evidence(score, 0.001, null, 0.001, 1));
        assertThat(window.of(KS.toBuilder().significance(null).build(), score).significance())
                .isNull();
    }

    @Test
    void correctsForTheTestsThatWerePlannedEvenIfFewerCame() {
        Score a = score("a", "psi", 0.001);
        Score b = score("b", "psi", 0.002);
        WindowEvidence window = holm(12, PSI, b, a);

        assertThat(window.of(PSI, a).adjustedPValue()).isCloseTo(0.012, within(EXACT));
        assertThat(window.of(PSI, b).adjustedPValue()).isCloseTo(0.022, within(EXACT));
        assertThat(window.of(PSI, a).tests()).isEqualTo(12);
    }

    @Test
    void rulesOfOneFamilyCountTheTestsOfAllAndEachOnce() {
        Rule alsoPsi = Rule.of("AlsoPsi", "psi", Direction.above, 0.5);
        Rule other = Rule.of("Other", "missing_rate", Direction.above, 0);
        List<Score> scores =
                List.of(
                        score("a", "psi", 0.001),
                        score("a", "ks", 0.002),
                        score("a", "missing_rate", 1e-9),
                        score("a", "mean", 1e-9));
        WindowEvidence window =
                WindowEvidence.of(
                        List.of(PSI, alsoPsi, KS, other),
                        List.of(family(1, Correction.BONFERRONI, PSI, alsoPsi, KS)),
                        scores);

        assertThat(window.of(PSI, scores.get(0)).adjustedPValue()).isEqualTo(0.002);
        assertThat(window.of(alsoPsi, scores.get(0)).adjustedPValue()).isEqualTo(0.002);
        assertThat(window.of(KS, scores.get(1)).adjustedPValue()).isEqualTo(0.004);
        // The q-values are among psi, ks and missing_rate: no rule judges the mean.
        assertThat(window.of(other, scores.get(2)).qValue()).isCloseTo(3e-9, within(1e-20));
        assertThat(window.of(other, scores.get(2)).adjustedPValue()).isNull();
    }

    @Test
    void familiesDoNotPayForEachOther() {
        Score psi = score("a", "psi", 0.001);
        Score ks = score("a", "ks", 0.001);
        WindowEvidence window =
                WindowEvidence.of(
                        List.of(PSI, KS),
                        List.of(
                                new Family(List.of("Psi"), 0.02, 3, Correction.BONFERRONI),
                                new Family(List.of("Ks"), 0.5, 7, Correction.BONFERRONI)),
                        List.of(psi, ks));

        assertThat(window.of(PSI, psi)).isEqualTo(new Evidence(psi, 0.02, 0.003, 0.001, 3));
        assertThat(window.of(KS, ks)).isEqualTo(new Evidence(ks, 0.5, 0.007, 0.001, 7));
    }

    @Test
    void onlyTheLatestRevisionCountsInAnyOrder() {
        Score a = score("a", "psi", 1e-9);
        Score revised = revision(a, 2, 0.4);
        Score between = revision(a, 1, 1e-9);
        Score b = score("b", "psi", 0.03);
        WindowEvidence window = holm(1, PSI, revised, a, b, between);

        assertThat(window.of(PSI, b).adjustedPValue()).isCloseTo(0.06, within(EXACT));
        assertThat(window.of(PSI, a).score()).isEqualTo(revised);
        assertThat(window.of(PSI, a).adjustedPValue()).isEqualTo(0.4);
        assertThat(window.of(PSI, a)).isEqualTo(window.of(PSI, between));
    }

    @Test
    void scoresWithoutAPValueNeitherCountNorBreach() {
        Score none = score("none", "psi", null);
        Score unfit = score("unfit", "psi", Double.NaN);
        Score few =
                Score.newBuilder(score("few", "psi", 1e-9))
                        .setStatus(ScoreStatus.insufficient_data)
                        .setValue(null)
                        .build();
        Score real = score("real", "psi", 0.01);
        WindowEvidence window = holm(1, PSI, none, unfit, few, real);

        for (Score score : List.of(none, unfit)) {
            Evidence evidence = window.of(PSI, score);
            assertThat(evidence.adjustedPValue()).isNull();
            assertThat(evidence.qValue()).isNull();
            assertThat(PSI.judge(evidence)).isEqualTo(Judgement.CLEAR);
        }
        assertThat(PSI.judge(window.of(PSI, few))).isEqualTo(Judgement.UNKNOWN);
        assertThat(window.of(PSI, few).adjustedPValue()).isNull();
        assertThat(window.of(PSI, real)).isEqualTo(new Evidence(real, 0.02, 0.01, 0.01, 1));
        assertThat(PSI.judge(window.of(PSI, real))).isEqualTo(Judgement.BREACH);
    }

    @Test
    void scoresOfAWindowWithoutRulesAreNoTests() {
        Score score = score("a", "psi", 0.5);

        assertThat(WindowEvidence.of(List.of(), List.of(), List.of(score)).of(PSI, score))
                .isEqualTo(new Evidence(score, null, null, null, 1));
    }

    /**
     * Twelve independent tests without drift pass in a share 1 - (1 - level / 12)^12 of windows,
     * which is 0.0198; uncorrected they would in 0.215.
     */
    @ParameterizedTest
    @EnumSource
    void aFamilyWithoutDriftKeepsItsLevel(Correction correction) {
        int windows = 20_000;
        int features = 6;
        List<Rule> rules = List.of(PSI, KS);
        List<Family> families = List.of(family(2 * features, correction, PSI, KS));
        List<Score> scores = new ArrayList<>();
        for (int feature = 0; feature < features; feature++) {
            scores.add(score("f" + feature, "psi", null));
            scores.add(score("f" + feature, "ks", null));
        }
        SplittableRandom random = new SplittableRandom(20_010_614);
        int breached = 0;
        for (int i = 0; i < windows; i++) {
            scores.forEach(score -> score.setPValue(random.nextDouble()));
            WindowEvidence window = WindowEvidence.of(rules, families, scores);
            boolean any =
                    scores.stream()
                            .anyMatch(
                                    score -> {
                                        Rule rule = score.getStatistic().equals("psi") ? PSI : KS;
                                        return rule.judge(window.of(rule, score))
                                                == Judgement.BREACH;
                                    });
            breached += any ? 1 : 0;
        }

        double expected = 1 - Math.pow(1 - 0.02 / 12, 12);
        double error = Math.sqrt(expected * (1 - expected) / windows);
        assertThat((double) breached / windows).isCloseTo(expected, within(3 * error));
    }
}
