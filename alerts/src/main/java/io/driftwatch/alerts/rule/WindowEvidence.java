package io.driftwatch.alerts.rule;

import io.driftwatch.detectors.significance.Multiplicity;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * All scores of one window of one sample, seen together: what each is worth as evidence when it is
 * one of many.
 *
 * <p>A test is a feature with a statistic. The p-value of each test counts once, however many rules
 * judge it, and its latest revision counts. A family corrects the p-values of the tests that its
 * rules judge for the number of them that was planned, or for their own number if there are more;
 * tests that gave no p-value thereby make the others no easier to pass. The false discovery rates
 * are over all tests that any rule judges.
 *
 * <p>Cost: O(rules * scores) matches, and a sort for each family.
 */
public final class WindowEvidence {

    /** Names a score within its window. */
    private record Test(String feature, String statistic) {
        static Test of(Score score) {
            return new Test(score.getFeature(), score.getStatistic());
        }
    }

    /** What a family makes of the window's p-values. */
    private record Corrected(double level, int tests, Map<Test, Double> pValues) {}

    private final Map<Test, Score> latest = new LinkedHashMap<>();
    private final Map<String, Corrected> correctedByAlert = new HashMap<>();
    private final Map<Test, Double> qValues;

    private WindowEvidence(List<Rule> rules, List<Family> families, List<Score> scores) {
        for (Score score : scores) {
            latest.merge(
                    Test.of(score), score, (a, b) -> b.getRevision() < a.getRevision() ? a : b);
        }
        for (Family family : families) {
            Corrected corrected = correct(rules, family);
            for (String alert : family.alerts()) {
                if (correctedByAlert.put(alert, corrected) != null) {
                    throw new IllegalArgumentException(
                            "Rule " + alert + " is in two families; it can spend one budget only");
                }
            }
        }
        qValues = adjust(tested(rules), Multiplicity::benjaminiHochberg);
    }

    /**
     * Looks at a window.
     *
     * @param rules all rules; those that are in no family need not be corrected
     * @param families rules that share a budget; a rule is in one of them at most
     * @param scores all scores of one window of one sample, in any order
     * @throws IllegalArgumentException if a rule is in two families
     */
    public static WindowEvidence of(List<Rule> rules, List<Family> families, List<Score> scores) {
        return new WindowEvidence(rules, families, scores);
    }

    /**
     * The evidence that a rule judges. A rule in a family is held to the family's level, another
     * one to its own significance, uncorrected.
     *
     * @param score a score of the window; if it is not the latest revision, that one is looked at
     *     in its place
     * @throws IllegalArgumentException if the score is not of this window
     */
    public Evidence of(Rule rule, Score score) {
        Test test = Test.of(score);
        Score current = latest.get(test);
        if (current == null) {
            throw new IllegalArgumentException(
                    "No score of this window is of "
                            + test.feature()
                            + " and "
                            + test.statistic()
                            + "; give WindowEvidence all of them");
        }
        Corrected family = correctedByAlert.get(rule.alert());
        if (family == null) {
            return new Evidence(current, rule.significance(), null, qValues.get(test), 1);
        }
        Double adjusted = family.pValues().get(test);
        return new Evidence(
                current,
                family.level(),
                adjusted,
                qValues.get(test),
                adjusted == null ? 1 : family.tests());
    }

    private Corrected correct(List<Rule> rules, Family family) {
        List<Rule> members =
                rules.stream().filter(rule -> family.alerts().contains(rule.alert())).toList();
        List<Score> tested = tested(members);
        int tests = Math.max(family.tests(), tested.size());
        Map<Test, Double> pValues =
                adjust(
                        tested,
                        p ->
                                switch (family.correction()) {
                                    case HOLM -> Multiplicity.holm(p, tests);
                                    case BONFERRONI -> Multiplicity.bonferroni(p, tests);
                                });
        return new Corrected(family.level(), tests, pValues);
    }

    /** The latest scores that have a p-value and that any of the rules judges. */
    private List<Score> tested(List<Rule> rules) {
        List<Score> tested = new ArrayList<>();
        for (Score score : latest.values()) {
            if (hasPValue(score) && rules.stream().anyMatch(rule -> rule.matches(score))) {
                tested.add(score);
            }
        }
        return tested;
    }

    private static boolean hasPValue(Score score) {
        Double p = score.getPValue();
        return score.getStatus() == ScoreStatus.scored && p != null && p >= 0 && p <= 1;
    }

    private static Map<Test, Double> adjust(List<Score> scores, UnaryOperator<double[]> method) {
        double[] adjusted = method.apply(scores.stream().mapToDouble(Score::getPValue).toArray());
        Map<Test, Double> byTest = new HashMap<>();
        for (int i = 0; i < adjusted.length; i++) {
            byTest.put(Test.of(scores.get(i)), adjusted[i]);
        }
        return byTest;
    }
}
