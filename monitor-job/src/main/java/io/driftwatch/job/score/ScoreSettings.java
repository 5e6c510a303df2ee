package io.driftwatch.job.score;

import io.driftwatch.alerts.rule.Rule;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.profile.ModelProfiles;
import io.driftwatch.job.significance.TestPlan;
import java.util.List;

/**
 * What windows of a model are scored by.
 *
 * @param model statistics, smoothing and significance
 * @param rules decide how large a window must be to be of use to them; copied
 * @param plan levels of the tests
 * @param profiles what windows are compared with
 */
public record ScoreSettings(
        ModelConfig model, List<Rule> rules, TestPlan plan, ModelProfiles profiles) {
    public ScoreSettings {
        rules = List.copyOf(rules);
    }

    /** Those of a configuration. */
    public static ScoreSettings of(
            MonitorConfig config, ModelConfig model, ModelProfiles profiles) {
        List<Rule> rules = config.alerts().rules();
        return new ScoreSettings(model, rules, TestPlan.of(model, rules, profiles), profiles);
    }
}
