package io.driftwatch.benchmarks;

import io.driftwatch.benchmarks.Figures.Name;
import io.driftwatch.benchmarks.Figures.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What two revisions measured by turns, side by side. A ratio is after / before of one round, whose
 * two runs followed each other, so that what slows the machine for a while slows both.
 */
@Command(name = "compare", mixinStandardHelpOptions = true)
public final class Compare implements Callable<Integer> {
    @Parameters(
            paramLabel = "FOLDER",
            description = "holds before-1.md, after-1.md, before-2.md and so on")
    private Path folder;

    @Option(names = "--rounds", required = true, description = "how many of each")
    private int rounds;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Compare()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        List<Map<Name, Value>> before = read("before-");
        List<Map<Name, Value>> after = read("after-");
        System.out.print(report(before, after));
        System.out.flush();
        return 0;
    }

    private List<Map<Name, Value>> read(String name) throws IOException {
        List<Map<Name, Value>> all = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            all.add(Figures.of(Files.readString(folder.resolve(name + round + ".md"))));
        }
        return all;
    }

    /** A table for each heading; then the figures that only one of the two has. */
    static String report(List<Map<Name, Value>> before, List<Map<Name, Value>> after) {
        Set<Name> ofBefore = names(before);
        Set<Name> ofAfter = names(after);
        Map<String, List<List<String>>> tables = new LinkedHashMap<>();
        for (Name name : ofBefore) {
            if (ofAfter.contains(name)) {
                tables.computeIfAbsent(name.heading(), h -> new ArrayList<>())
                        .add(row(name, before, after));
            }
        }
        Markdown markdown = new Markdown();
        tables.forEach(
                (heading, rows) ->
                        markdown.heading(heading)
                                .table(
                                        List.of(
                                                "figure",
                                                "before",
                                                "after",
                                                "after / before",
                                                "min..max"),
                                        rows));
        only(markdown, "before", ofBefore, ofAfter);
        only(markdown, "after", ofAfter, ofBefore);
        return markdown.toString();
    }

    private static Set<Name> names(List<Map<Name, Value>> runs) {
        Set<Name> names = new LinkedHashSet<>();
        runs.forEach(run -> names.addAll(run.keySet()));
        return names;
    }

    private static void only(Markdown markdown, String which, Set<Name> have, Set<Name> lack) {
        Map<String, List<String>> missing =
                have.stream()
                        .filter(name -> !lack.contains(name))
                        .collect(
                                Collectors.groupingBy(
                                        Name::heading,
                                        LinkedHashMap::new,
                                        Collectors.mapping(Compare::label, Collectors.toList())));
        missing.forEach(
                (heading, labels) ->
                        markdown.paragraph(
                                "%s",
                                "Only "
                                        + which
                                        + ", under "
                                        + heading
                                        + ": "
                                        + String.join("; ", labels)
                                        + "."));
    }

    private static String label(Name name) {
        return name.row() + ", " + name.column();
    }

    private static List<String> row(
            Name name, List<Map<Name, Value>> before, List<Map<Name, Value>> after) {
        double[] ratios = ratios(name, before, after);
        return List.of(
                label(name),
                median(name, before),
                median(name, after),
                ratios.length == 0 ? "-" : format(Median.of(ratios), 2),
                ratios.length == 0
                        ? "-"
                        : format(ratios[0], 2) + ".." + format(ratios[ratios.length - 1], 2));
    }

    /** Of the rounds in which both have the figure and it can be divided by, in rising order. */
    private static double[] ratios(
            Name name, List<Map<Name, Value>> before, List<Map<Name, Value>> after) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < before.size(); round++) {
            Value one = before.get(round).get(name);
            Value other = after.get(round).get(name);
            if (one != null && other != null && one.number() != 0) {
                ratios.add(other.number() / one.number());
            }
        }
        double[] sorted = ratios.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }

    private static String median(Name name, List<Map<Name, Value>> runs) {
        List<Value> values =
                runs.stream().map(run -> run.get(name)).filter(v -> v != null).toList();
        int decimals = values.stream().mapToInt(Value::decimals).max().orElse(0);
        return format(Median.of(values, Value::number), decimals);
    }

    private static String format(double value, int decimals) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
