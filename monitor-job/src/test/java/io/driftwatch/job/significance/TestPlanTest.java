package io.driftwatch.job.significance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.driftwatch.alerts.rule.Correction;
import io.driftwatch.alerts.rule.Family;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.TestingConfig;
import io.driftwatch.job.profile.ModelProfiles;
import io.driftwatch.job.profile.TestingProfiles;
import io.driftwatch.job.tally.SampleKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestPlanTest {
    private static final String MODEL =
            """
            models:
              - name: flights
                profile: p.avro
                streams: [{role: inference, topic: t, event_time: at}]
                window: {size: 1h, slide: 30m}
                statistics: [psi, ks, new_category_rate]
            """;
    private static final SampleKey WHOLE = SampleKey.whole("flights", "default");
    private static final SampleKey JFK = new SampleKey("flights", "default", "origin", "JFK");
    private static final SampleKey LAX = new SampleKey("flights", "default", "origin", "LAX");

    private static TestPlan plan(String yaml, SampleKey... keys) {
        MonitorConfig config = TestingConfig.read(yaml);
        return TestPlan.of(
                config.models().get(0),
                config.alerts().rules(),
                new ModelProfiles(List.of(keys).stream().map(TestingProfiles::flights).toList()));
    }

    @Test
    void testsAtTheConfiguredLevelWithoutABudget() {
        TestPlan plan =
                plan(
                        MODEL.replace("statistics:", "significance: 0.01\n    statistics:")
                                + "rules: [{alert: Drift, statistic: psi, above: 0.2}]\n",
                        WHOLE);

        assertThat(plan).isEqualTo(new TestPlan(0.01, 0.01, List.of()));
    }

    @Test
    void dividesTheBudgetAmongWindowsSamplesAndTests() {
        TestPlan plan =
                plan(
                        MODEL.replace("statistics:", "false_alarms: 3 per 30d\n    statistics:")
                                + """
                                rules:
                                  - {alert: Drift, statistic: psi, above: 0.2}
                                  - {alert: AgainPsi, statistic: psi, above: 0.5}
                                  - {alert: Shape, statistic: ks, above: 0.2}
                                  - {alert: Own, statistic: new_category_rate, above: 0, significance: 0.1}
                                """,
                        WHOLE,
                        JFK,
                        LAX);

        // 30 days hold 1,440 half hours; three samples; psi of two features and ks of one.
        Family family = plan.families().get(0);
        assertThat(plan.families()).hasSize(1);
        assertThat(family.alerts()).containsExactly("Drift", "AgainPsi", "Shape");
        assertThat(family.level()).isCloseTo(3.0 / 1440 / 3, within(1e-15));
        assertThat(family.tests()).isEqualTo(3);
        assertThat(family.correction()).isEqualTo(Correction.HOLM);
        assertThat(plan.familyLevel()).isEqualTo(family.level());
        assertThat(plan.level()).isCloseTo(3.0 / 1440 / 9, within(1e-15));
    }

    @Test
    void givesSamplesNothingThatNoRuleJudges() {
        TestPlan plan =
                plan(
                        MODEL.replace("statistics:", "false_alarms: 3 per 30d\n    statistics:")
                                + """
                                rules:
                                  - {alert: Drift, statistic: psi, above: 0.2, segments: {}, features: distance}
                                """,
                        WHOLE,
                        JFK,
                        LAX);

        assertThat(plan.families().get(0).level()).isCloseTo(3.0 / 1440, within(1e-15));
        assertThat(plan.families().get(0).tests()).isEqualTo(1);
    }

    @Test
    void makesAFamilyOfARuleWithABudgetOfItsOwn() {
        TestPlan plan =
                plan(
                        MODEL
                                + """
                                rules:
                                  - {alert: Drift, statistic: psi, above: 0.2, false_alarms: 1 per 1d}
                                  - {alert: Plain, statistic: ks, above: 0.2}
                                """,
                        WHOLE);

        assertThat(plan.level()).isEqualTo(0.001);
        assertThat(plan.families())
                .containsExactly(new Family(List.of("Drift"), 1.0 / 48, 2, Correction.HOLM));
    }

    @Test
    void saysWhatABudgetWouldMeanWhereNoRuleUsesIt() {
        TestPlan plan =
                plan(
                        MODEL.replace("statistics:", "false_alarms: 3 per 30d\n    statistics:"),
                        WHOLE);

        assertThat(plan.families()).isEmpty();
        assertThat(plan.level()).isCloseTo(3.0 / 1440 / 4, within(1e-15));
    }

    @Test
    void findsTheSmallestThresholdThatAnyRuleHas() {
        var rules =
                TestingConfig.read(
                                MODEL
                                        + """
                                        rules:
                                          - {alert: A, statistic: psi, above: 0.2, by_feature: {distance: 0.3}}
                                          - {alert: B, statistic: psi, above: 0.25, segments: {origin: JFK}}
                                          - {alert: C, statistic: psi, below: 0.1}
                                          - {alert: D, statistic: psi, min_severity: low}
                                        """)
                        .alerts()
                        .rules();

        assertThat(TestPlan.threshold(rules, WHOLE, "distance", "psi")).isEqualTo(0.3);
        assertThat(TestPlan.threshold(rules, WHOLE, "origin", "psi")).isEqualTo(0.2);
        assertThat(TestPlan.threshold(rules, JFK, "distance", "psi")).isEqualTo(0.25);
        assertThat(TestPlan.threshold(rules, WHOLE, "distance", "ks")).isNaN();
    }
}
