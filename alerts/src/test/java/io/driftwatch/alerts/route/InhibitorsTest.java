package io.driftwatch.alerts.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.TestingAlerts;
import io.driftwatch.alerts.route.Inhibitors.Source;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Holds inhibition against Alertmanager's documentation
 * (https://prometheus.io/docs/alerting/latest/configuration/#inhibition-related-settings).
 */
class InhibitorsTest {
    private static InhibitRule rule(String source, String target, String... equal) {
        return new InhibitRule(Matcher.parseAll(source), Matcher.parseAll(target), List.of(equal));
    }

    private static boolean inhibits(
            InhibitRule rule, Map<String, String> firing, Map<String, String> other) {
        Inhibitors inhibitors = new Inhibitors(List.of(rule));
        return inhibitors.inhibit(List.of(new Source(firing, 0, Long.MAX_VALUE)), other, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "critical, a, warning, a, true",
        "critical, a, warning, b, false",
        "critical, a, info, a, false",
        "warning, a, warning, a, false",
        "critical, '', warning, '', true",
    })
    void asksForBothSidesAndForEqualLabels(
            String firing, String model, String severity, String otherModel, boolean expected) {
        InhibitRule rule = rule("severity=critical", "severity=warning", "model", "absent");

        Map<String, String> other = Map.of("severity", severity, "model", otherModel);
        assertThat(inhibits(rule, Map.of("severity", firing, "model", model), other))
                .isEqualTo(expected);
    }

    @Test
    void aMissingLabelEqualsAnEmptyOne() {
        InhibitRule rule = rule("severity=critical", "severity=warning", "model");

        assertThat(
                        inhibits(
                                rule,
                                Map.of("severity", "critical", "model", ""),
                                Map.of("severity", "warning")))
                .isTrue();
    }

    @Test
    void anAlertThatMatchesBothSidesIsNotInhibitedByItsKind() {
        InhibitRule rule = rule("feature=~\".+\"", "severity=warning");
        Map<String, String> both = Map.of("feature", "a", "severity", "warning");

        assertThat(inhibits(rule, both, both)).isFalse();
        assertThat(inhibits(rule, both, Map.of("feature", "b", "severity", "warning"))).isFalse();
        assertThat(inhibits(rule, both, Map.of("severity", "warning"))).isTrue();
        assertThat(inhibits(rule, Map.of("feature", "x", "severity", "critical"), both)).isTrue();
    }

    @Test
    void anAlertInhibitsFromItsFiringToItsEnd() {
        Inhibitors inhibitors =
                new Inhibitors(List.of(rule("severity=critical", "severity=warning")));
        Alert firing = TestingAlerts.alert("a", "critical", AlertState.firing, 1, 1, 0.5);
        Alert again = TestingAlerts.alert("a", "critical", AlertState.firing, 1, 2, 0.6);
        Alert resolved = TestingAlerts.alert("a", "critical", AlertState.resolved, 1, 3, 0.1);
        Map<String, String> warning = Map.of("severity", "warning");

        Source source = Inhibitors.after(null, firing, 100);
        source = Inhibitors.after(source, again, 150);
        assertThat(inhibitors.inhibit(List.of(source), warning, 99)).isFalse();
        assertThat(inhibitors.inhibit(List.of(source), warning, 100)).isTrue();
        assertThat(inhibitors.inhibit(List.of(source), warning, 1_000_000)).isTrue();

        source = Inhibitors.after(source, resolved, 200);
        source = Inhibitors.after(source, resolved, 300);
        assertThat(inhibitors.inhibit(List.of(source), warning, 199)).isTrue();
        assertThat(inhibitors.inhibit(List.of(source), warning, 200)).isFalse();
        assertThat(Inhibitors.isOver(source, 200)).isFalse();
        assertThat(Inhibitors.isOver(source, 200 + 86_400_001L)).isTrue();
        assertThat(inhibitors.isSource(firing)).isTrue();
        assertThat(inhibitors.isSource(TestingAlerts.firing("a", 1, 1))).isFalse();
    }

    @Test
    void whatOnlyPendsInhibitsNothing() {
        Alert pending = TestingAlerts.alert("a", "critical", AlertState.pending, 1, 1, 0.5);

        assertThat(Inhibitors.after(null, pending, 1)).isNull();
        assertThat(
                        Inhibitors.after(
                                null,
                                TestingAlerts.alert("a", "x", AlertState.resolved, 1, 2, 0.1),
                                1))
                .isNull();
    }
}
