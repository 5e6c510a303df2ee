package io.driftwatch.benchmarks;

import io.driftwatch.benchmarks.Simulation.Condition;
import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.profile.Tally;
import io.driftwatch.detectors.significance.FalseAlarmBudget;
import io.driftwatch.detectors.statistic.Comparison;
import io.driftwatch.detectors.statistic.Smoothing;
import io.driftwatch.detectors.statistic.Statistic;
import io.driftwatch.detectors.statistic.Statistics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How often windows alarm without drift, against what was promised, and how often with drift: the
 * figures of {@code docs/calibration.md}.
 */
@Command(name = "calibration", mixinStandardHelpOptions = true)
public final class Calibration implements Callable<Integer> {
    private static final double SIGNIFICANCE = 0.001;
    private static final FalseAlarmBudget BUDGET = new FalseAlarmBudget(1, Duration.ofDays(30));
    private static final Duration WINDOW = Duration.ofHours(1);
    private static final int FEATURES = 50;
    private static final List<Integer> ROWS = List.of(100, 1_000, 10_000);
    private static final List<Double> SHIFTS = List.of(0.1, 0.2, 0.3, 0.5);

    /** Rows of window and reference where sampling noise must not show. */
    private static final int MANY_ROWS = 2_000_000;

    private static final int SMOKE_WINDOWS = 1_000;

    @Option(names = "--seed", defaultValue = "1", description = "default ${DEFAULT-VALUE}")
    private long seed;

    @Option(
            names = "--windows",
            defaultValue = "100000",
            description =
                    "windows of each condition without drift; the other parts take a fixed share of"
                            + " this; default ${DEFAULT-VALUE}")
    private int windows;

    @Option(names = "--smoke", description = "few windows: shows that it works, no more")
    private boolean smoke;

    @Option(names = "--output", required = true, description = "where the Markdown goes")
    private Path output;

