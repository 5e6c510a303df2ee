package io.driftwatch.alerts.rule;

import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Direction;
import io.driftwatch.schemas.DriftSeverity;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What an alert is called and what it tells people: labels, annotations and reason. */
final class AlertText {
    private static final String NO_VERSION = "default";
    private static final String WHOLE = "*";

    private AlertText() {}

    /** Begins an alert with everything that does not depend on its state. */
    static Alert.Builder alert(Rule rule, Evidence evidence) {
        Score score = evidence.score();
        Map<String, String> labels = labels(rule, score);
        return Alert.newBuilder()
                .setFingerprint(Fingerprint.of(labels))
                .setLabels(labels)
                .setScore(score)
                .setThreshold(rule.thresholdOf(score.getFeature()))
                .setDirection(rule.direction())
                .setSignificance(evidence.significance())
                .setAdjustedPValue(evidence.adjustedPValue())
                .setQValue(evidence.qValue())
                .setRetrain(rule.retrain());
    }

    static Map<String, String> labels(Rule rule, Score score) {
        Map<String, String> labels = new TreeMap<>();
        rule.labels()
                .forEach((name, text) -> labels.put(name, AlertTemplate.label(text, rule, score)));
        score.getSegment()
                .forEach((column, value) -> labels.put(Rule.SEGMENT_LABEL + column, value));
        labels.put("alertname", rule.alert());
        labels.put("severity", rule.severity().label());
        labels.put("model", score.getModel());
        labels.put("model_version", score.getModelVersion());
        labels.put("feature", score.getFeature());
        labels.put("statistic", score.getStatistic());
        return new LinkedHashMap<>(labels);
    }

    static Map<String, String> annotations(Rule rule, Evidence evidence, AlertState state) {
        Map<String, String> annotations = new TreeMap<>();
        annotations.put("summary", summary(rule, evidence, state));
        Score score = evidence.score();
        if (hasValue(score)) {
            String details = details(evidence);
            if (!details.isEmpty()) {
                annotations.put("evidence", details);
            }
            if (score.getLargestChange() != null) {
                annotations.put("largest_change", Figures.change(score.getLargestChange()));
            }
        }
        rule.annotations()
                .forEach(
                        (name, text) ->
                                annotations.put(name, AlertTemplate.annotation(text, rule, score)));
        return new LinkedHashMap<>(annotations);
    }

    private static boolean hasValue(Score score) {
        return score.getStatus() == ScoreStatus.scored && score.getValue() != null;
    }

    private static String summary(Rule rule, Evidence evidence, AlertState state) {
        String verb =
                switch (state) {
                    case pending -> " may have drifted: ";
                    case firing -> " drifted: ";
                    case resolved ->
                            isBackToNormal(rule, evidence.score())
                                    ? " is back to normal: "
                                    : " no longer alarms: ";
                };
        return subject(evidence.score())
                + verb
                + (evidence.story() == null ? comparison(rule, evidence) : evidence.story())
                + " ("
                + String.join(", ", facts(evidence))
                + ")";
    }

    private static String subject(Score score) {
        StringBuilder text = new StringBuilder();
        if (!score.getFeature().equals(WHOLE)) {
            text.append(score.getFeature()).append(" of ");
        }
        text.append(score.getModel());
        if (!score.getModelVersion().equals(NO_VERSION)) {
            text.append(" version ").append(score.getModelVersion());
        }
        new TreeMap<>(score.getSegment())
                .forEach((column, value) -> text.append(", ").append(column + " " + value));
        return text.toString();
    }

    /** States the comparison as it is: "psi 0.31 is above 0.2". */
    private static String comparison(Rule rule, Evidence evidence) {
        Score score = evidence.score();
        if (!hasValue(score)) {
            return score.getStatistic() + " has no value now";
        }
        String limit =
                rule.direction() + " " + Figures.number(rule.thresholdOf(score.getFeature()));
        String value = score.getStatistic() + " " + Figures.value(score);
        if (!isBeyond(rule, score)) {
            return value + " is not " + limit;
        }
        if (!rule.isBeyond(score)) {
            return value + " is not surely " + limit;
        }
        return value + " is " + limit + missing(rule, evidence);
    }

