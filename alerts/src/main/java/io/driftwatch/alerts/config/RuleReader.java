package io.driftwatch.alerts.config;

import io.driftwatch.alerts.rule.Rule;
import io.driftwatch.alerts.rule.SegmentSelector;
import io.driftwatch.alerts.rule.Selector;
import io.driftwatch.alerts.rule.Severity;
import io.driftwatch.schemas.Direction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads the part {@code rules} of the file. */
final class RuleReader {
    private static final Pattern CAMEL_CASE = Pattern.compile("[A-Z][A-Za-z0-9]*");
    private static final Pattern LABEL_NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    private final Problems problems;
    private final Map<String, String> pathsByName = new HashMap<>();

    RuleReader(Problems problems) {
        this.problems = problems;
    }

    List<Rule> read(ConfigMapping root) {
        List<Rule> rules = new ArrayList<>();
        for (ConfigMapping mapping : root.mappings("rules")) {
            rule(mapping).ifPresent(rules::add);
        }
        return rules;
    }

    /** Reads one rule; empty if it has any mistake. */
    private Optional<Rule> rule(ConfigMapping mapping) {
        int mistakesBefore = problems.count();
        String alert = alert(mapping);
        String statistic = statistic(mapping);
        Threshold threshold = threshold(mapping);
        Double significance = significance(mapping);
        int forWindows = (int) mapping.integer("for", 1, 1, Integer.MAX_VALUE);
        int keepFiringFor = (int) mapping.integer("keep_firing_for", 0, 0, Integer.MAX_VALUE);
        Severity severity = mapping.choice("severity", Severity.class, Severity.WARNING);
        Selector models = selector(mapping, "models");
        Selector versions = selector(mapping, "versions");
        Selector features = selector(mapping, "features");
        SegmentSelector segments = segments(mapping);
        Map<String, String> labels = labels(mapping);
        Map<String, String> annotations = mapping.stringMap("annotations");
        boolean retrain = mapping.flag("retrain", false);
        refuseFalseAlarms(mapping);
        mapping.end();
        if (problems.count() > mistakesBefore) {
            return Optional.empty();
        }
        return Optional.of(
                new Rule(
                        alert,
                        statistic,
                        threshold.direction(),
                        threshold.value(),
                        significance,
                        forWindows,
                        keepFiringFor,
                        severity,
                        models,
                        versions,
                        features,
                        segments,
                        labels,
                        annotations,
                        retrain));
    }

    private String alert(ConfigMapping mapping) {
        String alert = mapping.string("alert", null);
        if (alert.isEmpty()) {
            if (mapping.kind("alert") == Kind.SCALAR) {
                mapping.problem("alert", "is empty; use for example FeatureDrift");
            }
            return alert;
        }
        if (!CAMEL_CASE.matcher(alert).matches()) {
            mapping.problem(
                    "alert",
                    Quoted.of(alert) + " is not in CamelCase; use for example FeatureDrift");
        }
        String first = pathsByName.putIfAbsent(alert, mapping.path());
        if (first != null) {
            mapping.problem(
                    "alert",
                    Quoted.of(alert) + " is already the name of " + first + "; use another one");
        }
        return alert;
    }

    private static String statistic(ConfigMapping mapping) {
        String statistic = mapping.string("statistic", null);
        if (mapping.kind("statistic") == Kind.SCALAR && !Rule.STATISTICS.contains(statistic)) {
            mapping.problem(
                    "statistic",
                    Quoted.of(statistic)
                            + " is not a statistic"
                            + Scalars.didYouMean(statistic, Rule.STATISTICS)
                            + " Known: "
                            + String.join(", ", Rule.STATISTICS));
        }
        return statistic;
    }

    private record Threshold(Direction direction, double value) {}

    private static Threshold threshold(ConfigMapping mapping) {
        OptionalDouble above = mapping.optionalNumber("above");
        OptionalDouble below = mapping.optionalNumber("below");
        if (mapping.has("above") && mapping.has("below")) {
            mapping.problem("below", "stands beside above; keep one of the two");
        } else if (!mapping.has("above") && !mapping.has("below")) {
            mapping.problem("above", "missing; give the rule a threshold, for example above: 0.2");
        }
        return below.isPresent()
                ? new Threshold(Direction.below, below.getAsDouble())
                : new Threshold(Direction.above, above.orElse(0));
    }

    private static Double significance(ConfigMapping mapping) {
        OptionalDouble significance = mapping.optionalNumber("significance");
        if (significance.isEmpty()) {
            return null;
        }
        double value = significance.getAsDouble();
        if (value <= 0 || value >= 1) {
            mapping.problem(
                    "significance",
                    Quoted.of(Double.toString(value))
                            + " is not between 0 and 1; use for example 0.001");
        }
        return value;
    }

    private static Selector selector(ConfigMapping mapping, String key) {
        List<String> globs = mapping.strings(key);
        if (mapping.kind(key) == Kind.LIST && globs.isEmpty()) {
            mapping.problem(key, "an empty list selects nothing; leave the key out to select all");
        }
        return globs.isEmpty() ? Selector.ALL : new Selector(globs);
    }

    private static SegmentSelector segments(ConfigMapping mapping) {
        if (!mapping.has("segments")) {
            return SegmentSelector.ALL;
        }
        if (mapping.kind("segments") == Kind.ABSENT) {
            mapping.problem(
                    "segments", "has no value; use {} for the whole model, or leave the key out");
        }
        Map<String, Selector> columns = new TreeMap<>();
        mapping.mapping("segments")
                .ifPresent(inner -> inner.keys().forEach(c -> columns.put(c, selector(inner, c))));
        return new SegmentSelector(false, columns);
    }

    private static Map<String, String> labels(ConfigMapping mapping) {
        Map<String, String> labels = mapping.stringMap("labels");
        for (String name : labels.keySet()) {
            if (!LABEL_NAME.matcher(name).matches()) {
                mapping.problem(
                        "labels",
                        Quoted.of(name) + " is not a label name; use letters, digits and _");
            } else if (Rule.isOwnLabel(name)) {
                mapping.problem(
                        "labels", Quoted.of(name) + " is set by Driftwatch; use another name");
            }
        }
        return labels;
    }

    private static void refuseFalseAlarms(ConfigMapping mapping) {
        if (mapping.has("false_alarms")) {
            mapping.problem(
                    "false_alarms",
                    "not supported yet; use significance, for example significance: 0.001");
        }
    }
}
