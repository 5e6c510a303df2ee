package io.driftwatch.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** One way to do a job that several ways are compared for, and what it has cost so far. */
final class Contender {
    /**
     * What one run cost.
     *
     * @param whole rows per CPU second, of the whole process
     * @param steady rows per CPU second without what comes once, whatever the number of rows
     */
    record Cost(double whole, double steady) {}

    /** Does the job once. */
    interface Way {
        Cost run() throws IOException;
    }

    private final String title;
    private final Way way;
    private final List<Cost> costs = new ArrayList<>();

    Contender(String title, Way way) {
        this.title = title;
        this.way = way;
    }

    /**
     * Runs all of them by turns.
     *
     * @return the load average before each round
     */
    static List<String> compare(List<Contender> contenders, int rounds) throws IOException {
        List<String> loads = new ArrayList<>();
        List<Contender> order = new ArrayList<>(contenders);
        for (int round = 0; round < rounds; round++) {
            loads.add(Machine.load());
            for (Contender contender : order) {
                Cost cost = contender.way.run();
                contender.costs.add(cost);
                Progress.say(
                        "%s: %,.0f rows/CPU s, %,.0f without the start",
                        contender.title, cost.whole(), cost.steady());
            }
            // Nobody should always run after the same neighbour.
            Collections.reverse(order);
        }
        return loads;
    }

    /** Adds the medians as a table, with the ratios to the first contender within the rounds. */
    static void table(Markdown markdown, List<Contender> contenders) {
        Contender base = contenders.get(0);
        markdown.table(
                List.of("way", "rows/CPU s", "x the first", "without the start", "x the first"),
                contenders.stream()
                        .map(
                                each ->
                                        List.of(
                                                each.title,
                                                rate(Median.of(each.costs, Cost::whole)),
                                                each.ratio(base, Cost::whole),
                                                rate(Median.of(each.costs, Cost::steady)),
                                                each.ratio(base, Cost::steady)))
                        .toList());
    }

    private String ratio(Contender base, ToDoubleFunction<Cost> figure) {
        double[] ratios = new double[costs.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] =
                    figure.applyAsDouble(costs.get(i)) / figure.applyAsDouble(base.costs.get(i));
        }
        return String.format(Locale.ROOT, "%.2f", Median.of(ratios));
    }

    private static String rate(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }
}
