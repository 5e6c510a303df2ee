package io.driftwatch.alerts.rule;

import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Direction;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What an alert is called and what it tells people: labels, annotations and reason. */
final class AlertText {
    private static final String NO_VERSION = "default";
    private static final String WHOLE = "*";

    private AlertText() {}

    /** Begins an alert with everything that does not depend on its state. */
    static Alert.Builder alert(Rule rule, Score score) {
        Map<String, String> labels = labels(rule, score);
        return Alert.newBuilder()
                .setFingerprint(Fingerprint.of(labels))
                .setLabels(labels)
                .setScore(score)
                .setThreshold(rule.threshold())
                .setDirection(rule.direction())
                .setSignificance(rule.significance())
                .setRetrain(rule.retrain());
    }

    private static Map<String, String> labels(Rule rule, Score score) {
        Map<String, String> labels = new TreeMap<>(rule.labels());
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

    static Map<String, String> annotations(Rule rule, Score score, AlertState state) {
        Map<String, String> annotations = new TreeMap<>();
        annotations.put("summary", summary(rule, score, state));
        annotations.putAll(rule.annotations());
        return new LinkedHashMap<>(annotations);
    }

    private static String summary(Rule rule, Score score, AlertState state) {
        String verb =
                switch (state) {
                    case pending -> " may have drifted: ";
                    case firing -> " drifted: ";
                    case resolved -> " is back to normal: ";
                };
        return subject(score) + verb + comparison(rule, score) + evidence(score);
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
    private static String comparison(Rule rule, Score score) {
        if (score.getStatus() != ScoreStatus.scored || score.getValue() == null) {
            return score.getStatistic() + " has no value now";
        }
        String limit = rule.direction() + " " + Figures.number(rule.threshold());
        String value = score.getStatistic() + " " + Figures.value(score);
        if (!isBeyond(rule, score)) {
            return value + " is not " + limit;
        }
        if (!rule.isBeyond(score)) {
            return value + " is not surely " + limit;
        }
        return value + " is " + limit + (rule.isSignificant(score) ? "" : " but not significant");
    }

    private static boolean isBeyond(Rule rule, Score score) {
        return rule.direction() == Direction.above
                ? score.getValue() > rule.threshold()
                : score.getValue() < rule.threshold();
    }

    private static String evidence(Score score) {
        StringBuilder text = new StringBuilder(" (");
        if (score.getPValue() != null) {
            text.append(Figures.pValue(score.getPValue())).append(", ");
        }
        return text.append(Figures.count(score.getCount()))
                .append(" rows against ")
                .append(Figures.count(score.getReferenceCount()))
                .append(", window ")
                .append(Figures.instant(score.getWindowStart()))
                .append(" to ")
                .append(Figures.instant(score.getWindowEnd()))
                .append(")")
                .toString();
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
