package io.driftwatch.job.thresholds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.driftwatch.alerts.config.FalseAlarms;
import io.driftwatch.alerts.rule.Rule;
import io.driftwatch.job.config.TestingConfig;
import io.driftwatch.schemas.DriftSeverity;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThresholdStudyTest {
    private static final Instant START = Instant.parse("2001-06-15T00:00:00Z");
    private static final double LEVEL = 0.001;

    private static Score.Builder psi(int hour, double value, double pValue) {
        return Score.newBuilder()
                .setModel("flights")
                .setModelVersion("default")
                .setSegment(Map.of())
                .setFeature("distance")
                .setStatistic("psi")
                .setValue(value)
                .setCriticalValue(0.0312 + hour * 0.001)
                .setPValue(pValue)
                .setSeverity(pValue < LEVEL ? DriftSeverity.low : DriftSeverity.none)
                .setCount(1000 + hour)
                .setReferenceCount(50_000)
                .setWindowStart(START.plus(Duration.ofHours(hour)))
                .setWindowEnd(START.plus(Duration.ofHours(hour + 1)))
                .setStatus(ScoreStatus.scored)
                .setRevision(0);
    }

    private static Proposal propose(Method method, Score... scores) {
        ThresholdStudy study = new ThresholdStudy(method, LEVEL);
        for (Score score : scores) {
            study.add(score);
        }
        assertThat(study.proposals()).hasSize(1);
        return study.proposals().get(0);
    }

    private static Score[] history() {
        return new Score[] {
            psi(0, 0.01, 0.3).build(),
            psi(1, 0.02, 0.1).build(),
            psi(2, 0.15, 1e-9).build(),
            psi(3, 0.04, 0.002).build(),
            psi(4, 0.012, 0.25).build()
        };
    }

    @Test
    void proposesTheCriticalValueOfTheMedianWindowByLaw() {
        Proposal proposal = propose(Method.LAW, history());

        assertThat(proposal.windows()).isEqualTo(5);
        assertThat(proposal.count()).isEqualTo(1002);
        assertThat(proposal.median()).isEqualTo(0.02);
        assertThat(proposal.largest()).isEqualTo(0.15);
        assertThat(proposal.law()).isCloseTo(0.0332, within(1e-12));
        assertThat(proposal.threshold()).isEqualTo(0.034);
        // The window of 0.04 is beyond it, but not significant.
        assertThat(proposal.fired()).containsExactly(START.plus(Duration.ofHours(2)));
    }

    @Test
    void proposesWhatNothingOfHistoryExceeds() {
        Proposal proposal = propose(Method.HISTORY, history());

        assertThat(proposal.threshold()).isEqualTo(0.15);
        assertThat(proposal.fired()).isEmpty();
    }

    @Test
    void proposesMeanAndThreeStandardDeviations() {
        Proposal proposal = propose(Method.MEAN_3SD, history());

        double mean = (0.01 + 0.02 + 0.15 + 0.04 + 0.012) / 5;
        double squares = 0;
        for (double value : new double[] {0.01, 0.02, 0.15, 0.04, 0.012}) {
            squares += (value - mean) * (value - mean);
        }
        assertThat(proposal.mean3sd()).isCloseTo(mean + 3 * Math.sqrt(squares / 4), within(1e-12));
        assertThat(proposal.threshold()).isGreaterThanOrEqualTo(proposal.mean3sd());
    }

    @Test
    void takesTheLargestValueWhereThereIsNoLaw() {
        Proposal one = propose(Method.LAW, psi(0, 0.0123, 0.2).setCriticalValue(null).build());

        assertThat(one.law()).isNaN();
        assertThat(one.mean3sd()).isNaN();
        assertThat(one.threshold()).isEqualTo(0.013);
    }

    @Test
    void doesNotFireWithoutAGrade() {
        Proposal proposal =
                propose(
                        Method.LAW,
                        psi(0, 0.01, 0.3).build(),
                        psi(1, 0.5, 1e-9).setSeverity(null).build());

        assertThat(proposal.fired()).isEmpty();
    }

    @Test
    void passesOverWhatSaysNothingOfTheWholeModel() {
        ThresholdStudy study = new ThresholdStudy(Method.LAW, LEVEL);
        study.add(psi(0, 0.1, 0.1).setSegment(Map.of("origin", "JFK")).build());
        study.add(psi(0, 0.1, 0.1).setStatistic("chi2").build());
        study.add(psi(0, 0.1, 0.1).setStatistic("mean").build());
        study.add(psi(0, 0.1, 0.1).setStatus(ScoreStatus.insufficient_data).setValue(null).build());

        assertThat(study.proposals()).isEmpty();
    }

    @Test
    void asksForAShareThatMattersHoweverSignificantARateIs() {
        Proposal rate =
                propose(
                        Method.LAW,
                        psi(0, 0.002, 1e-9)
                                .setStatistic("missing_rate")
                                .setCriticalValue(1e-5)
                                .build());

        assertThat(rate.threshold()).isEqualTo(0.01);
        assertThat(rate.fired()).isEmpty();
    }

    @Test
    void writesRulesThatTheConfigurationReads() {
        ThresholdStudy study = new ThresholdStudy(Method.LAW, LEVEL);
        study.add(psi(0, 0.01, 0.3).build());
        study.add(psi(0, 0.01, 0.3).setFeature("a: [b] 'ö' #1").setCriticalValue(0.5).build());
        study.add(psi(0, 0.01, 0.3).setFeature("null").setCriticalValue(0.07).build());
        study.add(psi(0, 0, 1.0).setStatistic("new_category_rate").setFeature("origin").build());

        String text =
                RuleFragment.of(
                        "flights", study.proposals(), Method.LAW, FalseAlarms.parse("1 per 30d"));
        List<Rule> rules =
                TestingConfig.read(
                                """
                                models:
                                  - name: flights
                                    profile: p.avro
                                    streams: [{role: inference, topic: t, event_time: at}]
                                    window: {size: 1h}
                                """
                                        + text)
                        .alerts()
                        .rules();

        assertThat(rules)
                .extracting(Rule::alert)
                .containsExactly("PsiDrift", "NewCategoryRateDrift");
        Rule psi = rules.get(0);
        assertThat(psi.thresholdOf("distance")).isEqualTo(0.032);
        assertThat(psi.thresholdOf("a: [b] 'ö' #1")).isEqualTo(0.5);
        assertThat(psi.thresholdOf("null")).isEqualTo(0.07);
        assertThat(psi.features().matches("null")).isTrue();
        assertThat(psi.features().matches("other")).isFalse();
        assertThat(psi.falseAlarms().falseAlarms()).isEqualTo(0.75);
        assertThat(psi.minSeverity())
                .isEqualTo(io.driftwatch.detectors.significance.DriftSeverity.LOW);
        assertThat(rules.get(1).minSeverity()).isNull();
        assertThat(rules.get(1).falseAlarms().falseAlarms()).isEqualTo(0.25);
    }

    @Test
    void writesPlainThresholdsForMeanAndThreeStandardDeviations() {
        String text =
                RuleFragment.of(
                        "flights",
                        List.of(propose(Method.MEAN_3SD, history())),
                        Method.MEAN_3SD,
                        FalseAlarms.parse("1 per 30d"));

        assertThat(text).contains("above: ").doesNotContain("false_alarms", "min_severity");
    }
}
