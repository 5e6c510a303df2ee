package io.driftwatch.alerts.config;

import io.driftwatch.alerts.rule.AlertTemplate;
import io.driftwatch.alerts.rule.Combination;
import io.driftwatch.alerts.rule.NoDataRule;
import io.driftwatch.alerts.rule.Rule;
import io.driftwatch.alerts.rule.RuleBuilder;
import io.driftwatch.alerts.rule.SegmentSelector;
import io.driftwatch.alerts.rule.Selector;
import io.driftwatch.alerts.rule.Severity;
import io.driftwatch.detectors.significance.DriftSeverity;
import io.driftwatch.detectors.significance.FalseAlarmBudget;
import io.driftwatch.detectors.statistic.Statistic;
import io.driftwatch.detectors.statistic.Statistics;
import io.driftwatch.schemas.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads the part {@code rules} of the file. */
final class RuleReader {
    private static final Pattern CAMEL_CASE = Pattern.compile("[A-Z][A-Za-z0-9]*");

    /** The one statistic that can be less than 0. */
    private static final String SIGNED = "mean";

    private static final String NO_DATA = "no_data";

    private static final List<String> ROLES = List.of("feature", "prediction", "label");

    private static final Pattern LABEL_NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    private final Problems problems;
    private final Map<String, String> pathsByName = new HashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private final List<Combination> combinations = new ArrayList<>();
    private final List<NoDataRule> noDataRules = new ArrayList<>();

    RuleReader(Problems problems) {
        this.problems = problems;
    }

    /** Reads all of them; a combination may name rules that stand below it. */
    void read(ConfigMapping root) {
        List<ConfigMapping> mappings = root.mappings("rules");
        List<String> names =
                mappings.stream()
                        .filter(mapping -> kind(mapping).isEmpty() && !mapping.has(NO_DATA))
                        .flatMap(mapping -> mapping.optionalString("alert").stream())
                        .toList();
        for (ConfigMapping mapping : mappings) {
            Optional<Combination.Kind> kind = kind(mapping);
            if (mapping.has(NO_DATA)) {
                noData(mapping).ifPresent(noDataRules::add);
            } else if (kind.isPresent()) {
                combination(mapping, kind.get(), names).ifPresent(combinations::add);
            } else {
                rule(mapping).ifPresent(rules::add);
            }
        }
    }

    /** Reads a rule about silence; empty if it has any mistake. */
    private Optional<NoDataRule> noData(ConfigMapping mapping) {
        int mistakesBefore = problems.count();
        String alert = alert(mapping);
        Duration after = mapping.duration(NO_DATA, Duration.ofHours(1));
        if (after.isZero()) {
            mapping.problem(NO_DATA, "must be longer than 0; use for example 2h");
        }
        Severity severity = mapping.choice("severity", Severity.class, Severity.WARNING);
        Selector models = selector(mapping, "models");
        Map<String, String> labels = labels(mapping);
        Map<String, String> annotations = mapping.stringMap("annotations");
        mapping.end();
        return problems.count() > mistakesBefore
                ? Optional.empty()
                : Optional.of(new NoDataRule(alert, after, severity, models, labels, annotations));
    }

    List<NoDataRule> noDataRules() {
        return noDataRules;
    }

    List<Rule> rules() {
        return rules;
    }

    List<Combination> combinations() {
        return combinations;
    }

    private static Optional<Combination.Kind> kind(ConfigMapping mapping) {
        return Arrays.stream(Combination.Kind.values())
                .filter(kind -> mapping.has(kind.label()))
                .findFirst();
    }

