package io.driftwatch.job.cli;

import io.driftwatch.alerts.config.Durations;
import io.driftwatch.alerts.config.FalseAlarms;
import io.driftwatch.alerts.rule.Family;
import io.driftwatch.detectors.significance.FalseAlarmBudget;
import io.driftwatch.job.significance.ExpectedWindow;
import io.driftwatch.job.significance.PlanReport;
import io.driftwatch.job.significance.TestPlan;
import java.io.PrintWriter;
import java.util.Locale;

/** Shows on a terminal what a configuration means. */
final class PlanText {
    private static final int MOST_LINES = 30;

    private PlanText() {}

    static void print(PrintWriter out, PlanReport report) {
        out.println();
        out.println(report.model().name() + ":");
        out.printf(
                Locale.ROOT,
                report.rowsKnown()
                        ? "  a window of %s holds about %,.0f rows, as in the reference%n"
                        : "  how many rows a window of %s holds is not known, as the reference spans"
                                + " none; for %,.0f rows:%n",
                duration(report),
                report.rows());
        levels(out, report);
        Table table =
                new Table(
                        "  feature",
                        "rows",
                        "psi by chance",
                        "ks by chance",
                        "psi seen",
                        "ks seen",
                        "shift seen, sd",
                        "overdispersion");
        report.windows().stream()
                .limit(MOST_LINES)
                .forEach(
                        window ->
                                table.row(
                                        "  " + window.feature(),
                                        window.count(),
                                        window.psi().critical(),
                                        window.ks().critical(),
                                        window.psi().detectable(),
                                        window.ks().detectable(),
                                        isNumeric(window) ? window.detectableShift() : Double.NaN,
                                        window.overdispersion()));
        table.print(out);
        if (report.windows().size() > MOST_LINES) {
            out.println("    ... and " + (report.windows().size() - MOST_LINES) + " more features");
        }
    }

    private static void levels(PrintWriter out, PlanReport report) {
        TestPlan plan = report.plan();
        FalseAlarmBudget budget = report.model().significance().budget();
        for (Family family : plan.families()) {
            out.printf(
                    Locale.ROOT,
                    "  budget of %s: %.3g for each window of a sample, %d tests in it, %s; one test"
                            + " alone passes at p <= %.3g%n",
                    String.join(", ", family.alerts()),
                    family.level(),
                    family.tests(),
                    family.correction().name().toLowerCase(Locale.ROOT),
                    family.level() / family.tests());
        }
        if (budget != null) {
            out.printf(
                    Locale.ROOT,
                    "  false alarms without drift: at most %s, by the budget%n",
                    FalseAlarms.text(budget));
        }
        if (report.uncovered() > 0) {
            out.printf(
                    Locale.ROOT,
                    "  false alarms of rules with a significance of their own: at most %.2g in 30"
                            + " days, fewer where the threshold or `for` stops them too%n",
                    report.uncovered());
        }
        out.printf(
                Locale.ROOT,
                "  by chance: what chance alone exceeds in a share of %.3g of the windows; seen: a true"
                        + " drift that nine of ten windows show%n",
                plan.level());
    }

    private static boolean isNumeric(ExpectedWindow window) {
        return !Double.isNaN(window.ks().critical());
    }

    private static String duration(PlanReport report) {
        return Durations.format(report.model().window().size());
    }
}
