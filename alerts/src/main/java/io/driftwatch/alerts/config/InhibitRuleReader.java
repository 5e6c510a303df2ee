package io.driftwatch.alerts.config;

import io.driftwatch.alerts.route.InhibitRule;
import io.driftwatch.alerts.route.Matcher;
import java.util.ArrayList;
import java.util.List;

/** Reads the part {@code inhibit_rules} of the file. */
final class InhibitRuleReader {
    private InhibitRuleReader() {}

    static List<InhibitRule> read(ConfigMapping root) {
        List<InhibitRule> rules = new ArrayList<>();
        for (ConfigMapping mapping : root.mappings("inhibit_rules")) {
            List<Matcher> source = side(mapping, "source_matchers");
            List<Matcher> target = side(mapping, "target_matchers");
            rules.add(new InhibitRule(source, target, mapping.strings("equal")));
            mapping.end();
        }
        return rules;
    }

    /** Without matchers a side would match every alert, which nobody means. */
    private static List<Matcher> side(ConfigMapping mapping, String key) {
        if (mapping.kind(key) == Kind.ABSENT || mapping.strings(key).isEmpty()) {
            mapping.problem(key, "missing; say which alerts, for example ['alertname=\"NoData\"']");
            return List.of();
        }
        return RouteReader.matchers(mapping, key);
    }
}
