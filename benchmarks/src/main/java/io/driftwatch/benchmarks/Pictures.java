package io.driftwatch.benchmarks;

import io.driftwatch.benchmarks.Chart.Axis;
import io.driftwatch.benchmarks.Chart.Style;
import io.driftwatch.benchmarks.Simulation.Condition;
import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.significance.FalseAlarmBudget;
import io.driftwatch.detectors.statistic.PopulationStabilityIndex;
import io.driftwatch.detectors.statistic.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Draws the pictures of {@code docs/choosing-thresholds.md} from simulated windows. */
@Command(name = "pictures", mixinStandardHelpOptions = true)
public final class Pictures implements Callable<Integer> {
    private static final int BINS = 10;
    private static final double SIGNIFICANCE = 0.001;
    private static final double POWER = 0.9;
    private static final Duration WINDOW = Duration.ofHours(1);
    private static final FalseAlarmBudget BUDGET = new FalseAlarmBudget(1, Duration.ofDays(30));
    private static final double WINDOWS_PER_PERIOD = 720;

    @Option(names = "--seed", defaultValue = "1", description = "default ${DEFAULT-VALUE}")
    private long seed;

    @Option(
            names = "--windows",
            defaultValue = "20000",
            description =
                    "windows of each size without drift; the other pictures take a fixed multiple"
                            + " of this; default ${DEFAULT-VALUE}")
    private int windows;

    @Option(names = "--smoke", description = "few windows: shows that it works, no more")
    private boolean smoke;

    @Option(names = "--folder", required = true, description = "where the SVG files go")
    private Path folder;

    @Option(names = "--output", required = true, description = "where the Markdown goes")
    private Path output;

