package io.driftwatch.alerts.deliver;

import io.driftwatch.alerts.rule.Severity;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Alerts of one model version that began in the same window: one incident to people, whatever the
 * number of features in it.
 *
 * @param model name of the model
 * @param modelVersion its version
 * @param since end of the window in which they began
 * @param alerts firing ones first, then by severity, then by the distance to the threshold, times
 *     the weight of the feature; at least one
 */
record Onset(String model, String modelVersion, Instant since, List<Alert> alerts) {
    private static final Comparator<Alert> MOST_IMPORTANT_FIRST =
            Comparator.comparing((Alert alert) -> !isFiring(alert))
                    .thenComparing(Onset::severity, Comparator.reverseOrder())
                    .thenComparing(Onset::importance, Comparator.reverseOrder())
                    .thenComparing(Alert::getFingerprint);

    Onset {
        alerts = alerts.stream().sorted(MOST_IMPORTANT_FIRST).toList();
    }

    private record Key(String model, String modelVersion, Instant since) {
        static Key of(Alert alert) {
            return new Key(
                    alert.getScore().getModel(),
                    alert.getScore().getModelVersion(),
                    alert.getStartsAt());
        }
    }

    /** Returns the incidents in a list of alerts, the one with the most important alert first. */
    static List<Onset> of(List<Alert> alerts) {
        Map<Key, List<Alert>> byKey =
                alerts.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Key::of, LinkedHashMap::new, Collectors.toList()));
        return byKey.entrySet().stream()
                .map(
                        entry ->
                                new Onset(
                                        entry.getKey().model(),
                                        entry.getKey().modelVersion(),
                                        entry.getKey().since(),
                                        entry.getValue()))
                .sorted(Comparator.comparing(onset -> onset.alerts().get(0), MOST_IMPORTANT_FIRST))
                .toList();
    }

    /** Says whether any of them fires. */
    boolean fires() {
        return isFiring(alerts.get(0));
    }

    /** Returns what probably lies behind them; empty if nothing fires or nobody can tell. */
    Optional<LikelyCause> cause() {
        return LikelyCause.of(alerts);
    }

    /** Returns the features, the most important first, each once. */
    List<String> features() {
        return alerts.stream().map(alert -> alert.getScore().getFeature()).distinct().toList();
    }

    /** Returns the features of those that fire, the most important first, each once. */
    List<String> firingFeatures() {
        return alerts.stream()
                .filter(Onset::isFiring)
                .map(alert -> alert.getScore().getFeature())
                .distinct()
                .toList();
    }

    static Severity severity(Alert alert) {
        return Severity.ofLabel(alert.getLabels().get("severity"));
    }

    private static boolean isFiring(Alert alert) {
        return alert.getState() == AlertState.firing;
    }

    private static double importance(Alert alert) {
        Double value = alert.getScore().getValue();
        if (value == null) {
            return -1;
        }
        double distance = Math.abs(value - alert.getThreshold());
        double inThresholds =
                distance / Math.max(Math.abs(alert.getThreshold()), Double.MIN_NORMAL);
        return inThresholds * alert.getWeight();
    }
}
