package io.driftwatch.alerts.rule;

import java.util.Map;

/** Variations of a rule. */
final class TestingRules {
    private TestingRules() {}

    static Rule significant(Rule rule, Double significance) {
        return rule.toBuilder().significance(significance).build();
    }

    static Rule patient(Rule rule, int forWindows, int keepFiringFor) {
        return rule.toBuilder().forWindows(forWindows).keepFiringFor(keepFiringFor).build();
    }

    static Rule annotated(Rule rule, Map<String, String> annotations) {
        return rule.toBuilder().annotations(annotations).build();
    }
}
