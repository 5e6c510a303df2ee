package io.driftwatch.job.live;

import io.driftwatch.alerts.config.ConfigSections;
import io.driftwatch.job.config.FeatureConfig;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.schemas.StreamAccounting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/** What differs between two configurations, and what of it a running job cannot take up. */
public final class ConfigChanges {
    private ConfigChanges() {}

    /**
     * A value that differs.
     *
     * @param path where, such as {@code rules[FeatureDrift].above}
     * @param before null if it was not there
     * @param after null if it is no longer there
     */
    public record Change(String path, String before, String after) {
        @Override
        public String toString() {
            if (before == null) {
                return "+ " + path + ": " + after;
            }
            return after == null
                    ? "- " + path + ": " + before
                    : "~ " + path + ": " + before + " -> " + after;
        }
    }

    /** Returns the single values that differ between two texts, by path. */
    public static List<Change> between(String before, String after) {
        Map<String, String> old = before.isEmpty() ? Map.of() : values(before);
        Map<String, String> now = values(after);
        TreeSet<String> paths = new TreeSet<>(old.keySet());
        paths.addAll(now.keySet());
        return paths.stream()
                .filter(path -> !Objects.equals(old.get(path), now.get(path)))
                .map(path -> new Change(path, old.get(path), now.get(path)))
                .toList();
    }

    /** Says which sections are withheld that were not, and which no longer are. */
    public static List<String> inWithheld(List<String> before, List<String> after) {
        List<String> changes = new ArrayList<>();
        for (String section : after) {
            if (!before.contains(section)) {
                changes.add("+ " + section + ": (withheld)");
            }
        }
        for (String section : before) {
            if (!after.contains(section)) {
                changes.add("- " + section + ": (withheld)");
            }
        }
        return changes;
    }

    private static Map<String, String> values(String text) {
        return ConfigSections.parse(text).values();
    }

    /** Names the models that are new: a job of their own can watch them, beside those that run. */
    public static List<String> newModels(MonitorConfig before, MonitorConfig after) {
        return after.models().stream()
                .map(ModelConfig::name)
                .filter(name -> before.model(name).isEmpty())
                .toList();
    }

    /**
     * Names what only a restart can bring about: where records come from, how they are read and cut
     * into windows, and what a job was not built for.
     *
     * @param job {@code monitor} or {@code notify}: what does not concern a job is no reason for it
     * @return in words; empty if the running job can take all of it up
     */
    public static List<String> needingRestart(
            String job, MonitorConfig before, MonitorConfig after) {
        List<String> reasons = new ArrayList<>();
        if (!before.topics().equals(after.topics())) {
            reasons.add("topics have changed");
        }
        return job.equals(LiveControl.MONITOR)
                ? modelsNeedingRestart(before, after, reasons)
                : deliveryNeedingRestart(before, after, reasons);
    }

    private static List<String> modelsNeedingRestart(
            MonitorConfig before, MonitorConfig after, List<String> reasons) {
        for (ModelConfig model : after.models()) {
            Optional<ModelConfig> old = before.model(model.name());
            old.ifPresent(known -> compare(known, model, reasons));
        }
        for (ModelConfig model : before.models()) {
            if (after.model(model.name()).isEmpty()) {
                reasons.add("model '" + model.name() + "' is gone");
            }
        }
        return reasons;
    }

    private static List<String> deliveryNeedingRestart(
            MonitorConfig before, MonitorConfig after, List<String> reasons) {
        if (!before.alerts().routes().hasReceiver() && after.alerts().routes().hasReceiver()) {
            reasons.add("there were no receivers before");
        }
        if (!before.alerts().retrain().enabled() && after.alerts().retrain().enabled()) {
            reasons.add("retrain was not enabled before");
        }
        return reasons;
    }

    private static void compare(ModelConfig before, ModelConfig after, List<String> reasons) {
        String of = " of model '" + before.name() + "' have changed";
        String one = " of model '" + before.name() + "' has changed";
        if (!Objects.equals(before.versionPath(), after.versionPath())) {
            reasons.add("version" + one);
        }
        if (!before.streams().equals(after.streams())) {
            reasons.add("streams" + of);
        }
        if (!before.segments().equals(after.segments())) {
            reasons.add("segments" + of);
        }
        if (!before.window().size().equals(after.window().size())
                || !before.window().slide().equals(after.window().slide())
                || !before.window().lateness().equals(after.window().lateness())) {
            reasons.add("window" + one);
        }
    }

    /**
     * Names the features by which the records of a model's streams are accounted for and silence is
     * noticed, one for each stream, in a job that is built so.
     *
     * @param features the watched features, all with a type
     */
    static List<StreamAccounting> accounting(ModelConfig model, List<FeatureConfig> features) {
        return model.streams().stream()
                .map(
                        stream ->
                                new StreamAccounting(
                                        model.name(),
                                        stream.role().key(),
                                        FieldPlan.of(model, stream, features)
                                                .anyFeature()
                                                .orElse(null)))
                .toList();
    }

    /**
     * Names what only a restart can bring about in which features are watched: those that account
     * for streams were chosen when the job was built.
     *
     * @param running what a job that runs accounts by; streams that are not among it are of no job
     * @param after the watched features that are wanted, all with a type
     */
    public static List<String> needingRestart(
            Collection<StreamAccounting> running, ModelConfig model, List<FeatureConfig> after) {
        List<String> reasons = new ArrayList<>();
        for (StreamAccounting each : running) {
            Optional<StreamConfig> known =
                    model.streams().stream()
                            .filter(s -> s.role().key().equals(each.getStream()))
                            .findFirst();
            if (!each.getModel().equals(model.name()) || known.isEmpty()) {
                continue;
            }
            Optional<String> accounting = Optional.ofNullable(each.getFeature());
            List<String> now = FieldPlan.of(model, known.get(), after).features();
            String of = "stream " + each.getStream() + " of model '" + model.name() + "'";
            if (accounting.isEmpty() && !now.isEmpty()) {
                reasons.add(of + " had no features before");
            } else if (accounting.isPresent() && !now.contains(accounting.get())) {
                reasons.add(
                        "feature '"
                                + accounting.get()
                                + "' is taken out, by which the records of "
                                + of
                                + " are accounted for");
            }
        }
        return reasons;
    }
}
