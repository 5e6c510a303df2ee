package io.driftwatch.job.judge;

import io.driftwatch.alerts.rule.Combination;
import io.driftwatch.alerts.rule.Family;
import io.driftwatch.alerts.rule.Rule;
import io.driftwatch.job.config.FeatureConfig;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.profile.LoadedProfiles;
import io.driftwatch.job.profile.ModelProfiles;
import io.driftwatch.job.significance.TestPlan;
import io.driftwatch.job.tally.SeriesKey;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a model's scores are held against.
 *
 * @param rules the rules, of other models too; copied
 * @param families which of the rules share a budget of false alarms; copied
 * @param combinations rules about these rules; copied
 * @param weights how important features are; 1 for one that is missing; copied
 * @param features the watched features; copied
 */
public record JudgeSettings(
        List<Rule> rules,
        List<Family> families,
        List<Combination> combinations,
        Map<String, Double> weights,
        Set<String> features)
        implements Serializable {
    public JudgeSettings {
        rules = List.copyOf(rules);
        families = List.copyOf(families);
        combinations = List.copyOf(combinations);
        weights = Map.copyOf(weights);
        features = Set.copyOf(features);
    }

    /** Says whether scores of a feature are judged; those of the whole always are. */
    boolean isWatched(String feature) {
        return feature.equals(SeriesKey.EVERY_FEATURE) || features.contains(feature);
    }

    /** Those of a model. */
    public static JudgeSettings of(
            MonitorConfig config, ModelConfig model, ModelProfiles profiles) {
        List<Rule> rules = config.alerts().rules();
        return new JudgeSettings(
                rules,
                TestPlan.of(model, rules, profiles).families(),
                config.alerts().combinations(),
                model.weights(),
                LoadedProfiles.columns(profiles).stream()
                        .map(FeatureConfig::name)
                        .filter(model::isWatched)
                        .collect(Collectors.toSet()));
    }
}
