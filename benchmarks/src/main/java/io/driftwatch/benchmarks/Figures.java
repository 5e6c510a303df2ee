package io.driftwatch.benchmarks;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The numbers in the tables of a Markdown page, each by the heading above it, the label of its row
 * (the first cell) and the name of its column.
 *
 * <p>Not figures are: cells that are no number, the load of the machine and the error of a
 * measurement, and the single measurements of a table that has their median. A figure that comes
 * twice has a number after its row's label.
 */
final class Figures {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9][0-9,]*(\\.[0-9]+)?( ?[%x])?");
    private static final Pattern SINGLE = Pattern.compile("[0-9]+");
    private static final String MEDIAN = "median";

    /** What a number is about. */
    record Name(String heading, String row, String column) {}

    /** A number, and how many decimals it is written with. */
    record Value(double number, int decimals) {}

    private final Map<Name, Value> all = new LinkedHashMap<>();
    private final String[] lines;

    private Figures(String markdown) {
        lines = markdown.split("\n");
    }

    /** Reads a page; the order is that of the page. */
    static Map<Name, Value> of(String markdown) {
        Figures figures = new Figures(markdown);
        figures.read();
        return figures.all;
    }

    private void read() {
        String heading = "";
        int line = 0;
        while (line < lines.length) {
            if (lines[line].startsWith("#")) {
                heading = lines[line].replaceFirst("^#+ *", "").trim();
            }
            int end = line;
            while (end < lines.length && lines[end].startsWith("|")) {
                end++;
            }
            if (end > line + 2) {
                readTable(heading, Arrays.asList(lines).subList(line, end));
            }
            line = Math.max(end, line + 1);
        }
    }

    private void readTable(String heading, List<String> table) {
        String[] columns = cells(table.get(0));
        // Under the names of the columns is a line of dashes.
        List<String[]> rows = table.stream().skip(2).map(Figures::cells).toList();
        boolean hasMedian = rows.stream().anyMatch(row -> row[0].equals(MEDIAN));
        for (String[] row : rows) {
            if (hasMedian && SINGLE.matcher(row[0]).matches()) {
                continue;
            }
            for (int i = 1; i < Math.min(row.length, columns.length); i++) {
                if (isFigure(columns[i]) && NUMBER.matcher(row[i]).matches()) {
                    add(heading, row[0], columns[i], value(row[i]));
                }
            }
        }
    }

    private void add(String heading, String row, String column, Value value) {
        Name name = new Name(heading, row, column);
        for (int again = 2; all.containsKey(name); again++) {
            name = new Name(heading, row + " (" + again + ")", column);
        }
        all.put(name, value);
    }

    private static boolean isFigure(String column) {
        return !column.startsWith("±") && !column.startsWith("load") && !column.equals("aim");
    }

    private static Value value(String cell) {
        String plain = cell.replaceAll("[, %x]", "");
        int point = plain.indexOf('.');
        return new Value(Double.parseDouble(plain), point < 0 ? 0 : plain.length() - point - 1);
    }

    private static String[] cells(String row) {
        String inner = row.replaceFirst("^\\|", "").replaceFirst("\\|\\s*$", "");
        return Arrays.stream(inner.split("\\|", -1))
                .map(cell -> cell.replace("**", "").trim())
                .toArray(String[]::new);
    }
}
