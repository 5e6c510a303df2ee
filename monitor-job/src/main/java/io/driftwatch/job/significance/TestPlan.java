package io.driftwatch.job.significance;

import io.driftwatch.alerts.rule.Family;
import io.driftwatch.alerts.rule.Rule;
import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.significance.FalseAlarmBudget;
import io.driftwatch.detectors.statistic.Statistic;
import io.driftwatch.detectors.statistic.Statistics;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.profile.ModelProfiles;
import io.driftwatch.job.profile.ReferenceSample;
import io.driftwatch.job.tally.SampleKey;
import io.driftwatch.schemas.Direction;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The tests that one model makes in every window, and what a budget of false alarms leaves to them.
 *
 * <p>A budget is divided by the linearity of expectation: evenly among the windows that are
 * evaluated in its period, and among the samples (the whole and each segment, of every version in
 * the profile) that its rules judge. What one sample may spend on one window is the level of its
 * family of tests; these are then corrected for their number.
 *
 * @param level the level of one test: where critical values are taken
 * @param familyLevel the level of all tests of one sample's window together; scores below it have a
 *     severity
 * @param families rules that share a budget
 */
public record TestPlan(double level, double familyLevel, List<Family> families)
        implements Serializable {

    public TestPlan {
        families = List.copyOf(families);
    }

    /**
     * The plan of a model whose references are known.
     *
     * @param all rules, of other models too
     */
    public static TestPlan of(ModelConfig model, List<Rule> all, ModelProfiles profiles) {
        List<Rule> rules = all.stream().filter(r -> r.models().matches(model.name())).toList();
        List<Family> families = new ArrayList<>();
        for (Rule rule : rules) {
            if (rule.falseAlarms() != null) {
                add(families, model, List.of(rule), rule.falseAlarms(), profiles);
            }
        }
        FalseAlarmBudget budget = model.significance().budget();
        if (budget == null) {
            double level = model.significance().level();
            return new TestPlan(level, level, families);
        }
        Family shared = add(families, model, sharing(rules), budget, profiles);
        if (shared == null) {
            // Nobody is told; the scores still say what the budget would mean for all of them.
            shared = family(model, everything(model), budget, profiles);
        }
        return shared == null
                ? new TestPlan(model.significance().level(), model.significance().level(), families)
                : new TestPlan(shared.level() / shared.tests(), shared.level(), families);
    }

    /** The rules that use the model's budget: those with no level or budget of their own. */
    private static List<Rule> sharing(List<Rule> rules) {
        return rules.stream()
                .filter(rule -> rule.falseAlarms() == null && rule.significance() == null)
                .toList();
    }

    private static List<Rule> everything(ModelConfig model) {
        return model.statistics().stream()
                .map(statistic -> Rule.of("Any", statistic, Direction.above, 0))
                .toList();
    }

    private static Family add(
            List<Family> families,
            ModelConfig model,
            List<Rule> rules,
            FalseAlarmBudget budget,
            ModelProfiles profiles) {
        Family family = family(model, rules, budget, profiles);
        if (family != null) {
            families.add(family);
        }
        return family;
    }

    /** The family of rules, or null if they test nothing of this model. */
    private static Family family(
            ModelConfig model, List<Rule> rules, FalseAlarmBudget budget, ModelProfiles profiles) {
        int samples = 0;
        int most = 0;
        for (ReferenceSample sample : profiles.samples()) {
            int tests = tests(model, rules, sample);
            samples += tests > 0 ? 1 : 0;
            most = Math.max(most, tests);
        }
        return samples == 0
                ? null
                : new Family(
                        rules.stream().map(Rule::alert).toList(),
                        budget.level(model.window().slide(), samples),
                        most,
                        model.significance().correction());
    }

    /** How many different tests the rules make in one window of a sample. */
    static int tests(ModelConfig model, List<Rule> rules, ReferenceSample sample) {
        Set<List<String>> tests = new HashSet<>();
        for (Rule rule : rules) {
            if (!judges(rule, sample.key())) {
                continue;
            }
            sample.features()
                    .forEach(
                            (feature, profile) -> {
                                if (rule.features().matches(feature)
                                        && rule.selectsRole(model.roleOf(feature))
                                        && isScored(model, feature, profile, rule.statistic())) {
                                    tests.add(List.of(feature, rule.statistic()));
                                }
                            });
        }
        return tests.size();
    }

    static boolean judges(Rule rule, SampleKey key) {
        return rule.models().matches(key.model())
                && rule.versions().matches(key.version())
                && rule.segments().matches(key.segment());
    }

    private static boolean isScored(
            ModelConfig model, String feature, FeatureProfile profile, String name) {
        Statistic statistic = Statistics.named(name).orElse(null);
        return statistic != null
                && statistic.appliesTo(profile.type())
                && model.isWatched(feature)
                && model.statisticsOf(feature).contains(name);
    }

    /**
     * The smallest value of a statistic that some rule wants to tell of; NaN if none does.
     *
     * @param rules rules of any model
     */
    public static double threshold(
            List<Rule> rules, SampleKey sample, String feature, String statistic) {
        return rules.stream()
                .filter(
                        rule ->
                                rule.direction() == Direction.above
                                        && rule.statistic().equals(statistic)
                                        && rule.features().matches(feature)
                                        && judges(rule, sample))
                .mapToDouble(rule -> rule.thresholdOf(feature))
                .filter(threshold -> threshold > 0)
                .min()
                .orElse(Double.NaN);
    }
}
