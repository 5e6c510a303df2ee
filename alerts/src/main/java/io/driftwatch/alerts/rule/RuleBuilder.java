package io.driftwatch.alerts.rule;

import io.driftwatch.detectors.significance.DriftSeverity;
import io.driftwatch.detectors.significance.FalseAlarmBudget;
import io.driftwatch.schemas.Direction;
import java.util.Map;
import java.util.Set;

/**
 * Names the parts of a {@link Rule} one by one. What is not named: any value above 0, in every
 * window, feature and segment of every model, a {@link Severity#WARNING} after one window. Nothing
 * is checked before {@link #build}.
 */
public final class RuleBuilder {
    private final String alert;
    private final String statistic;
    private Direction direction = Direction.above;
    private double threshold;
    private Map<String, Double> byFeature = Map.of();
    private Double clearLimit;
    private DriftSeverity minSeverity;
    private Double significance;
    private FalseAlarmBudget falseAlarms;
    private int forWindows = 1;
    private int keepFiringFor;
    private Severity severity = Severity.WARNING;
    private Selector models = Selector.ALL;
    private Selector versions = Selector.ALL;
    private Selector features = Selector.ALL;
    private Set<String> roles = Set.of();
    private SegmentSelector segments = SegmentSelector.ALL;
    private Map<String, String> labels = Map.of();
    private Map<String, String> annotations = Map.of();
    private boolean retrain;

    RuleBuilder(String alert, String statistic) {
        this.alert = alert;
        this.statistic = statistic;
    }

    RuleBuilder(Rule rule) {
        this(rule.alert(), rule.statistic());
        direction = rule.direction();
        threshold = rule.threshold();
        byFeature = rule.byFeature();
        clearLimit = rule.clearLimit();
        minSeverity = rule.minSeverity();
        significance = rule.significance();
        falseAlarms = rule.falseAlarms();
        forWindows = rule.forWindows();
        keepFiringFor = rule.keepFiringFor();
        severity = rule.severity();
        models = rule.models();
        versions = rule.versions();
        features = rule.features();
        roles = rule.roles();
        segments = rule.segments();
        labels = rule.labels();
        annotations = rule.annotations();
        retrain = rule.retrain();
    }

    /** See {@link Rule#direction} and {@link Rule#threshold}. */
    public RuleBuilder threshold(Direction side, double limit) {
        direction = side;
        threshold = limit;
        return this;
    }

    /** See {@link Rule#byFeature}. */
    public RuleBuilder byFeature(Map<String, Double> thresholds) {
        byFeature = thresholds;
        return this;
    }

    /** See {@link Rule#clearLimit}. */
    public RuleBuilder clearLimit(Double limitOrNull) {
        clearLimit = limitOrNull;
        return this;
    }

    /** See {@link Rule#minSeverity}. */
    public RuleBuilder minSeverity(DriftSeverity leastOrNull) {
        minSeverity = leastOrNull;
        return this;
    }

    /** See {@link Rule#significance}. */
    public RuleBuilder significance(Double levelOrNull) {
        significance = levelOrNull;
        return this;
    }

    /** See {@link Rule#falseAlarms}. */
    public RuleBuilder falseAlarms(FalseAlarmBudget budgetOrNull) {
        falseAlarms = budgetOrNull;
        return this;
    }

    /** See {@link Rule#forWindows}. */
    public RuleBuilder forWindows(int windows) {
        forWindows = windows;
        return this;
    }

    /** See {@link Rule#keepFiringFor}. */
    public RuleBuilder keepFiringFor(int windows) {
        keepFiringFor = windows;
        return this;
    }

    /** See {@link Rule#severity}. */
    public RuleBuilder severity(Severity label) {
        severity = label;
        return this;
    }

    /** See {@link Rule#models}. */
    public RuleBuilder models(Selector names) {
        models = names;
        return this;
    }

    /** See {@link Rule#versions}. */
    public RuleBuilder versions(Selector names) {
        versions = names;
        return this;
    }

    /** See {@link Rule#features}. */
    public RuleBuilder features(Selector names) {
        features = names;
        return this;
    }

    /** See {@link Rule#roles}. */
    public RuleBuilder roles(Set<String> selected) {
        roles = selected;
        return this;
    }

    /** See {@link Rule#segments}. */
    public RuleBuilder segments(SegmentSelector selected) {
        segments = selected;
        return this;
    }

    /** See {@link Rule#labels}. */
    public RuleBuilder labels(Map<String, String> further) {
        labels = further;
        return this;
    }

    /** See {@link Rule#annotations}. */
    public RuleBuilder annotations(Map<String, String> texts) {
        annotations = texts;
        return this;
    }

    /** See {@link Rule#retrain}. */
    public RuleBuilder retrain(boolean asks) {
        retrain = asks;
        return this;
    }

    /**
     * Makes the rule.
     *
     * @throws NullPointerException if anything that must not be null is
     * @throws IllegalArgumentException if anything is outside its stated range
     */
    public Rule build() {
        return new Rule(
                alert,
                statistic,
                direction,
                threshold,
                byFeature,
                clearLimit,
                minSeverity,
                significance,
                falseAlarms,
                forWindows,
                keepFiringFor,
                severity,
                models,
                versions,
                features,
                roles,
                segments,
                labels,
                annotations,
                retrain);
    }
}