    private static boolean isBeyond(Rule rule, Score score) {
        double limit = rule.thresholdOf(score.getFeature());
        return rule.direction() == Direction.above
                ? score.getValue() > limit
                : score.getValue() < limit;
    }

    private static boolean isBackToNormal(Rule rule, Score score) {
        return hasValue(score) && !isBeyond(rule, score);
    }

    /** Says what a value beyond the threshold lacks to be a breach; empty if nothing. */
    private static String missing(Rule rule, Evidence evidence) {
        if (!rule.isOnTheSideOfDrift(evidence)) {
            return " but not " + rule.direction() + " what to expect without drift";
        }
        if (!evidence.isSignificant()) {
            return " but not significant";
        }
        return rule.isGradedHighEnough(evidence.score())
                ? ""
                : " but not graded " + rule.minSeverity().name().toLowerCase(Locale.ROOT);
    }

    /** What somebody needs to believe the comparison, in a few words each. */
    private static List<String> facts(Evidence evidence) {
        Score score = evidence.score();
        List<String> facts = new ArrayList<>();
        if (hasValue(score)) {
            if (isGraded(score)) {
                facts.add("graded " + score.getSeverity());
            }
            if (score.getNullLevel() != null) {
                facts.add("without drift about " + Figures.number(score.getNullLevel()));
            }
            significance(evidence, facts);
        }
        facts.add(
                Figures.count(score.getCount())
                        + " rows against "
                        + Figures.count(score.getReferenceCount()));
        facts.add(
                "window "
                        + Figures.instant(score.getWindowStart())
                        + " to "
                        + Figures.instant(score.getWindowEnd()));
        return facts;
    }

    private static boolean isGraded(Score score) {
        return score.getSeverity() != null && score.getSeverity() != DriftSeverity.unknown;
    }

    private static void significance(Evidence evidence, List<String> facts) {
        if (evidence.adjustedPValue() != null) {
            facts.add(
                    Figures.pValue(evidence.adjustedPValue())
                            + " corrected for "
                            + Figures.count(evidence.tests())
                            + (evidence.tests() == 1 ? " test" : " tests"));
        } else if (evidence.score().getPValue() != null) {
            facts.add(Figures.pValue(evidence.score().getPValue()));
        } else {
            return;
        }
        if (evidence.significance() != null) {
            facts.add("level " + Figures.number(evidence.significance()));
        }
    }

    /** What the summary has no room for; empty if nothing is known. */
    private static String details(Evidence evidence) {
        Score score = evidence.score();
        List<String> details = new ArrayList<>();
        if (score.getMinimumDetectable() != null) {
            details.add(
                    "the smallest drift seen in 9 of 10 such windows is "
                            + score.getStatistic()
                            + " "
                            + Figures.number(score.getMinimumDetectable()));
        }
        if (score.getOverdispersion() != null && score.getOverdispersion() > 1) {
            details.add(
                    "counts vary "
                            + Figures.number(score.getOverdispersion())
                            + " times as much as independent rows would, which is allowed for");
        }
        if (evidence.adjustedPValue() != null && score.getPValue() != null) {
            details.add(Figures.pValue(score.getPValue()) + " before correction");
        }
        return String.join("; ", details);
    }

    static String reason(Rule rule, Score score, AlertState state, boolean isRevision) {
        String again =
                isRevision
                        ? "revision " + score.getRevision() + " of the window changed the verdict: "
                        : "";
        return again
                + switch (state) {
                    case pending -> "a breach, but not yet " + windows(rule.forWindows());
                    case firing -> "a breach in " + windows(rule.forWindows());
                    case resolved -> resolved(rule, isRevision);
                };
    }

    private static String resolved(Rule rule, boolean isRevision) {
        if (isRevision) {
            return "the alert is taken back";
        }
        return rule.keepFiringFor() == 0
                ? "the window is clear"
                : "more than " + windows(rule.keepFiringFor()) + " clear";
    }

    private static String windows(int count) {
        return count == 1 ? "1 window" : count + " windows in a row";
    }
}
