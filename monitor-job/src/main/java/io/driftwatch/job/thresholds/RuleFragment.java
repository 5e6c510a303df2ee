package io.driftwatch.job.thresholds;

import io.driftwatch.alerts.config.FalseAlarms;
import io.driftwatch.detectors.significance.FalseAlarmBudget;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** Writes proposals as rules, to be put into a configuration file. */
public final class RuleFragment {
    /** Rounded down, so that the shares do not sum to more than the budget. */
    private static final MathContext DIGITS = new MathContext(3, RoundingMode.FLOOR);

    private RuleFragment() {}

    /**
     * The text of the part {@code rules}: one rule for each statistic.
     *
     * @param budget false alarms that all these rules together may raise; each takes its share
     */
    public static String of(
            String model, List<Proposal> proposals, Method method, FalseAlarmBudget budget) {
        StringBuilder text = new StringBuilder();
        text.append("# Proposed by driftwatch thresholds (")
                .append(method.name().toLowerCase(Locale.ROOT))
                .append(") from history; look at what would have fired before you use it.\n")
                .append("rules:\n");
        for (String statistic : ThresholdStudy.statistics(proposals)) {
            List<Proposal> ours =
                    proposals.stream().filter(p -> p.statistic().equals(statistic)).toList();
            rule(text, model, statistic, ours, method, share(budget, ours, proposals));
        }
        return text.toString();
    }

    private static FalseAlarmBudget share(
            FalseAlarmBudget budget, List<Proposal> ours, List<Proposal> all) {
        double share = budget.falseAlarms() * ours.size() / all.size();
        return new FalseAlarmBudget(
                BigDecimal.valueOf(share).round(DIGITS).doubleValue(), budget.period());
    }

    private static void rule(
            StringBuilder text,
            String model,
            String statistic,
            List<Proposal> proposals,
            Method method,
            FalseAlarmBudget share) {
        double highest = proposals.stream().mapToDouble(Proposal::threshold).max().orElseThrow();
        text.append("  - alert: ").append(name(statistic)).append('\n');
        text.append("    models: [").append(quoted(model)).append("]\n");
        text.append("    statistic: ").append(statistic).append('\n');
        text.append("    above: ").append(highest).append('\n');
        List<String> lower = new ArrayList<>();
        for (Proposal proposal : proposals) {
            if (proposal.threshold() < highest) {
                lower.add(
                        "      " + quoted(proposal.feature()) + ": " + proposal.threshold() + "\n");
            }
        }
        if (!lower.isEmpty()) {
            text.append("    by_feature:\n");
            lower.forEach(text::append);
        }
        text.append("    features: [")
                .append(
                        String.join(
                                ", ", proposals.stream().map(p -> quoted(p.feature())).toList()))
                .append("]\n");
        if (method != Method.MEAN_3SD) {
            text.append("    false_alarms: ").append(FalseAlarms.text(share)).append('\n');
            if (!ThresholdStudy.isRate(statistic)) {
                text.append("    min_severity: low\n");
            }
        }
    }

    /** The windows that would have fired, as one line each. */
    public static List<String> fired(List<Proposal> proposals, int most) {
        List<String> lines = new ArrayList<>();
        for (Proposal proposal : proposals) {
            if (!proposal.fired().isEmpty()) {
                List<Instant> first =
                        proposal.fired().subList(0, Math.min(most, proposal.fired().size()));
                lines.add(
                        proposal.feature()
                                + " "
                                + proposal.statistic()
                                + ": "
                                + String.join(", ", first.stream().map(Instant::toString).toList())
                                + (proposal.fired().size() > most
                                        ? " and " + (proposal.fired().size() - most) + " more"
                                        : ""));
            }
        }
        return lines;
    }

    private static String name(String statistic) {
        StringBuilder name = new StringBuilder();
        for (String word : statistic.split("_")) {
            name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return name.append("Drift").toString();
    }

    /** As YAML wants it, whatever the name holds. */
    private static String quoted(String text) {
        DumperOptions options = new DumperOptions();
        options.setWidth(Integer.MAX_VALUE);
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.FLOW);
        String dumped = new Yaml(options).dump(List.of(text)).strip();
        return dumped.substring(1, dumped.length() - 1);
    }
}
