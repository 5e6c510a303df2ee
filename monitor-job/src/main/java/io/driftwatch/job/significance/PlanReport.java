package io.driftwatch.job.significance;

import io.driftwatch.alerts.config.Durations;
import io.driftwatch.alerts.config.FalseAlarms;
import io.driftwatch.alerts.rule.Rule;
import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.significance.FalseAlarmBudget;
import io.driftwatch.detectors.statistic.Statistic;
import io.driftwatch.detectors.statistic.Statistics;
import io.driftwatch.detectors.statistic.Trial;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.profile.ModelProfiles;
import io.driftwatch.job.profile.ReferenceSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a configuration means in numbers, before any data has come: levels, what windows of the
 * expected size can see, how many false alarms to expect, and what is wrong with that.
 *
 * @param model whose configuration it is
 * @param plan the tests and their levels
 * @param rows rows to expect in a window of the whole; {@link #EXAMPLE_ROWS} where not known
 * @param rowsKnown whether the reference's times say so
 * @param windows what to expect of each watched feature, of the first version
 * @param uncovered how many false alarms in 30 days rules without a budget can raise, at most
 * @param warnings what is allowed but hardly meant
 */
public record PlanReport(
        ModelConfig model,
        TestPlan plan,
        double rows,
        boolean rowsKnown,
        List<ExpectedWindow> windows,
        double uncovered,
        List<String> warnings) {

    /** Stands in where the reference does not say how many rows a window holds. */
    public static final long EXAMPLE_ROWS = 1000;

    /** The time for which false alarms are counted. */
    public static final Duration PERIOD = Duration.ofDays(30);

    /** Beyond this share of the reference, the rate of false alarms hangs on its own chance. */
    private static final double MOST_OF_REFERENCE = 0.1;

    public PlanReport {
        windows = List.copyOf(windows);
        warnings = List.copyOf(warnings);
    }

    /** The report on one model. */
    public static PlanReport of(ModelConfig model, List<Rule> rules, ModelProfiles profiles) {
        TestPlan plan = TestPlan.of(model, rules, profiles);
        ReferenceSample whole = profiles.whole(profiles.versions().iterator().next());
        double known = ExpectedWindow.rows(whole, model.window().size());
        double rows = Double.isNaN(known) ? EXAMPLE_ROWS : known;
        List<ExpectedWindow> windows =
                whole.features().keySet().stream()
                        .filter(model::isWatched)
                        .map(feature -> ExpectedWindow.of(whole, feature, rows, plan.level()))
                        .toList();
        PlanReport report =
                new PlanReport(
                        model,
                        plan,
                        rows,
                        !Double.isNaN(known),
                        windows,
                        uncovered(model, rules, profiles),
                        List.of());
        return report.withWarnings(report.warn(rules, whole));
    }

    private PlanReport withWarnings(List<String> found) {
        return new PlanReport(model, plan, rows, rowsKnown, windows, uncovered, found);
    }

    /** Every test of every window can alarm falsely with the probability that is its level. */
    private static double uncovered(ModelConfig model, List<Rule> rules, ModelProfiles profiles) {
        double evaluations = (double) PERIOD.toMillis() / model.window().slide().toMillis();
        double alarms = 0;
        for (Rule rule : rules) {
            if (rule.significance() != null) {
                for (ReferenceSample sample : profiles.samples()) {
                    alarms +=
                            rule.significance()
                                    * TestPlan.tests(model, List.of(rule), sample)
                                    * evaluations;
                }
            }
        }
        return alarms;
    }

    private List<String> warn(List<Rule> rules, ReferenceSample whole) {
        List<String> found = new ArrayList<>();
        if (rowsKnown && rows > MOST_OF_REFERENCE * whole.rows()) {
            found.add(
                    String.format(
                            Locale.ROOT,
                            "%s: a window holds about %,.0f rows and the reference only %,d, less than"
                                    + " ten times as many; false alarms can then come more often than the"
                                    + " level says. Use a larger reference or smaller windows",
                            model.name(),
                            rows,
                            whole.rows()));
        }
        budget(rules, found);
        dependence(whole, found);
        if (rowsKnown && model.window().isAuto()) {
            tooSmall(rules, whole, found);
        }
        return found;
    }

    private void budget(List<Rule> rules, List<String> found) {
        FalseAlarmBudget budget = model.significance().budget();
        if (budget == null) {
            return;
        }
        List<Rule> ours = rules.stream().filter(r -> r.models().matches(model.name())).toList();
        if (!ours.isEmpty() && ours.stream().allMatch(r -> r.significance() != null)) {
            found.add(
                    model.name()
                            + ": no rule uses the budget of "
                            + FalseAlarms.text(budget)
                            + ", as all have a significance of their own; remove it there");
        } else if (uncovered > 0) {
            found.add(
                    String.format(
                            Locale.ROOT,
                            "%s: rules with a significance of their own stand outside the budget of %s,"
                                    + " and can add up to %.2g false alarms per 30d",
                            model.name(),
                            FalseAlarms.text(budget),
                            uncovered));
        }
    }

    private void dependence(ReferenceSample whole, List<String> found) {
        long size = model.window().size().toMillis();
        if (whole.blockMillis() != 0 && whole.blockMillis() != size) {
            found.add(
                    model.name()
                            + ": the profile's overdispersion was measured for windows of "
                            + Durations.format(Duration.ofMillis(whole.blockMillis()))
                            + ", not of "
                            + Durations.format(model.window().size())
                            + "; rebuild the profile");
        }
    }

    /** Names what windows of the usual size will be too small for. */
    private void tooSmall(List<Rule> rules, ReferenceSample whole, List<String> found) {
        for (ExpectedWindow window : windows) {
            FeatureProfile reference = whole.feature(window.feature());
            if (window.referenceCount() == 0) {
                continue;
            }
            Trial trial =
                    Trial.planned(reference, window.count(), plan.level(), window.overdispersion());
            for (String name : model.statisticsOf(window.feature())) {
                Statistic statistic = Statistics.named(name).orElseThrow();
                if (statistic.appliesTo(reference.type())) {
                    double threshold =
                            TestPlan.threshold(rules, whole.key(), window.feature(), name);
                    tooSmall(window, name, statistic.smallestWindow(trial, threshold), found);
                }
            }
        }
    }

    private void tooSmall(
            ExpectedWindow window, String statistic, long needed, List<String> found) {
        if (needed > window.count()) {
            found.add(
                    String.format(
                            Locale.ROOT,
                            "%s: windows hold about %,d values of %s, %s needs %s; it will mostly be"
                                    + " insufficient_data. Use larger windows, fewer bins or a"
                                    + " higher threshold, or set window.min_count",
                            model.name(),
                            window.count(),
                            window.feature(),
                            statistic,
                            needed == Long.MAX_VALUE
                                    ? "a larger reference"
                                    : String.format(Locale.ROOT, "%,d", needed)));
        }
    }
}
