package io.driftwatch.alerts.rule;

import io.driftwatch.detectors.significance.DriftSeverity;
import io.driftwatch.detectors.significance.FalseAlarmBudget;
import io.driftwatch.schemas.Direction;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * A rule: which scores it judges, when a score breaches it, and what the alert is then called. A
 * breach is large <em>and</em> significant: beyond the threshold, graded high enough, and not to be
 * explained by chance.
 *
 * @param alert name of the alert, unique among the rules
 * @param statistic name of the statistic that is judged
 * @param direction on which side of the threshold a value breaches
 * @param threshold the limit, in the unit of the statistic; the limit itself does not breach
 * @param byFeature limits of single features that replace {@code threshold}, by feature; copied
 * @param clearLimit a firing alert is not clear before the value is on this limit or on the other
 *     side of it, while it is significant; null for the threshold itself
 * @param minSeverity a score must be graded at least so; null asks for no grade
 * @param significance the largest p-value that still counts, in (0, 1); null asks for none of its
 *     own
 * @param falseAlarms a budget of the rule's own, from which its significance follows; null without
 * @param forWindows breaching windows in a row until the alert fires, at least 1
 * @param keepFiringFor clear windows in a row that a firing alert survives, at least 0
 * @param severity how much it matters
 * @param models selects by model
 * @param versions selects by model version
 * @param features selects by feature
 * @param roles selects by what the column is to the model, as scores say it; none selects all.
 *     Copied
 * @param segments selects by segment
 * @param labels further labels of the alert, templates among them, see {@link AlertTemplate};
 *     copied
 * @param annotations text for people, which replaces our own of the same name, templates among
 *     them; copied
 * @param retrain whether a firing alert asks for a retraining
 */
public record Rule(
        String alert,
        String statistic,
        Direction direction,
        double threshold,
        Map<String, Double> byFeature,
        Double clearLimit,
        DriftSeverity minSeverity,
        Double significance,
        FalseAlarmBudget falseAlarms,
        int forWindows,
        int keepFiringFor,
        Severity severity,
        Selector models,
        Selector versions,
        Selector features,
        Set<String> roles,
        SegmentSelector segments,
        Map<String, String> labels,
        Map<String, String> annotations,
        boolean retrain)
        implements Serializable {

    /** Prefix of the labels that carry segment columns. */
    static final String SEGMENT_LABEL = "segment_";

    private static final Set<String> OWN_LABELS =
            Set.of(
                    "alertname",
                    "severity",
                    "model",
                    "model_version",
                    "feature",
                    "statistic",
                    "stream");

    /**
     * @throws NullPointerException if anything is null that is not said to be
     * @throws IllegalArgumentException if a number is outside its stated range, or significance and
     *     budget are both given
     */
    public Rule {
        Objects.requireNonNull(alert, "alert");
        Objects.requireNonNull(statistic, "statistic");
        Objects.requireNonNull(direction, "direction");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(models, "models");
        Objects.requireNonNull(versions, "versions");
        Objects.requireNonNull(features, "features");
        Objects.requireNonNull(segments, "segments");
        byFeature = Collections.unmodifiableMap(new TreeMap<>(byFeature));
        roles = Set.copyOf(roles);
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
        require(Double.isFinite(threshold), "threshold is not finite");
        require(
                byFeature.values().stream().allMatch(Double::isFinite),
                "a threshold of byFeature is not finite");
        require(clearLimit == null || Double.isFinite(clearLimit), "clearLimit is not finite");
        require(
                significance == null || (significance > 0 && significance < 1),
                "significance is not in (0, 1)");
        require(
                significance == null || falseAlarms == null,
                "significance and falseAlarms exclude each other");
        require(forWindows >= 1, "forWindows is less than 1");
        require(keepFiringFor >= 0, "keepFiringFor is negative");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("Rule: " + otherwise);
        }
    }

    /** Returns a rule for everything that has no further condition; for code and tests. */
    public static Rule of(String alert, String statistic, Direction direction, double threshold) {
        return builder(alert, statistic).threshold(direction, threshold).build();
    }

    /** Begins a rule. */
    public static RuleBuilder builder(String alert, String statistic) {
        return new RuleBuilder(alert, statistic);
    }

    /** Begins a rule that is like this one. */
    public RuleBuilder toBuilder() {
        return new RuleBuilder(this);
    }

    /** Says whether every alert has a label of this name anyway, which no rule can give it. */
    public static boolean isOwnLabel(String name) {
        return OWN_LABELS.contains(name) || name.startsWith(SEGMENT_LABEL);
    }

    /** Says whether the rule judges features of a role. */
    public boolean selectsRole(String role) {
        return roles.isEmpty() || roles.contains(role);
    }

    /**
     * Says whether the rule judges a score: statistic, model, version, feature, role and segment.
     */
    public boolean matches(Score score) {
        return statistic.equals(score.getStatistic())
                && models.matches(score.getModel())
                && versions.matches(score.getModelVersion())
                && features.matches(score.getFeature())
                && selectsRole(score.getRole().name())
                && segments.matches(score.getSegment());
    }

    /** Returns the limit that holds for a feature, in the unit of the statistic. */
    public double thresholdOf(String feature) {
        return byFeature.getOrDefault(feature, threshold);
    }

    /**
     * Says how a score stands to the rule. Where a statistic is only known between proved bounds,
     * the bound that is nearer to the threshold decides, so that a breach is never a rounding of
     * ours. A rule that asks for significance is not breached by a score without a p-value, and one
     * that asks for a grade not by a score without one.
     */
    public Judgement judge(Evidence evidence) {
        Score score = evidence.score();
        if (score.getStatus() != ScoreStatus.scored || score.getValue() == null) {
            return Judgement.UNKNOWN;
        }
        if (!isOnTheSideOfDrift(evidence) || !evidence.isSignificant()) {
            return Judgement.CLEAR;
        }
        if (isBeyond(score) && isGradedHighEnough(score)) {
            return Judgement.BREACH;
        }
        return clearLimit != null && isBeyond(score, clearLimit) ? Judgement.HOLD : Judgement.CLEAR;
    }

    boolean isBeyond(Score score) {
        return isBeyond(score, thresholdOf(score.getFeature()));
    }

    private boolean isBeyond(Score score, double limit) {
        double value = score.getValue();
        return switch (direction) {
            case above -> orElse(score.getLower(), value) > limit;
            case below -> orElse(score.getUpper(), value) < limit;
        };
    }

    /**
     * Where chance is asked about, the value must lie beyond what chance is expected to give, on
     * the rule's side: a rate can be above a threshold and yet have fallen, and that is another
     * drift.
     */
    boolean isOnTheSideOfDrift(Evidence evidence) {
        Double level = evidence.score().getNullLevel();
        if (level == null || (evidence.significance() == null && minSeverity == null)) {
            return true;
        }
        double value = evidence.score().getValue();
        return direction == Direction.above ? value > level : value < level;
    }

    boolean isGradedHighEnough(Score score) {
        if (minSeverity == null) {
            return true;
        }
        if (score.getSeverity() == null) {
            return false;
        }
        DriftSeverity grade =
                switch (score.getSeverity()) {
                    case none -> DriftSeverity.NONE;
                    case info -> DriftSeverity.INFO;
                    case low -> DriftSeverity.LOW;
                    case warning -> DriftSeverity.WARNING;
                    case critical -> DriftSeverity.CRITICAL;
                    case unknown -> null;
                };
        return grade != null && grade.compareTo(minSeverity) >= 0;
    }

    private static double orElse(Double bound, double value) {
        return bound == null ? value : bound;
    }
}
