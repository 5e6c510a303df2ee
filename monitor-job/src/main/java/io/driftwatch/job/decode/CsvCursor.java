package io.driftwatch.job.decode;

import io.driftwatch.job.decode.FieldPlan.Purpose;
import io.driftwatch.job.decode.FieldPlan.Use;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A CSV file (RFC 4180, UTF-8) with a header line. An empty cell is missing. */
final class CsvCursor implements RecordCursor {
    /** What a column's cells are taken for at first sight. */
    private enum Cells {
        NUMBERS,
        TIMES,
        TEXTS
    }

    private final String fileName;
    private final CsvRows rows;
    private final int width;
    private final int[] columnOfField;
    private final Cells[] cellsOfField;
    private final CsvNumber number = new CsvNumber();

    CsvCursor(InputStream in, String fileName, FieldPlan plan) throws IOException {
        this.fileName = fileName;
        rows = new CsvRows(Utf8Input.of(in));
        List<String> header = header(rows, fileName);
        width = header.size();
        columnOfField = new int[plan.paths().size()];
        cellsOfField = new Cells[columnOfField.length];
        List<String> absent = new ArrayList<>();
        for (int field = 0; field < columnOfField.length; field++) {
            cellsOfField[field] = cells(plan.uses().get(field));
            columnOfField[field] = -1;
            for (String name : RecordCursor.flatNames(plan, field)) {
                if (columnOfField[field] < 0) {
                    columnOfField[field] = header.indexOf(name);
                }
            }
            if (columnOfField[field] < 0 && !plan.isOptional(field)) {
                absent.add("'" + plan.paths().get(field) + "'");
            }
        }
        if (!absent.isEmpty()) {
            throw new IllegalArgumentException(
                    fileName
                            + ": has no column "
                            + String.join(", ", absent)
                            + "; its columns are "
                            + String.join(", ", header));
        }
    }

    private static Cells cells(List<Use> uses) {
        if (uses.stream().allMatch(use -> use.purpose() == Purpose.NUMBER)) {
            return Cells.NUMBERS;
        }
        return uses.stream().allMatch(use -> use.purpose() == Purpose.EVENT_TIME)
                ? Cells.TIMES
                : Cells.TEXTS;
    }

    static Set<String> columns(InputStream in, String fileName) throws IOException {
        try (CsvRows rows = new CsvRows(Utf8Input.of(in))) {
            return new LinkedHashSet<>(header(rows, fileName));
        }
    }

    private static List<String> header(CsvRows rows, String fileName) throws IOException {
        if (!next(rows, fileName)) {
            throw new IllegalArgumentException(
                    fileName + ": is empty; its first line must name the columns");
        }
        return rows.all();
    }

    private static boolean next(CsvRows rows, String fileName) throws IOException {
        try {
            return rows.next();
        } catch (IOException e) {
            throw new IOException(fileName + ": cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean next() throws IOException {
        return next(rows, fileName);
    }

    @Override
    public void fields(FieldReceiver out) throws Rejection {
        if (rows.size() != width) {
            throw new Rejection(
                    RejectionReason.MALFORMED,
                    "line " + rows.line() + " has " + rows.size() + " cells, the header " + width);
        }
        for (int field = 0; field < columnOfField.length; field++) {
            if (columnOfField[field] >= 0) {
                cell(field, columnOfField[field], out);
            }
        }
    }

    /** A string for every cell, to parse the number from, took half of all time. */
    private void cell(int field, int column, FieldReceiver out) throws Rejection {
        Cells cells = cellsOfField[field];
        if (cells == Cells.TEXTS
                || !number.read(rows.text(), rows.start(column), rows.end(column))) {
            out.untyped(field, rows.cell(column));
        } else if (cells == Cells.NUMBERS) {
            out.number(field, number.asDouble());
        } else if (number.isNatural()) {
            out.integer(field, number.asLong());
        } else {
            out.untyped(field, rows.cell(column));
        }
    }

    @Override
    public byte[] bytes() {
        return String.join(",", rows.all()).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
