package io.driftwatch.alerts.deliver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.BinChange;
import io.driftwatch.schemas.DriftSeverity;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.Shape;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A notification as JSON for programs: snake_case names, ISO-8601 times in UTC, shortest round-trip
 * numbers, {@code null} for what is absent. It is the body of the webhook format {@code json} and
 * the data of the CloudEvent.
 */
public final class NotificationData {
    private NotificationData() {}

    /** Writes a notification, all of it. */
    public static ObjectNode of(Notification notification) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("status", notification.getStatus().name());
        data.put("receiver", notification.getReceiver());
        putCause(data, LikelyCause.of(notification.getAlerts()));
        data.put("change", notification.getChange().name());
        data.put("group_key", notification.getGroupKey());
        putMap(data, "group_labels", notification.getGroupLabels());
        ArrayNode incidents = data.putArray("incidents");
        Onset.of(notification.getAlerts()).forEach(onset -> incidents.add(incident(onset)));
        ArrayNode alerts = data.putArray("alerts");
        notification.getAlerts().forEach(alert -> alerts.add(alert(alert)));
        return data;
    }

    private static void putCause(ObjectNode node, Optional<LikelyCause> cause) {
        if (cause.isEmpty()) {
            node.putNull("likely_cause");
            return;
        }
        ObjectNode likely = node.putObject("likely_cause");
        likely.put("kind", cause.get().kind());
        likely.put("reason", cause.get().reason());
    }

    private static ObjectNode incident(Onset onset) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("model", onset.model());
        node.put("model_version", onset.modelVersion());
        node.put("since", text(onset.since()));
        putCause(node, onset.cause());
        ArrayNode fingerprints = node.putArray("fingerprints");
        onset.alerts().forEach(alert -> fingerprints.add(alert.getFingerprint()));
        return node;
    }

    private static ObjectNode alert(Alert alert) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("fingerprint", alert.getFingerprint());
        node.put("episode", alert.getEpisode());
        node.put("sequence", alert.getSequence());
        node.put("state", alert.getState().name());
        putMap(node, "labels", alert.getLabels());
        putMap(node, "annotations", alert.getAnnotations());
        node.put("starts_at", text(alert.getStartsAt()));
        node.put("ends_at", text(alert.getEndsAt()));
        putScore(node, alert.getScore());
        putNumber(node, "threshold", alert.getThreshold());
        node.put("direction", alert.getDirection().name());
        putNumber(node, "significance", alert.getSignificance());
        putNumber(node, "adjusted_p_value", alert.getAdjustedPValue());
        putNumber(node, "q_value", alert.getQValue());
        putNumber(node, "weight", alert.getWeight());
        node.put("rows", alert.getRows());
        node.put("usual_rows", alert.getUsualRows());
        node.put("retrain", alert.getRetrain());
        node.put("reason", alert.getReason());
        return node;
    }

    private static void putScore(ObjectNode node, Score score) {
        node.put("model", score.getModel());
        node.put("model_version", score.getModelVersion());
        putMap(node, "segment", score.getSegment());
        node.put("feature", score.getFeature());
        node.put("role", score.getRole().name());
        node.put("statistic", score.getStatistic());
        putNumber(node, "value", score.getValue());
        putNumber(node, "lower", score.getLower());
        putNumber(node, "upper", score.getUpper());
        putNumber(node, "p_value", score.getPValue());
        putNumber(node, "critical_value", score.getCriticalValue());
        putNumber(node, "null_level", score.getNullLevel());
        putNumber(node, "excess", score.getExcess());
        putNumber(node, "minimum_detectable", score.getMinimumDetectable());
        putNumber(node, "overdispersion", score.getOverdispersion());
        // The label severity is the rule's; this is the score's own.
        node.put("drift_severity", name(score.getSeverity()));
        putChange(node, score.getLargestChange());
        putShape(node, score.getShape());
        node.put("count", score.getCount());
        node.put("reference_count", score.getReferenceCount());
        node.put("window_start", text(score.getWindowStart()));
        node.put("window_end", text(score.getWindowEnd()));
        node.put("revision", score.getRevision());
    }

    private static String name(DriftSeverity severity) {
        return severity == null ? null : severity.name();
    }

    private static void putChange(ObjectNode node, BinChange change) {
        if (change == null) {
            node.putNull("largest_change");
            return;
        }
        ObjectNode inner = node.putObject("largest_change");
        inner.put("bin", change.getBin());
        putNumber(inner, "share", change.getShare());
        putNumber(inner, "reference_share", change.getReferenceShare());
    }

    private static void putShape(ObjectNode node, Shape shape) {
        if (shape == null) {
            node.putNull("shape");
            return;
        }
        ObjectNode inner = node.putObject("shape");
        inner.put("reference", shape.getReference());
        inner.put("window", shape.getWindow());
    }

    /** By name: a map that was restored has another order, and an attempt must not differ by it. */
    private static void putMap(ObjectNode node, String name, Map<String, String> values) {
        ObjectNode map = node.putObject(name);
        new TreeMap<>(values).forEach(map::put);
    }

    /** JSON knows no infinities: they are written as absent. */
    private static void putNumber(ObjectNode node, String name, Double value) {
        if (value == null || !Double.isFinite(value)) {
            node.putNull(name);
        } else {
            node.put(name, value);
        }
    }

    private static String text(Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
