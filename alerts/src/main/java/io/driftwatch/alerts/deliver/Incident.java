package io.driftwatch.alerts.deliver;

import io.driftwatch.alerts.rule.Figures;
import io.driftwatch.alerts.rule.NoDataRule;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.NotificationStatus;
import io.driftwatch.schemas.Score;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * What a notification says to people, in words and without the form of any chat: what began
 * together stands together, the most important first. All texts may hold foreign ones.
 *
 * @param title how much fires or is resolved, and where
 * @param fires whether anything fires
 * @param features the features, with commas between them
 * @param items one for each alert
 */
record Incident(String title, boolean fires, String features, List<Item> items) {
    private static final int FEATURES_NAMED = 10;

    /**
     * An alert.
     *
     * @param fires whether it fires or is resolved
     * @param summary one sentence
     * @param facts names and values, in the order in which to show them
     * @param context window, sample size, version and fingerprint
     */
    record Item(boolean fires, String summary, Map<String, String> facts, String context) {
        String mark() {
            return fires ? "🔴 " : "✅ ";
        }
    }

    static Incident of(Notification notification) {
        List<Onset> onsets = Onset.of(notification.getAlerts());
        List<Item> items = new ArrayList<>();
        for (Onset onset : onsets) {
            List<Alert> alerts = onset.alerts();
            items.add(withExplanation(item(alerts.get(0)), onset));
            alerts.stream().skip(1).map(Incident::item).forEach(items::add);
        }
        return new Incident(
                title(notification, onsets),
                notification.getStatus() == NotificationStatus.firing,
                onsets.stream()
                        .flatMap(onset -> onset.features().stream())
                        .distinct()
                        .collect(Collectors.joining(", ")),
                items);
    }

    /** What is said once of all that began together. */
    private static Item withExplanation(Item item, Onset onset) {
        Alert alert = onset.alerts().get(0);
        Map<String, String> facts = new LinkedHashMap<>(item.facts());
        onset.cause().ifPresent(c -> facts.put("Likely", c.kind() + ": " + c.reason()));
        if (onset.firingFeatures().size() > 1) {
            facts.put("Began together", together(onset.firingFeatures()));
        }
        if (!NoDataRule.isOf(alert)) {
            facts.put(
                    "Reproduce",
                    "driftwatch replay -c driftwatch.yaml --from-topic --from "
                            + Figures.instant(alert.getScore().getWindowStart())
                            + " --until "
                            + Figures.instant(alert.getScore().getWindowEnd())
                            + " --output out");
        }
        return new Item(item.fires(), item.summary(), facts, item.context());
    }

    private static String together(List<String> features) {
        List<String> named = features.stream().limit(FEATURES_NAMED).toList();
        int rest = features.size() - named.size();
        return String.join(", ", named)
                + (rest == 0 ? "" : " and " + Figures.count(rest) + " more");
    }

    /**
     * Returns how many items fit, from the first on.
     *
     * @param room what there is for items
     * @param size what one item takes of it
     */
    int fitting(int room, ToIntFunction<Item> size) {
        int left = room;
        int shown = 0;
        for (Item item : items) {
            left -= size.applyAsInt(item);
            if (left < 0) {
                break;
            }
            shown++;
        }
        return shown;
    }

    /** Says how many alerts there are beyond those shown; empty if there are none. */
    String rest(int shown) {
        List<Item> rest = items.subList(shown, items.size());
        if (rest.isEmpty()) {
            return "";
        }
        long firing = rest.stream().filter(Item::fires).count();
        return "… and "
                + Figures.count(rest.size())
                + " more: "
                + Figures.count(firing)
                + " firing, "
                + Figures.count(rest.size() - firing)
                + " resolved";
    }

    private static String title(Notification notification, List<Onset> onsets) {
        String model = CommonLabels.value(notification, "model").orElse("several models");
        long firing = count(notification.getAlerts(), AlertState.firing);
        long resolved = count(notification.getAlerts(), AlertState.resolved);
        if (notification.getStatus() == NotificationStatus.resolved) {
            return "✅ " + resolved + " resolved in " + model;
        }
        String also = resolved == 0 ? "" : ", " + resolved + " resolved";
        long incidents = onsets.stream().filter(Onset::fires).count();
        String several = incidents < 2 ? "" : " in " + incidents + " incidents";
        String likely = onsets.get(0).cause().map(c -> " · likely " + c.kind()).orElse("");
        return "🔴 " + firing + " firing" + several + also + " in " + model + likely;
    }

    private static long count(List<Alert> alerts, AlertState state) {
        return alerts.stream().filter(alert -> alert.getState() == state).count();
    }

    private static Item item(Alert alert) {
        Score score = alert.getScore();
        Map<String, String> facts = new LinkedHashMap<>();
        if (NoDataRule.isOf(alert)) {
            facts.put("Stream", alert.getLabels().getOrDefault("stream", "unknown"));
        } else {
            facts.put("Feature", score.getFeature());
            facts.put("Value", score.getStatistic() + " " + value(alert));
        }
        facts.put("Severity", Onset.severity(alert).label());
        if (score.getPValue() != null) {
            facts.put("Significance", significance(alert));
        }
        if (score.getLargestChange() != null) {
            facts.put("Largest change", Figures.change(score.getLargestChange()));
        }
        if (score.getShape() != null) {
            facts.put(
                    "Reference, window",
                    score.getShape().getReference() + " " + score.getShape().getWindow());
        }
        if (score.getMinimumDetectable() != null) {
            facts.put(
                    "Smallest visible drift",
                    score.getStatistic() + " " + Figures.number(score.getMinimumDetectable()));
        }
        if (!score.getSegment().isEmpty()) {
            facts.put("Segment", segment(score));
        }
        return new Item(
                alert.getState() == AlertState.firing,
                alert.getAnnotations().getOrDefault("summary", alert.getReason()),
                facts,
                context(alert));
    }

    private static String value(Alert alert) {
        return Figures.value(alert.getScore())
                + ", limit "
                + alert.getDirection()
                + " "
                + Figures.number(alert.getThreshold());
    }

    private static String significance(Alert alert) {
        String pValue =
                alert.getAdjustedPValue() == null
                        ? Figures.pValue(alert.getScore().getPValue())
                        : Figures.pValue(alert.getAdjustedPValue()) + " corrected";
        return alert.getSignificance() == null
                ? pValue
                : pValue + ", level " + Figures.number(alert.getSignificance());
    }

    private static String segment(Score score) {
        return new TreeMap<>(score.getSegment())
                .entrySet().stream()
                        .map(column -> column.getKey() + "=" + column.getValue())
                        .collect(Collectors.joining(", "));
    }

    private static String context(Alert alert) {
        return "since "
                + Figures.instant(alert.getStartsAt())
                + " · window "
                + Figures.instant(alert.getScore().getWindowStart())
                + " to "
                + Figures.instant(alert.getScore().getWindowEnd())
                + " · n="
                + Figures.count(alert.getScore().getCount())
                + " · version "
                + alert.getScore().getModelVersion()
                + " · alert "
                + alert.getFingerprint();
    }
}