    private final Markdown page = new Markdown();
    private final List<String> aboveNominal = new ArrayList<>();
    private Simulation simulation;
    private int intervals;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Calibration()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (smoke) {
            windows = SMOKE_WINDOWS;
        }
        simulation = new Simulation(seed);
        String before = Machine.load();
        long start = System.nanoTime();
        withoutDrift();
        quantiles();
        power();
        families();
        dependence();
        translation();
        page.heading("Above the nominal level");
        page.paragraph(
                "Of %d intervals, %d lie wholly above their nominal level; chance alone would put"
                        + " about %.1f there.",
                intervals, aboveNominal.size(), 0.005 * intervals);
        if (!aboveNominal.isEmpty()) {
            page.paragraph("%s", String.join("\n", aboveNominal));
        }
        page.paragraph(
                "Seed %d, %,d windows in each condition, references of %,d rows, a new one after"
                        + " every %d windows; %.0f s on %d cores; load average before %s, after %s.",
                seed,
                windows,
                Simulation.REFERENCE_ROWS,
                Simulation.WINDOWS_PER_REFERENCE,
                (System.nanoTime() - start) / 1e9,
                Runtime.getRuntime().availableProcessors(),
                before,
                Machine.load());
        Files.writeString(output, page.toString());
        return 0;
    }

    private static List<Population> populations() {
        return List.of(
                Population.normal(10),
                Population.normal(20),
                Population.zeroInflated(10),
                Population.zeroInflated(20),
                new Population.Zipf());
    }

    /** What one population gave in windows of one size, by the rules asked for. */
    private record Cell(Population population, int rows, List<Rate> rates) {
        /** The names of the condition, as a table starts its lines. */
        List<String> labels() {
            return List.of(population.name(), population.bins(), text("%,d", rows));
        }

        boolean defines(AlarmRule rule) {
            return population instanceof Population.Numeric || !rule.name().startsWith("ks");
        }
    }

    private void withoutDrift() {
        double budgeted = BUDGET.level(WINDOW, FEATURES);
        List<AlarmRule> atSignificance = tests(SIGNIFICANCE);
        List<AlarmRule> classical = List.of(AlarmRule.indexAbove(0.1), AlarmRule.indexAbove(0.2));
        List<AlarmRule> atBudget = tests(budgeted);
        List<AlarmRule> rules =
                Stream.of(atSignificance, classical, atBudget).flatMap(List::stream).toList();
        List<Cell> cells = new ArrayList<>();
        for (Population population : populations()) {
            for (int rows : ROWS) {
                Condition condition = Condition.independent(population, rows);
                cells.add(
                        new Cell(
                                population,
                                rows,
                                simulation.rates("no drift", condition, windows, rules)));
            }
        }
        page.heading("False alarms at a significance of 0.001");
        page.paragraph(
                "False alarms in 1,000 windows without drift, with Wilson's 99 %% interval; nominal"
                        + " is 1. For the classical rules: share of windows.");
        significanceTable(cells, atSignificance, classical);
        page.heading("False alarms at the level of a budget");
        page.paragraph(
                "A budget of 1 per 30d, hourly windows, %d features: each test at %.2g. False alarms"
                        + " in %,d windows without drift; the budget allows %.1f.",
                FEATURES, budgeted, windows, budgeted * windows);
        budgetTable(cells, atBudget, atSignificance.size() + classical.size(), budgeted);
    }

    private void significanceTable(
            List<Cell> cells, List<AlarmRule> tests, List<AlarmRule> classical) {
        List<List<String>> table = new ArrayList<>();
        for (Cell cell : cells) {
            List<String> line = new ArrayList<>(cell.labels());
            for (int i = 0; i < tests.size(); i++) {
                boolean defined = cell.defines(tests.get(i));
                line.add(defined ? cell.rates().get(i).in(SIGNIFICANCE) : "-");
                note(cell, tests.get(i), cell.rates().get(i), SIGNIFICANCE);
            }
            for (int i = 0; i < classical.size(); i++) {
                line.add(cell.rates().get(tests.size() + i).percent());
            }
            table.add(line);
        }
        List<String> all = new ArrayList<>(List.of("**all**", "", ""));
        for (int i = 0; i < tests.size(); i++) {
            all.add(pooled(cells, tests.get(i), i).in(SIGNIFICANCE));
        }
        classical.forEach(rule -> all.add(""));
        table.add(all);
        page.table(header(tests, classical), table);
    }

    private void budgetTable(List<Cell> cells, List<AlarmRule> tests, int first, double budgeted) {
        List<List<String>> table = new ArrayList<>();
        for (Cell cell : cells) {
            List<String> line = new ArrayList<>(cell.labels());
            for (int i = 0; i < tests.size(); i++) {
                Rate rate = cell.rates().get(first + i);
                line.add(cell.defines(tests.get(i)) ? Long.toString(rate.alarms()) : "-");
                note(cell, tests.get(i), rate, budgeted);
            }
            table.add(line);
        }
        List<String> all = new ArrayList<>(List.of("**all**", "", ""));
        List<String> allowed = new ArrayList<>(List.of("allowed by the budget", "", ""));
        List<String> ratio = new ArrayList<>(List.of("all, as a multiple of the budget", "", ""));
        for (int i = 0; i < tests.size(); i++) {
            Rate rate = pooled(cells, tests.get(i), first + i);
            all.add(text("**%d**", rate.alarms()));
            allowed.add(text("%.1f", budgeted * rate.windows()));
            ratio.add(rate.in(budgeted));
        }
        table.addAll(List.of(all, allowed, ratio));
        page.table(header(tests, List.of()), table);
    }

    private static Rate pooled(List<Cell> cells, AlarmRule rule, int index) {
        return cells.stream()
                .filter(cell -> cell.defines(rule))
                .map(cell -> cell.rates().get(index))
                .reduce(new Rate(0, 0), Rate::plus);
    }

    private static List<AlarmRule> tests(double significance) {
        return List.of(
                AlarmRule.byDefault(significance),
                AlarmRule.twoKeys(significance),
                AlarmRule.significance(significance),
                AlarmRule.kolmogorovSmirnov(significance));
    }

    private static List<String> header(List<AlarmRule> tests, List<AlarmRule> classical) {
        List<String> header = new ArrayList<>(List.of("feature", "bins", "rows"));
        tests.forEach(rule -> header.add(rule.name()));
        classical.forEach(rule -> header.add(rule.name()));
        return header;
    }

    private void note(Cell cell, AlarmRule rule, Rate rate, double nominal) {
        if (cell.defines(rule)) {
            note(
                    text(
                            "%s, %s bins, %,d rows, %s",
                            cell.population().name(),
                            cell.population().bins(),
                            cell.rows(),
                            rule.name()),
                    rate,
                    nominal);
        }
    }

    private void note(String where, Rate rate, double nominal) {
        intervals++;
        if (rate.lower() > nominal) {
            aboveNominal.add(
                    text("- %s: %s times the nominal %.2g", where, rate.in(nominal), nominal));
        }
    }

    private void quantiles() {
        int drawn = Math.max(1_000, windows / 5);
        List<List<String>> table = new ArrayList<>();
        for (int rows : List.of(50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)) {
            List<String> row = new ArrayList<>(List.of(text("%,d", rows)));
            for (int bins : List.of(10, 20)) {
                double[] sorted =
                        simulation.sorted(
                                "quantiles",
                                Condition.independent(Population.normal(bins), rows),
                                drawn,
                                Outcome::psi);
                for (double share : new double[] {0.5, 0.95, 0.999}) {
                    row.add(text("%.4f", sorted[(int) (share * (sorted.length - 1))]));
                }
            }
            table.add(row);
        }
        page.heading("PSI without drift");
        page.paragraph("Quantiles over %,d windows of a normal feature.", drawn);
        page.table(
                List.of(
                        "rows",
                        "10 bins: median",
                        "95 %",
                        "99.9 %",
                        "20 bins: median",
                        "95 %",
                        "99.9 %"),
                table);
    }

    private void power() {
        int drawn = Math.max(200, windows / 50);
        List<AlarmRule> rules =
                List.of(
                        AlarmRule.byDefault(SIGNIFICANCE),
                        AlarmRule.significance(SIGNIFICANCE),
                        AlarmRule.kolmogorovSmirnov(SIGNIFICANCE),
                        AlarmRule.indexAbove(0.1),
                        AlarmRule.indexAbove(0.2));
        List<List<String>> table = new ArrayList<>();
        for (double shift : SHIFTS) {
            for (int rows : ROWS) {
                List<String> row =
                        new ArrayList<>(List.of(text("%.1f sd", shift), text("%,d", rows)));
                simulation
                        .rates(
                                "power " + shift,
                                Condition.independent(Population.normal(10).shifted(shift), rows),
                                drawn,
                                rules)
                        .forEach(rate -> row.add(rate.percent()));
                table.add(row);
            }
        }
        List<String> header = new ArrayList<>(List.of("shift", "rows"));
        rules.forEach(rule -> header.add(rule.name()));
        page.heading("Drift that is found");
        page.paragraph(
                "Share of %,d windows that alarm when the mean of a normal feature has moved; 10"
                        + " bins, significance 0.001.",
                drawn);
        page.table(header, table);
    }

    private void families() {
        int rows = 1_000;
        int drawn = Math.max(200, windows / 5);
        List<Double> levels = List.of(0.001, 0.01, 0.05);
        List<List<Rate>> rates =
                simulation.families(
                        "families", Population.normal(10), FEATURES, rows, drawn, levels);
        List<List<String>> table = new ArrayList<>();
        for (int i = 0; i < levels.size(); i++) {
            double level = levels.get(i);
            Rate holm = rates.get(i).get(0);
            table.add(List.of(Double.toString(level), holm.in(0.01), rates.get(i).get(1).in(0.01)));
            note("Holm over " + FEATURES + " features", holm, level);
        }
        page.heading("Many features in a window");
        page.paragraph(
                "Share, in %%, of %,d windows without drift in which any of %d independent normal"
                        + " features alarms (p alone, %,d rows, 10 bins), with Wilson's 99 %%"
                        + " interval.",
                drawn, FEATURES, rows);
        page.table(List.of("level of the window", "Holm", "no correction"), table);
    }

    private void dependence() {
        int rows = 1_000;
        List<AlarmRule> rules =
                List.of(
                        AlarmRule.significance(SIGNIFICANCE),
                        AlarmRule.kolmogorovSmirnov(SIGNIFICANCE));
        List<List<String>> table = new ArrayList<>();
        for (int copies : List.of(1, 2, 5)) {
            List<String> row = new ArrayList<>(List.of(Integer.toString(copies)));
            for (double overdispersion : new double[] {1, copies}) {
                List<Rate> rates =
                        simulation.rates(
                                "copies " + copies,
                                new Condition(Population.normal(10), rows, copies, overdispersion),
                                windows,
                                rules);
                for (int i = 0; i < rates.size(); i++) {
                    row.add(rates.get(i).in(SIGNIFICANCE));
                    if (overdispersion == copies) {
                        note(
                                text("%d copies, corrected, %s", copies, rules.get(i).name()),
                                rates.get(i),
                                SIGNIFICANCE);
                    }
                }
            }
            table.add(row);
        }
        page.heading("Repeated rows");
        page.paragraph(
                "Every event stands in the data several times, in windows of %,d rows and in the"
                        + " reference; normal feature, 10 bins. False alarms in 1,000 windows"
                        + " without drift, with Wilson's 99 %% interval; nominal is 1.",
                rows);
        page.table(
                List.of(
                        "copies",
                        "psi, p alone",
                        "ks, p alone",
                        "psi with overdispersion",
                        "ks with overdispersion"),
                table);
    }

    private void translation() {
        List<Statistic> statistics =
                List.of("psi", "js", "hellinger", "ks", "tvd").stream()
                        .map(Statistics::named)
                        .flatMap(Optional::stream)
                        .toList();
        RandomGenerator random = simulation.generator("translation");
        Population.Numeric population = Population.normal(10);
        FeatureProfile reference = population.reference(random, MANY_ROWS, 1);
        List<List<String>> table = new ArrayList<>();
        for (double shift : List.of(0.05, 0.1, 0.15, 0.2, 0.3, 0.33, 0.4, 0.5, 0.54, 0.75, 1.0)) {
            Tally window = population.shifted(shift).against(reference).draw(random, MANY_ROWS, 1);
            Comparison comparison =
                    new Comparison(reference, window, Smoothing.jeffreys(), SIGNIFICANCE);
            List<String> row = new ArrayList<>(List.of(shift + " sd"));
            statistics.forEach(s -> row.add(text("%.4f", s.measure(comparison).value())));
            table.add(row);
        }
        List<String> header = new ArrayList<>(List.of("shift"));
        statistics.forEach(s -> header.add(s.name()));
        page.heading("What a shift looks like");
        page.paragraph(
                "Normal feature whose mean moves, 10 bins, %,d rows in window and reference.",
                MANY_ROWS);
        page.table(header, table);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