    private final Markdown page = new Markdown();
    private Simulation simulation;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Pictures()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (smoke) {
            windows = 1_000;
        }
        simulation = new Simulation(seed);
        long start = System.nanoTime();
        Files.createDirectories(folder);
        write("psi-without-drift", psiWithoutDrift());
        write("power", power());
        write("false-alarms", falseAlarms());
        write("smallest-drift", smallestDrift());
        page.paragraph(
                "Seed %d; %.0f s on %d cores; load average %s.",
                seed,
                (System.nanoTime() - start) / 1e9,
                Runtime.getRuntime().availableProcessors(),
                Machine.load());
        Files.writeString(output, page.toString());
        return 0;
    }

    private void write(String name, Chart chart) throws IOException {
        Files.writeString(folder.resolve(name + ".svg"), chart.svg());
    }

    private Chart psiWithoutDrift() {
        double[] rows = {50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 5000, 10000};
        double[] median = new double[rows.length];
        double[] low = new double[rows.length];
        double[] high = new double[rows.length];
        double[] critical = new double[rows.length];
        Population population = Population.normal(BINS);
        FeatureProfile reference =
                population.reference(
                        simulation.generator("psi plan"), Simulation.REFERENCE_ROWS, 1);
        List<List<String>> table = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            double[] sorted =
                    simulation.sorted(
                            "psi picture",
                            Condition.independent(population, (int) rows[i]),
                            windows,
                            Outcome::psi);
            median[i] = quantile(sorted, 0.5);
            low[i] = quantile(sorted, 0.001);
            high[i] = quantile(sorted, 0.999);
            critical[i] =
                    new PopulationStabilityIndex()
                            .noise(Trial.planned(reference, (long) rows[i], SIGNIFICANCE, 1))
                            .critical();
            table.add(
                    List.of(
                            whole(rows[i]),
                            text("%.5f", median[i]),
                            text("%.5f", high[i]),
                            text("%.5f", critical[i])));
        }
        page.heading("PSI without drift");
        page.table(List.of("rows", "median", "99.9 %", "critical value at 0.001"), table);
        return new Chart(
                        "PSI of windows without drift (10 bins)",
                        new Axis(
                                "rows in the window",
                                50,
                                10000,
                                true,
                                Pictures::whole,
                                50,
                                100,
                                200,
                                500,
                                1000,
                                2000,
                                5000,
                                10000),
                        new Axis("PSI", 0.0001, 1, true, Pictures::decimal, 0.001, 0.01, 0.1, 1))
                .band("99.8 % of windows", Style.BLUE, rows, low, high)
                .line("median", Style.BLUE, rows, median)
                .line("critical value, p = 0.001", Style.DASHED, rows, critical)
                .level("rule of thumb: 0.2", Style.RED, 0.2)
                .level("rule of thumb: 0.1", Style.DOTTED, 0.1);
    }

    private Chart power() {
        int rows = 1_000;
        List<AlarmRule> rules =
                List.of(
                        AlarmRule.twoKeys(SIGNIFICANCE),
                        AlarmRule.significance(SIGNIFICANCE),
                        AlarmRule.indexAbove(0.1),
                        AlarmRule.indexAbove(0.2));
        double[] shifts = IntStream.rangeClosed(0, 30).mapToDouble(i -> i / 50.0).toArray();
        double[][] shares = new double[rules.size()][shifts.length];
        List<List<String>> table = new ArrayList<>();
        for (int i = 0; i < shifts.length; i++) {
            Population shifted = Population.normal(BINS).shifted(shifts[i]);
            List<Rate> rates =
                    simulation.rates(
                            "power picture " + shifts[i],
                            Condition.independent(shifted, rows),
                            windows / 4,
                            rules);
            List<String> line = new ArrayList<>(List.of(text("%.2f sd", shifts[i])));
            for (int rule = 0; rule < rules.size(); rule++) {
                shares[rule][i] = rates.get(rule).share();
                line.add(rates.get(rule).percent());
            }
            table.add(line);
        }
        List<String> header = new ArrayList<>(List.of("shift"));
        rules.forEach(rule -> header.add(rule.name()));
        page.heading("Power at 1,000 rows");
        page.table(header, table);
        return new Chart(
                        "Windows that alarm when the mean moves (1,000 rows)",
                        new Axis(
                                "shift in standard deviations",
                                0,
                                0.6,
                                false,
                                Pictures::decimal,
                                0,
                                0.1,
                                0.2,
                                0.3,
                                0.4,
                                0.5,
                                0.6),
                        new Axis(
                                "share of windows",
                                0,
                                1,
                                false,
                                Pictures::percent,
                                0,
                                0.2,
                                0.4,
                                0.6,
                                0.8,
                                1))
                .line("significant (p <= 0.001)", Style.DASHED, shifts, shares[1])
                .line("significant and severity low", Style.BLUE, shifts, shares[0])
                .line("PSI > 0.1", Style.DOTTED, shifts, shares[2])
                .line("PSI > 0.2", Style.RED, shifts, shares[3]);
    }

    private Chart falseAlarms() {
        int[] features = {1, 2, 5, 10, 20, 50, 100, 200};
        int drawn = 200 * windows;
        List<AlarmRule> rules = new ArrayList<>(List.of(AlarmRule.significance(SIGNIFICANCE)));
        for (int count : features) {
            rules.add(AlarmRule.significance(BUDGET.level(WINDOW, count)));
        }
        List<Rate> rates =
                simulation.rates(
                        "false alarms picture",
                        Condition.independent(Population.normal(BINS), 1_000),
                        drawn,
                        rules);
        double[] xs = Arrays.stream(features).asDoubleStream().toArray();
        double[][] fixed = new double[3][xs.length];
        double[][] budget = new double[3][xs.length];
        List<List<String>> table = new ArrayList<>();
        for (int i = 0; i < xs.length; i++) {
            perPeriod(rates.get(0), xs[i], fixed, i);
            perPeriod(rates.get(i + 1), xs[i], budget, i);
            table.add(
                    List.of(
                            whole(xs[i]),
                            text("%.2f (%.2f-%.2f)", fixed[0][i], fixed[1][i], fixed[2][i]),
                            text("%.2f (%.2f-%.2f)", budget[0][i], budget[1][i], budget[2][i])));
        }
        page.heading("False alarms in 30 days of hourly windows");
        page.paragraph("From %,d windows of 1,000 rows.", drawn);
        page.table(List.of("features", "p <= 0.001", "budget 1 per 30d"), table);
        double[] ends = {1, 500};
        double perFeature = SIGNIFICANCE * WINDOWS_PER_PERIOD;
        return new Chart(
                        "False alarms in 30 days of hourly windows",
                        new Axis(
                                "features",
                                1,
                                500,
                                true,
                                Pictures::whole,
                                1,
                                2,
                                5,
                                10,
                                20,
                                50,
                                100,
                                200,
                                500),
                        new Axis(
                                "alarms without drift",
                                0.1,
                                1000,
                                true,
                                Pictures::decimal,
                                0.1,
                                1,
                                10,
                                100,
                                1000))
                .line(
                        "p <= 0.001, nominal",
                        Style.DASHED,
                        ends,
                        new double[] {perFeature, perFeature * ends[1]})
                .points("p <= 0.001, simulated", Style.RED, xs, fixed[0], fixed[1], fixed[2])
                .level("budget of 1, nominal", Style.DOTTED, 1)
                .points("budget of 1, simulated", Style.BLUE, xs, budget[0], budget[1], budget[2]);
    }

    /** Rate and interval, as alarms of so many features in the budget's period. */
    private static void perPeriod(Rate rate, double features, double[][] to, int index) {
        double tests = WINDOWS_PER_PERIOD * features;
        to[0][index] = rate.share() * tests;
        to[1][index] = rate.lower() * tests;
        to[2][index] = rate.upper() * tests;
    }

    private Chart smallestDrift() {
        double[] rows = {100, 200, 500, 1000, 2000, 5000, 10000, 20000};
        List<AlarmRule> rules =
                List.of(
                        AlarmRule.significance(SIGNIFICANCE),
                        AlarmRule.kolmogorovSmirnov(SIGNIFICANCE),
                        AlarmRule.twoKeys(SIGNIFICANCE));
        double[][] smallest = new double[rules.size()][rows.length];
        List<List<String>> table = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            List<String> line = new ArrayList<>(List.of(whole(rows[i])));
            double[] found = smallestShifts((int) rows[i], rules);
            for (int rule = 0; rule < found.length; rule++) {
                smallest[rule][i] = found[rule];
                line.add(text("%.3f", found[rule]));
            }
            table.add(line);
        }
        page.heading("Smallest shift found in 90 % of windows, in standard deviations");
        page.table(List.of("rows", "psi, p alone", "ks, p alone", "psi, both keys"), table);
        return new Chart(
                        "Smallest shift that 90 % of windows find",
                        new Axis(
                                "rows in the window",
                                100,
                                20000,
                                true,
                                Pictures::whole,
                                100,
                                200,
                                500,
                                1000,
                                2000,
                                5000,
                                10000,
                                20000),
                        new Axis(
                                "shift in standard deviations",
                                0.03,
                                1,
                                true,
                                Pictures::decimal,
                                0.03,
                                0.05,
                                0.1,
                                0.2,
                                0.5,
                                1))
                .line("psi, p <= 0.001", Style.DASHED, rows, smallest[0])
                .line("ks, p <= 0.001", Style.GREEN, rows, smallest[1])
                .line("psi, p and severity low", Style.BLUE, rows, smallest[2]);
    }

    /** By steps of 4 %, from a shift that is too small for any window of this size. */
    private double[] smallestShifts(int rows, List<AlarmRule> rules) {
        double[] smallest = new double[rules.size()];
        double[] shareBefore = new double[rules.size()];
        double before = Double.NaN;
        Arrays.fill(smallest, Double.NaN);
        for (double shift = 4 / Math.sqrt(rows);
                Arrays.stream(smallest).anyMatch(Double::isNaN);
                shift *= 1.04) {
            List<Rate> rates =
                    simulation.rates(
                            "smallest " + shift,
                            Condition.independent(Population.normal(BINS).shifted(shift), rows),
                            windows / 10,
                            rules);
            for (int rule = 0; rule < smallest.length; rule++) {
                double share = rates.get(rule).share();
                if (Double.isNaN(smallest[rule]) && share >= POWER) {
                    double part = (POWER - shareBefore[rule]) / (share - shareBefore[rule]);
                    smallest[rule] = before + part * (shift - before);
                }
                shareBefore[rule] = share;
            }
            before = shift;
        }
        return smallest;
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.round(share * (sorted.length - 1))];
    }

    private static String whole(double value) {
        return text("%,.0f", value);
    }

    private static String decimal(double value) {
        return text("%s", value).replaceAll("\\.0$", "");
    }

    private static String percent(double value) {
        return text("%.0f %%", 100 * value);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