    /** Reads a rule about rules; empty if it has any mistake. */
    private Optional<Combination> combination(
            ConfigMapping mapping, Combination.Kind kind, List<String> names) {
        int mistakesBefore = problems.count();
        List<String> of = mapping.strings(kind.label());
        for (String name : of) {
            if (!names.contains(name)) {
                mapping.problem(
                        kind.label(),
                        Quoted.of(name)
                                + " is not the name of a rule that judges a statistic"
                                + Scalars.didYouMean(name, names));
            }
        }
        boolean isShare = kind == Combination.Kind.SHARE_OF;
        if (isShare ? of.size() != 1 : of.size() < 2) {
            mapping.problem(
                    kind.label(),
                    isShare ? "takes the name of one rule" : "takes two rules or more");
        }
        RuleBuilder rule = Rule.builder(alert(mapping), kind.label());
        if (isShare) {
            OptionalDouble above = mapping.optionalNumber("above");
            if (above.isEmpty()) {
                mapping.problem("above", "missing; give it a share, for example above: 0.3");
            } else if (above.getAsDouble() < 0 || above.getAsDouble() >= 1) {
                mapping.problem(
                        "above", "is a share of the features, from 0 to less than 1, such as 0.3");
            }
            rule.threshold(Direction.above, above.orElse(0))
                    .clearLimit(clearLimit(mapping, Map.of(), /* isBelow= */ false));
        } else {
            rule.threshold(Direction.above, kind == Combination.Kind.ALL_OF ? of.size() - 1.0 : 0);
        }
        int top = isShare ? (int) mapping.integer("top", 0, 1, Integer.MAX_VALUE) : 0;
        common(mapping, rule);
        mapping.end();
        return problems.count() > mistakesBefore
                ? Optional.empty()
                : Optional.of(new Combination(rule.build(), kind, of, top));
    }

    /** Reads what rules of all kinds have. */
    private static void common(ConfigMapping mapping, RuleBuilder rule) {
        rule.forWindows((int) mapping.integer("for", 1, 1, Integer.MAX_VALUE))
                .keepFiringFor((int) mapping.integer("keep_firing_for", 0, 0, Integer.MAX_VALUE))
                .severity(mapping.choice("severity", Severity.class, Severity.WARNING))
                .models(selector(mapping, "models"))
                .versions(selector(mapping, "versions"))
                .segments(segments(mapping))
                .labels(labels(mapping))
                .annotations(annotations(mapping))
                .retrain(mapping.flag("retrain", false));
    }

    /** Reads one rule; empty if it has any mistake. */
    private Optional<Rule> rule(ConfigMapping mapping) {
        int mistakesBefore = problems.count();
        String alert = alert(mapping);
        String statistic = statistic(mapping);
        RuleBuilder rule = Rule.builder(alert, statistic);
        Selector features = selector(mapping, "features");
        threshold(mapping, statistic, rule);
        Map<String, Double> byFeature = byFeature(mapping, features);
        rule.byFeature(byFeature)
                .clearLimit(clearLimit(mapping, byFeature, mapping.has("below")))
                .minSeverity(minSeverity(mapping, statistic))
                .significance(significance(mapping))
                .falseAlarms(falseAlarms(mapping))
                .features(features)
                .roles(roles(mapping));
        common(mapping, rule);
        mapping.end();
        return problems.count() > mistakesBefore ? Optional.empty() : Optional.of(rule.build());
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
        List<String> known = Statistics.names();
        if (mapping.kind("statistic") == Kind.SCALAR && !known.contains(statistic)) {
            mapping.problem(
                    "statistic",
                    Quoted.of(statistic)
                            + " is not a statistic"
                            + Scalars.didYouMean(statistic, known)
                            + " Known: "
                            + String.join(", ", known));
        }
        return statistic;
    }

    private static void threshold(ConfigMapping mapping, String statistic, RuleBuilder rule) {
        OptionalDouble above = mapping.optionalNumber("above");
        OptionalDouble below = mapping.optionalNumber("below");
        if (mapping.has("above") && mapping.has("below")) {
            mapping.problem("below", "stands beside above; keep one of the two");
        } else if (!mapping.has("above") && !mapping.has("below")) {
            checkThatNoneIsNeeded(mapping, statistic);
        }
        if (below.isPresent()) {
            rule.threshold(Direction.below, below.getAsDouble());
        } else {
            rule.threshold(Direction.above, above.orElse(0));
        }
    }

    private static void checkThatNoneIsNeeded(ConfigMapping mapping, String statistic) {
        if (!mapping.has("min_severity")) {
            mapping.problem("above", "missing; give the rule a threshold, for example above: 0.2");
        } else if (statistic.equals(SIGNED)) {
            mapping.problem(
                    "above",
                    "missing; min_severity alone stands for above 0, and a "
                            + SIGNED
                            + " may be less; give the rule a threshold");
        }
    }

