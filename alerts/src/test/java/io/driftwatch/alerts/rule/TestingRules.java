package io.driftwatch.alerts.rule;

import java.util.Map;

/** Variations of a rule. */
final class TestingRules {
    private TestingRules() {}

    static Rule significant(Rule rule, Double significance) {
        return copy(rule, significance, rule.forWindows(), rule.keepFiringFor(), Map.of());
    }

    static Rule patient(Rule rule, int forWindows, int keepFiringFor) {
        return copy(rule, rule.significance(), forWindows, keepFiringFor, Map.of());
    }

    static Rule annotated(Rule rule, Map<String, String> annotations) {
        return copy(
                rule, rule.significance(), rule.forWindows(), rule.keepFiringFor(), annotations);
    }

    private static Rule copy(
            Rule rule,
            Double significance,
            int forWindows,
            int keepFiringFor,
            Map<String, String> annotations) {
        return new Rule(
                rule.alert(),
                rule.statistic(),
                rule.direction(),
                rule.threshold(),
                significance,
                forWindows,
                keepFiringFor,
                rule.severity(),
                rule.models(),
                rule.versions(),
                rule.features(),
                rule.segments(),
                Map.of("team", "pricing"),
                annotations,
                true);
    }
}
