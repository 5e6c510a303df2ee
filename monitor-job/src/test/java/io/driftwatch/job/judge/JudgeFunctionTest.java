package io.driftwatch.job.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.rule.Combination;
import io.driftwatch.alerts.rule.Correction;
import io.driftwatch.alerts.rule.Family;
import io.driftwatch.alerts.rule.Rule;
import io.driftwatch.job.config.TestingConfig;
import io.driftwatch.job.live.Live;
import io.driftwatch.job.tally.SampleKey;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Score;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class JudgeFunctionTest {
    private static final List<Rule> RULES =
            TestingConfig.read(
                            """
                            models:
                              - name: flights
                                profile: p.avro
                                streams: [{role: inference, topic: t, event_time: at}]
                                window: {size: 1h}
                            rules:
                              - {alert: Drift, statistic: psi, above: 0.2, for: 2}
                            """)
                    .alerts()
                    .rules();

    private static final Set<String> FEATURES =
            Stream.concat(
                            Stream.of("distance", "origin", "carrier", "answer"),
                            Stream.of("abcd".split(""), "f0 f1 f2 f3 f4 f5 f6 f7 f8 f9".split(" "))
                                    .flatMap(Stream::of))
                    .collect(Collectors.toSet());

    private static JudgeFunction judge(
            List<Rule> rules,
            List<Family> families,
            List<Combination> combinations,
            Map<String, Double> weights) {
        return judge(rules, families, combinations, weights, FEATURES);
    }

    private static JudgeFunction judge(
            List<Rule> rules,
            List<Family> families,
            List<Combination> combinations,
            Map<String, Double> weights,
            Set<String> features) {
        return new JudgeFunction(
                Live.fixed(new JudgeSettings(rules, families, combinations, weights, features)));
    }

    private static final class Harness
            extends KeyedOneInputStreamOperatorTestHarness<SampleKey, Score, Alert> {
        Harness() throws Exception {
            this(judge(RULES, List.of(), List.of(), Map.of()));
        }

        Harness(JudgeFunction judge) throws Exception {
            super(
                    new KeyedProcessOperator<>(judge),
                    score -> SampleKey.whole(score.getModel(), score.getModelVersion()),
                    TypeInformation.of(SampleKey.class));
        }

        static Harness open(OperatorSubtaskState state) throws Exception {
            Harness harness = new Harness();
            if (state != null) {
                harness.initializeState(state);
            }
            harness.open();
            return harness;
        }

        void score(String feature, int window, double value, int revision) throws Exception {
            Score score = TestingScores.score(feature, window, value, revision);
            processElement(score, score.getWindowEnd().toEpochMilli() - 1);
        }

        void score(String feature, int window, double value, double pValue, int revision)
                throws Exception {
            Score score = TestingScores.score(feature, window, value, revision);
            score.setPValue(pValue);
            processElement(score, score.getWindowEnd().toEpochMilli() - 1);
        }

        void windowIsOver(int window) throws Exception {
            processWatermark(TestingScores.end(window).toEpochMilli() - 1);
        }

        /** What came out since the last call, such as {@code distance firing 1/2 at 3}. */
        List<String> alerts() {
            List<String> shown =
                    extractOutputValues().stream()
                            .map(
                                    a ->
                                            a.getScore().getFeature()
                                                    + " "
                                                    + a.getState()
                                                    + " "
                                                    + a.getEpisode()
                                                    + "/"
                                                    + a.getSequence())
                            .toList();
            getOutput().clear();
            return shown;
        }
    }

    @Test
    void judgesAllFeaturesOfAWindowTogetherWhenItIsOver() throws Exception {
        try (Harness harness = Harness.open(null)) {
            harness.score("origin", 0, 0.5, 0);
            harness.score("distance", 0, 0.5, 0);
            harness.score("carrier", 0, 0.1, 0);
            assertThat(harness.alerts()).isEmpty();
            harness.windowIsOver(0);
            assertThat(harness.alerts())
                    .containsExactly("distance pending 1/1", "origin pending 1/1");
        }
    }

    @Test
    void judgesWindowsInTheOrderOfTheirEnds() throws Exception {
        try (Harness harness = Harness.open(null)) {
            harness.score("distance", 2, 0.1, 0);
            harness.score("distance", 1, 0.5, 0);
            harness.score("distance", 0, 0.5, 0);
            harness.windowIsOver(5);
            assertThat(harness.alerts())
                    .containsExactly(
                            "distance pending 1/1", "distance firing 1/2", "distance resolved 1/3");
        }
    }

    @Test
    void judgesARevisionOfTheLastWindowAgain() throws Exception {
        try (Harness harness = Harness.open(null)) {
            harness.score("distance", 0, 0.5, 0);
            harness.score("distance", 1, 0.5, 0);
            harness.windowIsOver(1);
            assertThat(harness.alerts())
                    .containsExactly("distance pending 1/1", "distance firing 1/2");
            harness.score("distance", 1, 0.1, 1);
            harness.windowIsOver(2);
            assertThat(harness.alerts()).containsExactly("distance resolved 1/3");
            harness.score("distance", 0, 0.9, 1); // an older window changes nothing
            harness.windowIsOver(3);
            assertThat(harness.alerts()).isEmpty();
        }
    }

    @Test
    void judgesOnlyTheLatestOfRevisionsThatWaitTogether() throws Exception {
        try (Harness harness = Harness.open(null)) {
            harness.score("distance", 0, 0.1, 1);
            harness.score("distance", 0, 0.5, 0);
            harness.windowIsOver(0);
            assertThat(harness.alerts()).isEmpty();
        }
    }

    @Test
    void passesOverScoresThatNoRuleJudges() throws Exception {
        try (Harness harness = Harness.open(null)) {
            Score other =
                    Score.newBuilder(TestingScores.score("distance", 0, 0.5, 0))
                            .setStatistic("ks")
                            .build();
            harness.processElement(other, 0);
            assertThat(harness.numKeyedStateEntries()).isZero();
            assertThat(harness.numEventTimeTimers()).isZero();
        }
    }

    @Test
    void remembersWaitingScoresAndStatesOverARestart() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness = Harness.open(null)) {
            harness.score("distance", 0, 0.5, 0);
            harness.windowIsOver(0);
            harness.score("distance", 1, 0.5, 0);
            state = harness.snapshot(1, 1);
        }
        try (Harness harness = Harness.open(state)) {
            harness.windowIsOver(1);
            assertThat(harness.alerts()).containsExactly("distance firing 1/2");
            harness.score("distance", 1, 0.5, 0); // the same score again
            harness.score("distance", 2, 0.1, 0);
            harness.windowIsOver(2);
            assertThat(harness.alerts()).containsExactly("distance resolved 1/3");
        }
    }

    @Test
    void judgesTheLastWindowsAtTheEndOfTheInput() throws Exception {
        try (Harness harness = Harness.open(null)) {
            harness.score("distance", 0, 0.5, 0);
            harness.score("distance", 1, 0.5, 0);
            harness.processWatermark(Long.MAX_VALUE);
            assertThat(harness.alerts())
                    .containsExactly("distance pending 1/1", "distance firing 1/2");
            assertThat(harness.numEventTimeTimers()).isZero();
        }
    }

    /** Of ten features, nine have drifted; the tenth is significant among them, but not alone. */
    @Test
    void judgesARevisionOfOneFeatureAmongAllTestsOfItsWindow() throws Exception {
        List<Rule> rules =
                TestingConfig.read(
                                """
                                models:
                                  - name: flights
                                    profile: p.avro
                                    streams: [{role: inference, topic: t, event_time: at}]
                                    window: {size: 1h}
                                rules: [{alert: Drift, statistic: psi, above: 0.2}]
                                """)
                        .alerts()
                        .rules();
        Family family = new Family(List.of("Drift"), 0.01, 10, Correction.HOLM);
        try (Harness harness = new Harness(judge(rules, List.of(family), List.of(), Map.of()))) {
            harness.open();
            for (int feature = 0; feature < 9; feature++) {
                harness.score("f" + feature, 0, 0.5, 1e-6, 0);
            }
            harness.score("f9", 0, 0.5, 0.008, 0);
            harness.windowIsOver(0);
            assertThat(harness.alerts()).hasSize(10).contains("f9 firing 1/1");

            harness.score("f9", 0, 0.5, 0.008, 1);
            harness.windowIsOver(0);
            assertThat(harness.alerts()).isEmpty();

            harness.score("f9", 0, 0.5, 0.02, 2);
            harness.windowIsOver(0);
            assertThat(harness.alerts()).containsExactly("f9 resolved 1/2");
        }
    }

    @Test
    void combinesRulesOverAllFeaturesOfAWindowAndRevisesThat() throws Exception {
        AlertsConfig config =
                TestingConfig.read(
                                """
                                models:
                                  - name: flights
                                    profile: p.avro
                                    streams: [{role: inference, topic: t, event_time: at}]
                                    window: {size: 1h}
                                rules:
                                  - {alert: Drift, statistic: psi, above: 0.2, features: [a, b, c, d]}
                                  - {alert: Answers, statistic: psi, above: 0.2, features: [answer]}
                                  - {alert: Both, all_of: [Drift, Answers]}
                                  - {alert: Many, share_of: Drift, above: 0.5}
                                """)
                        .alerts();
        JudgeFunction judge = judge(config.rules(), List.of(), config.combinations(), Map.of());
        try (Harness harness = new Harness(judge)) {
            harness.open();
            for (String feature : List.of("a", "b", "c", "d", "answer")) {
                harness.score(feature, 0, feature.equals("a") ? 0.5 : 0.1, 0);
            }
            harness.windowIsOver(0);
            assertThat(harness.alerts()).containsExactly("a firing 1/1");

            for (String feature : List.of("a", "b", "c", "d", "answer")) {
                harness.score(feature, 1, feature.equals("d") ? 0.1 : 0.5, 0);
            }
            harness.windowIsOver(1);
            assertThat(harness.alerts())
                    .containsExactly(
                            "answer firing 1/1",
                            "b firing 1/1",
                            "c firing 1/1",
                            "* firing 1/1",
                            "* firing 1/1");

            harness.score("answer", 1, 0.1, 1);
            harness.windowIsOver(1);
            assertThat(harness.alerts()).containsExactly("answer resolved 1/2", "* resolved 1/2");
        }
    }

    @Test
    void anAlertKnowsHowManyRowsAreUsualAndHowImportantItsFeatureIs() throws Exception {
        JudgeFunction judge = judge(RULES, List.of(), List.of(), Map.of("distance", 2.5));
        try (Harness harness = new Harness(judge)) {
            harness.open();
            long[] rows = {1000, 1200, 900, 1100, 40};
            for (int window = 0; window < rows.length; window++) {
                Score score = TestingScores.score("distance", window, window == 4 ? 0.5 : 0.1, 0);
                score.setCount(rows[window]);
                harness.processElement(score, score.getWindowEnd().toEpochMilli() - 1);
                Score other = TestingScores.score("origin", window, 0.1, 0);
                other.setCount(rows[window] / 2);
                harness.processElement(other, other.getWindowEnd().toEpochMilli() - 1);
                harness.windowIsOver(window);
            }
            assertThat(harness.extractOutputValues())
                    .singleElement()
                    .satisfies(
                            alert -> {
                                assertThat(alert.getRows()).isEqualTo(40);
                                assertThat(alert.getUsualRows()).isEqualTo(1100);
                                assertThat(alert.getWeight()).isEqualTo(2.5);
                            });
        }
    }

    @Test
    void anAlertWhoseRuleIsGoneOrCalledOtherwiseIsEndedByTheNextWindow() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness = Harness.open(null)) {
            for (int window = 0; window < 2; window++) {
                harness.score("distance", window, 0.5, 0);
                harness.windowIsOver(window);
            }
            assertThat(harness.alerts())
                    .containsExactly("distance pending 1/1", "distance firing 1/2");
            state = harness.snapshot(1, 0);
        }
        List<Rule> others =
                TestingConfig.read(
                                """
                                models:
                                  - name: flights
                                    profile: p.avro
                                    streams: [{role: inference, topic: t, event_time: at}]
                                    window: {size: 1h}
                                rules:
                                  - {alert: Drift, statistic: psi, above: 0.2, severity: critical}
                                """)
                        .alerts()
                        .rules();
        try (Harness harness = new Harness(judge(others, List.of(), List.of(), Map.of()))) {
            harness.initializeState(state);
            harness.open();
            harness.score("distance", 2, 0.1, 0);
            harness.windowIsOver(2);
            assertThat(harness.extractOutputValues())
                    .singleElement()
                    .satisfies(
                            alert -> {
                                assertThat(alert.getState()).isEqualTo(AlertState.resolved);
                                assertThat(alert.getSequence()).isEqualTo(3);
                                assertThat(alert.getLabels()).containsEntry("severity", "warning");
                                assertThat(alert.getEndsAt()).isEqualTo(TestingScores.end(2));
                                assertThat(alert.getReason()).contains("no longer configured");
                            });
            harness.alerts();
            harness.score("distance", 3, 0.5, 0);
            harness.windowIsOver(3);
            assertThat(harness.alerts()).containsExactly("distance firing 2/4");
        }
    }

    @Test
    void anAlertWhoseFeatureIsNoLongerWatchedIsEndedAndNeverBegunAgain() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness = Harness.open(null)) {
            for (int window = 0; window < 2; window++) {
                harness.score("distance", window, 0.5, 0);
                harness.windowIsOver(window);
            }
            harness.score("distance", 2, 0.5, 0);
            state = harness.snapshot(1, 0);
        }
        JudgeFunction without =
                judge(RULES, List.of(), List.of(), Map.of(), Set.of("origin", "carrier"));
        try (Harness harness = new Harness(without)) {
            harness.initializeState(state);
            harness.open();
            harness.windowIsOver(2);
            assertThat(harness.extractOutputValues())
                    .singleElement()
                    .satisfies(
                            alert -> {
                                assertThat(alert.getState()).isEqualTo(AlertState.resolved);
                                assertThat(alert.getEndsAt()).isEqualTo(TestingScores.end(2));
                                assertThat(alert.getReason()).contains("no longer watched");
                            });
            harness.alerts();
            harness.score("origin", 3, 0.1, 0);
            harness.windowIsOver(3);
            assertThat(harness.alerts()).isEmpty();
        }
    }

    @Test
    void anAlertThatItsRuleNoLongerSelectsIsEndedToo() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness = Harness.open(null)) {
            for (int window = 0; window < 2; window++) {
                harness.score("distance", window, 0.5, 0);
                harness.score("origin", window, 0.5, 0);
                harness.windowIsOver(window);
            }
            state = harness.snapshot(1, 0);
        }
        List<Rule> narrower =
                TestingConfig.read(
                                """
                                models:
                                  - name: flights
                                    profile: p.avro
                                    streams: [{role: inference, topic: t, event_time: at}]
                                    window: {size: 1h}
                                rules:
                                  - {alert: Drift, statistic: psi, above: 0.2, for: 2, features: origin}
                                """)
                        .alerts()
                        .rules();
        try (Harness harness = new Harness(judge(narrower, List.of(), List.of(), Map.of()))) {
            harness.initializeState(state);
            harness.open();
            harness.score("distance", 2, 0.5, 0);
            harness.score("origin", 2, 0.5, 0);
            harness.windowIsOver(2);
            assertThat(harness.alerts()).containsExactly("distance resolved 1/3");
        }
    }
}
