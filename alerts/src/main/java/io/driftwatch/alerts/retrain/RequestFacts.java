package io.driftwatch.alerts.retrain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.RetrainRequest;
import io.driftwatch.schemas.Score;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What recipes and inputs may say of a request, by the names of their placeholders. */
final class RequestFacts {
    /** The whole of it, as an object. */
    static final String EVENT = "event";

    /** Every name. {@code value} has no value if the score has none. */
    static final List<String> NAMES =
            List.of(
                    "request_id",
                    "model",
                    "model_version",
                    "requested_at",
                    "requested_by",
                    "rule",
                    "severity",
                    "fingerprint",
                    "feature",
                    "statistic",
                    "value",
                    "threshold",
                    "count",
                    "window_start",
                    "window_end",
                    "summary",
                    EVENT);

    /** Targets limit what people are to read; Airflow's notes end at 1,000. */
    private static final int LONGEST_SUMMARY = 500;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private RequestFacts() {}

    static Map<String, JsonNode> of(RetrainRequest request) {
        Alert alert = request.getAlert();
        Score score = alert.getScore();
        Map<String, JsonNode> facts = new LinkedHashMap<>();
        text(facts, "request_id", request.getRequestId());
        text(facts, "model", request.getModel());
        text(facts, "model_version", request.getModelVersion());
        text(facts, "requested_at", request.getRequestedAt());
        text(facts, "requested_by", request.getRequestedBy());
        text(facts, "rule", alert.getLabels().getOrDefault("alertname", ""));
        text(facts, "severity", alert.getLabels().getOrDefault("severity", ""));
        text(facts, "fingerprint", alert.getFingerprint());
        text(facts, "feature", score.getFeature());
        text(facts, "statistic", score.getStatistic());
        if (score.getValue() != null) {
            facts.put("value", JSON.numberNode(score.getValue()));
        }
        facts.put("threshold", JSON.numberNode(alert.getThreshold()));
        facts.put("count", JSON.numberNode(score.getCount()));
        text(facts, "window_start", score.getWindowStart());
        text(facts, "window_end", score.getWindowEnd());
        text(facts, "summary", summary(alert));
        facts.put(EVENT, event(facts));
        return Collections.unmodifiableMap(facts);
    }

    private static void text(Map<String, JsonNode> facts, String name, Object value) {
        facts.put(name, JSON.textNode(value.toString()));
    }

    private static String summary(Alert alert) {
        String text = alert.getAnnotations().getOrDefault("summary", alert.getReason());
        return text.codePointCount(0, text.length()) <= LONGEST_SUMMARY
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST_SUMMARY - 1)) + "…";
    }

    /** GitHub takes no more than ten keys at the top. */
    private static ObjectNode event(Map<String, JsonNode> facts) {
        ObjectNode event = JSON.objectNode();
        set(event, facts, "request_id", "model", "model_version");
        ObjectNode reason = event.putObject("reason");
        reason.putArray("alert_ids").add(facts.get("fingerprint"));
        set(reason, facts, "rule", "severity", "summary");
        ObjectNode feature = reason.putArray("features").addObject();
        feature.set("name", facts.get("feature"));
        feature.set("metric", facts.get("statistic"));
        feature.set("value", facts.getOrDefault("value", JSON.nullNode()));
        set(feature, facts, "threshold");
        ObjectNode window = event.putObject("window");
        window.set("start", facts.get("window_start"));
        window.set("end", facts.get("window_end"));
        set(event, facts, "requested_at", "requested_by");
        return event;
    }

    private static void set(ObjectNode object, Map<String, JsonNode> facts, String... names) {
        for (String name : names) {
            object.set(name, facts.get(name));
        }
    }
}
