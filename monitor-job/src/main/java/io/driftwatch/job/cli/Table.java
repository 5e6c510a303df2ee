package io.driftwatch.job.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** A small table for a terminal. Columns whose first row is a number are right-aligned. */
final class Table {
    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... header) {
        this.header = List.of(header);
    }

    void row(Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(cell instanceof Number number ? Numbers.show(number) : String.valueOf(cell));
        }
        rows.add(row);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    void print(PrintWriter out) {
        int[] widths = header.stream().mapToInt(Table::width).toArray();
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        line(out, header, widths);
        rows.forEach(row -> line(out, row, widths));
        out.flush();
    }

    private void line(PrintWriter out, List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            String gap = " ".repeat(widths[i] - width(cell));
            line.append("  ").append(isNumeric(i) ? gap + cell : cell + gap);
        }
        out.println(line.toString().stripTrailing());
    }

    private boolean isNumeric(int column) {
        return !rows.isEmpty() && rows.get(0).get(column).matches("[-+]?[0-9][0-9.,eE+%-]*|-");
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
