package io.driftwatch.alerts.rule;

import static io.driftwatch.alerts.TestingScores.revision;
import static io.driftwatch.alerts.TestingScores.score;
import static io.driftwatch.alerts.TestingScores.unknown;
import static io.driftwatch.alerts.TestingScores.windowEnd;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Direction;
import io.driftwatch.schemas.Score;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleEvaluatorTest {
    private static final Rule AT_ONCE = Rule.of("FeatureDrift", "psi", Direction.above, 0.2);
    private static final double BREACH = 0.31;
    private static final double CLEAR = 0.05;

    private RuleState state;

    private Alert judge(Rule rule, Score score) {
        Evaluation evaluation = RuleEvaluator.evaluate(rule, state, Evidence.alone(rule, score));
        state = evaluation.state();
        return evaluation.transition();
    }

    private static Score letter(char letter, int window) {
        return switch (letter) {
            case 'B' -> score(window, BREACH);
            case 'h' -> score(window, 0.15);
            case 'c' -> score(window, CLEAR);
            default -> unknown(window);
        };
    }

    private static String letter(Alert alert) {
        return alert == null ? "." : alert.getState().name().substring(0, 1);
    }

    /** B breach, c clear, ? unknown; p pending, f firing, r resolved, . nothing to emit. */
    @ParameterizedTest(name = "for {0}, keep {1}: {2} gives {3}")
    @CsvSource({
        "1, 0, cBBcBc,       .f.rfr",
        "1, 0, B?c,          f.r",
        "2, 0, BBc,          pfr",
        "2, 0, BcBB,         prpf",
        "3, 0, BBcBBBBc,     p.rp.f.r",
        "2, 0, B?B,          p.f",
        "2, 0, B??c,         p..r",
        "1, 1, BcBcc,        f...r",
        "1, 2, BcccB,        f..rf",
        "1, 2, Bc?cc,        f...r",
        "2, 1, BBcBcBBcc,    pf......r",
        "2, 3, Bc,           pr",
        "1, 0, ???,          ..."
    })
    void emitsEachChangeOnce(int forWindows, int keepFiringFor, String windows, String expected) {
        Rule rule = TestingRules.patient(AT_ONCE, forWindows, keepFiringFor);
        StringBuilder emitted = new StringBuilder();
        for (int i = 0; i < windows.length(); i++) {
            emitted.append(letter(judge(rule, letter(windows.charAt(i), i + 1))));
        }

        assertThat(emitted).hasToString(expected);
    }

    /** As above, and h is below the threshold but above the limit for the end. */
    @ParameterizedTest(name = "for {0}, keep {1}: {2} gives {3}")
    @CsvSource({
        "1, 0, hBhhc,  .f..r",
        "1, 0, Bhchh,  f.r..",
        "1, 0, BhBhc,  f...r",
        "2, 0, BhBB,   prpf",
        "1, 1, Bchcc,  f...r",
        "1, 0, Bh?hc,  f...r"
    })
    void endsAtALimitOfItsOwn(int forWindows, int keepFiringFor, String windows, String expected) {
        Rule rule =
                TestingRules.patient(
                        AT_ONCE.toBuilder().clearLimit(0.1).build(), forWindows, keepFiringFor);
        StringBuilder emitted = new StringBuilder();
        for (int i = 0; i < windows.length(); i++) {
            emitted.append(letter(judge(rule, letter(windows.charAt(i), i + 1))));
        }

        assertThat(emitted).hasToString(expected);
    }

    @Test
    void aLimitForTheEndHoldsNothingThatChanceExplains() {
        Rule rule = AT_ONCE.toBuilder().clearLimit(0.1).significance(0.01).build();
        Score likely = Score.newBuilder(score(2, 0.15)).setPValue(0.5).build();

        assertThat(judge(rule, Score.newBuilder(score(1, BREACH)).setPValue(1e-6).build()))
                .isNotNull();
        assertThat(judge(rule, likely).getState()).isEqualTo(AlertState.resolved);
    }

    @Test
    void firesBelowAThreshold() {
        Rule below = Rule.of("Flat", "psi", Direction.below, 0.1);

        assertThat(judge(below, score(1, 0.2))).isNull();
        assertThat(judge(below, score(2, 0.05)).getState()).isEqualTo(AlertState.firing);
        assertThat(judge(below, score(3, 0.1)).getState()).isEqualTo(AlertState.resolved);
    }

    @Test
    void countsEpisodesAndSequences() {
        Rule rule = TestingRules.patient(AT_ONCE, 2, 0);
        List<String> emitted = new ArrayList<>();
        String windows = "BcBBBcBB";
        for (int i = 0; i < windows.length(); i++) {
            Alert alert = judge(rule, letter(windows.charAt(i), i + 1));
            if (alert != null) {
                emitted.add(letter(alert) + alert.getEpisode() + "/" + alert.getSequence());
            }
        }

        assertThat(emitted).containsExactly("p1/1", "r1/2", "p2/3", "f2/4", "r2/5", "p3/6", "f3/7");
    }

    @Test
    void anEpisodeLastsFromItsFirstBreachToTheWindowThatResolvesIt() {
        Rule rule = TestingRules.patient(AT_ONCE, 2, 1);
        judge(rule, score(1, BREACH));
        Alert firing = judge(rule, score(2, BREACH));
        judge(rule, score(3, CLEAR));
        Alert resolved = judge(rule, score(4, CLEAR));

        assertThat(firing.getStartsAt()).isEqualTo(windowEnd(1));
        assertThat(firing.getEndsAt()).isNull();
        assertThat(resolved.getStartsAt()).isEqualTo(windowEnd(1));
        assertThat(resolved.getEndsAt()).isEqualTo(windowEnd(4));
        assertThat(resolved.getFingerprint()).isEqualTo(firing.getFingerprint());
    }

    @Test
    void aReplayEmitsNothingNew() {
        judge(AT_ONCE, score(1, BREACH));
        judge(AT_ONCE, revision(1, BREACH, 1));
        RuleState before = state;

        assertThat(judge(AT_ONCE, score(1, CLEAR))).isNull();
        assertThat(judge(AT_ONCE, revision(1, CLEAR, 1))).isNull();
        assertThat(state).isEqualTo(before);
    }

    @Test
    void anOlderWindowChangesNothing() {
        judge(AT_ONCE, score(5, BREACH));
        RuleState before = state;

        assertThat(judge(AT_ONCE, revision(4, CLEAR, 7))).isNull();
        assertThat(state).isEqualTo(before);
    }

    @Test
    void windowsWithoutAnyScoreAreNoClearWindows() {
        Rule rule = TestingRules.patient(AT_ONCE, 2, 0);

        assertThat(letter(judge(rule, score(1, BREACH)))).isEqualTo("p");
        assertThat(letter(judge(rule, score(9, BREACH)))).isEqualTo("f");
    }

    @Test
    void aRevisionThatAgreesEmitsNothing() {
        Rule rule = TestingRules.patient(AT_ONCE, 3, 0);
        judge(rule, score(1, BREACH));
        judge(rule, score(2, BREACH));

        assertThat(judge(rule, revision(2, 0.4, 1))).isNull();
        assertThat(letter(judge(rule, score(3, BREACH)))).isEqualTo("f");
    }

    @Test
    void aRevisionTakesAFiringBack() {
        judge(AT_ONCE, score(1, BREACH));

        Alert taken = judge(AT_ONCE, revision(1, CLEAR, 1));

        assertThat(taken.getState()).isEqualTo(AlertState.resolved);
        assertThat(taken.getEpisode()).isEqualTo(1);
        assertThat(taken.getSequence()).isEqualTo(2);
        assertThat(taken.getReason())
                .isEqualTo("revision 1 of the window changed the verdict: the alert is taken back");
        Alert next = judge(AT_ONCE, score(2, BREACH));
        assertThat(letter(next) + next.getEpisode() + "/" + next.getSequence()).isEqualTo("f2/3");
    }

    @Test
    void aRevisionThatMakesAnEarlierClearWindowBreachLetsTheEpisodeGoOn() {
        judge(AT_ONCE, score(1, BREACH));
        judge(AT_ONCE, score(2, CLEAR));

        Alert again = judge(AT_ONCE, revision(2, BREACH, 1));

        assertThat(letter(again) + again.getEpisode() + "/" + again.getSequence())
                .isEqualTo("f1/3");
        assertThat(again.getStartsAt()).isEqualTo(windowEnd(1));
        Alert resolved = judge(AT_ONCE, score(3, CLEAR));
        assertThat(letter(resolved) + resolved.getEpisode()).isEqualTo("r1");
    }

    @Test
    void aFiringTakenBackToPendingIsResolvedAndMayFireAgain() {
        Rule rule = TestingRules.patient(AT_ONCE, 2, 0);
        judge(rule, score(1, BREACH));
        judge(rule, score(2, BREACH));
        Score withoutValue = Score.newBuilder(unknown(2)).setRevision(1).build();

        Alert taken = judge(rule, withoutValue);
        Alert again = judge(rule, score(3, BREACH));

        assertThat(letter(taken) + taken.getEpisode() + "/" + taken.getSequence())
                .isEqualTo("r1/3");
        assertThat(letter(again) + again.getEpisode() + "/" + again.getSequence())
                .isEqualTo("f1/4");
    }

    @Test
    void revisionsCountBreachesInARowFromTheStateBeforeTheWindow() {
        Rule rule = TestingRules.patient(AT_ONCE, 3, 0);
        judge(rule, score(1, BREACH));
        judge(rule, score(2, BREACH));
        judge(rule, revision(2, BREACH, 1));
        judge(rule, revision(2, BREACH, 2));

        assertThat(state.breaches()).isEqualTo(2);
    }

    @Test
    void theSameScoresGiveTheSameAlerts() {
        List<Score> scores =
                List.of(
                        score(1, BREACH),
                        score(2, CLEAR),
                        revision(2, BREACH, 1),
                        unknown(3),
                        score(4, CLEAR));
        List<Alert> first = scores.stream().map(s -> judge(AT_ONCE, s)).toList();
        state = null;
        List<Alert> second = scores.stream().map(s -> judge(AT_ONCE, s)).toList();

        assertThat(second).isEqualTo(first);
    }

    @Test
    void readsStateThatAnotherVersionLeftEmpty() {
        state = new RuleState(0, 0, null, 0, 0, 0, 0, null, 0, 0, 0, 0, 0, 0, null, 0, 0);

        assertThat(letter(judge(AT_ONCE, score(1, BREACH)))).isEqualTo("f");
    }
}
