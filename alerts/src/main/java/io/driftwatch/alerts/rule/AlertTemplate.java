package io.driftwatch.alerts.rule;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Labels and annotations of a rule as Mustache templates: {@code {{feature}} of {{model}}}. Labels
 * may hold what identifies the alert ({@code alertname}, {@code model}, {@code model_version},
 * {@code feature}, {@code statistic}, {@code role}, {@code segment.COLUMN}) and nothing that
 * changes from window to window, or every window would make another alert of it; annotations may
 * hold also {@code value}, {@code threshold}, {@code p_value}, {@code count}, {@code
 * reference_count}, {@code window_start} and {@code window_end}. What is filled in is data: nothing
 * in it is escaped here, and nothing in it is a template.
 */
public final class AlertTemplate {
    private static final String OPENING = "{{";
    private static final String UNKNOWN = "unknown";

    private AlertTemplate() {}

    /** Says what is wrong with the template of a label; empty if nothing is. */
    public static Optional<String> mistakeInLabel(String template) {
        if (!template.contains(OPENING)) {
            return Optional.empty();
        }
        return mistake(template, identity("x", exampleScore()));
    }

    /** Says what is wrong with the template of an annotation; empty if nothing is. */
    public static Optional<String> mistakeInAnnotation(String template) {
        if (!template.contains(OPENING)) {
            return Optional.empty();
        }
        Map<String, Object> context = identity("x", exampleScore());
        putFigures(context, exampleScore(), 0);
        return mistake(template, context);
    }

    private static Optional<String> mistake(String template, Map<String, Object> context) {
        // The library takes one that is left open for text.
        if (template.split("\\{\\{", -1).length != template.split("}}", -1).length) {
            return Optional.of("is not a template that can be filled: a {{ lacks its }}");
        }
        try {
            render(template, context);
            return Optional.empty();
        } catch (MustacheException e) {
            return Optional.of(
                    "is not a template that can be filled ("
                            + e.getMessage().strip()
                            + "); known here: "
                            + String.join(", ", context.keySet()));
        }
    }

    static String label(String template, Rule rule, Score score) {
        return render(template, identity(rule.alert(), score));
    }

    static String annotation(String template, Rule rule, Score score) {
        Map<String, Object> context = identity(rule.alert(), score);
        putFigures(context, score, rule.thresholdOf(score.getFeature()));
        return render(template, context);
    }

    private static String render(String template, Map<String, Object> context) {
        return template.contains(OPENING)
                ? Mustache.compiler().escapeHTML(false).compile(template).execute(context)
                : template;
    }

    private static Map<String, Object> identity(String alert, Score score) {
        Map<String, Object> context = new TreeMap<>();
        context.put("alertname", alert);
        context.put("model", score.getModel());
        context.put("model_version", score.getModelVersion());
        context.put("feature", score.getFeature());
        context.put("statistic", score.getStatistic());
        context.put("role", score.getRole().name());
        context.put("segment", new Segment(score.getSegment()));
        return context;
    }

    /** A column that the alert's sample is not a segment of is empty. */
    private record Segment(Map<String, String> columns) implements Mustache.CustomContext {
        @Override
        public Object get(String name) {
            return columns.getOrDefault(name, "");
        }
    }

    private static void putFigures(Map<String, Object> context, Score score, double threshold) {
        context.put("value", Figures.value(score));
        context.put("threshold", Figures.number(threshold));
        context.put(
                "p_value", score.getPValue() == null ? UNKNOWN : Figures.pValue(score.getPValue()));
        context.put("count", Figures.count(score.getCount()));
        context.put("reference_count", Figures.count(score.getReferenceCount()));
        context.put("window_start", Figures.instant(score.getWindowStart()));
        context.put("window_end", Figures.instant(score.getWindowEnd()));
    }

    private static Score exampleScore() {
        ClassTrust.ensure();
        return Score.newBuilder()
                .setModel("x")
                .setModelVersion("x")
                .setSegment(Map.of())
                .setFeature("x")
                .setStatistic("x")
                .setCount(0)
                .setReferenceCount(0)
                .setWindowStart(Instant.EPOCH)
                .setWindowEnd(Instant.EPOCH)
                .setStatus(ScoreStatus.scored)
                .setRevision(0)
                .build();
    }
}