    private static Map<String, Double> byFeature(ConfigMapping mapping, Selector features) {
        Map<String, Double> thresholds = new TreeMap<>();
        ConfigMapping given = mapping.mapping("by_feature").orElse(null);
        if (given == null) {
            return thresholds;
        }
        for (String feature : given.keys()) {
            given.optionalNumber(feature).ifPresent(limit -> thresholds.put(feature, limit));
            if (feature.isBlank()) {
                given.problem(feature, "is no feature's name; use for example distance: 0.3");
            } else if (feature.contains("*")) {
                given.problem(feature, "is a pattern; by_feature takes whole names only");
            } else if (!features.matches(feature)) {
                given.problem(feature, "is not among the rule's features; add it there");
            }
        }
        return thresholds;
    }

    /** A limit of its own for the end, nearer to normal than each for the beginning. */
    private static Double clearLimit(
            ConfigMapping mapping, Map<String, Double> byFeature, boolean isBelow) {
        String key = isBelow ? "clear_above" : "clear_below";
        String other = isBelow ? "clear_below" : "clear_above";
        if (mapping.has(other)) {
            mapping.problem(
                    other, "does not go with " + (isBelow ? "below" : "above") + "; use " + key);
        }
        OptionalDouble limit = mapping.optionalNumber(key);
        if (limit.isEmpty()) {
            return null;
        }
        List<Double> thresholds = new ArrayList<>(byFeature.values());
        thresholds.add(mapping.optionalNumber(isBelow ? "below" : "above").orElse(0));
        for (double threshold : thresholds) {
            if (isBelow ? limit.getAsDouble() < threshold : limit.getAsDouble() > threshold) {
                mapping.problem(
                        key,
                        Quoted.of(Double.toString(limit.getAsDouble()))
                                + " is beyond the threshold "
                                + threshold
                                + ", so the alert would end before it begins; use a limit nearer"
                                + " to normal");
                break;
            }
        }
        return limit.getAsDouble();
    }

    private static DriftSeverity minSeverity(ConfigMapping mapping, String statistic) {
        if (!mapping.has("min_severity")) {
            return null;
        }
        DriftSeverity least =
                mapping.choice("min_severity", DriftSeverity.class, DriftSeverity.INFO);
        if (least == DriftSeverity.NONE) {
            mapping.problem(
                    "min_severity",
                    "'none' is what chance explains; use info, low, warning or critical");
        } else if (Statistics.named(statistic).filter(RuleReader::isNotGraded).isPresent()) {
            mapping.problem(
                    "min_severity",
                    Quoted.of(statistic)
                            + " has no grade, as it is a test or in the feature's own unit; use it"
                            + " with psi or wasserstein_sd, or remove it");
        }
        return least;
    }

    private static boolean isNotGraded(Statistic statistic) {
        return !statistic.isGraded();
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

    private static FalseAlarmBudget falseAlarms(ConfigMapping mapping) {
        FalseAlarmBudget budget = FalseAlarms.read(mapping, "false_alarms").orElse(null);
        if (mapping.has("false_alarms") && mapping.has("significance")) {
            mapping.problem(
                    "false_alarms",
                    "stands beside significance, which it derives; keep one of the two");
            return null;
        }
        return budget;
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

    private static Set<String> roles(ConfigMapping mapping) {
        List<String> roles = mapping.strings("roles");
        for (String role : roles) {
            if (!ROLES.contains(role)) {
                mapping.problem(
                        "roles", Quoted.of(role) + " is not one of " + String.join(", ", ROLES));
            }
        }
        return Set.copyOf(roles);
    }

    private static Map<String, String> annotations(ConfigMapping mapping) {
        Map<String, String> annotations = mapping.stringMap("annotations");
        annotations.forEach(
                (name, text) ->
                        AlertTemplate.mistakeInAnnotation(text)
                                .ifPresent(
                                        why ->
                                                mapping.problem(
                                                        "annotations",
                                                        Quoted.of(name) + " " + why)));
        return annotations;
    }

    private static Map<String, String> labels(ConfigMapping mapping) {
        Map<String, String> labels = mapping.stringMap("labels");
        labels.forEach(
                (name, text) ->
                        AlertTemplate.mistakeInLabel(text)
                                .ifPresent(
                                        why ->
                                                mapping.problem(
                                                        "labels", Quoted.of(name) + " " + why)));
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
}
