package io.driftwatch.job.decode;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A CSV file (RFC 4180, UTF-8) with a header line. An empty cell is missing. */
final class CsvCursor implements RecordCursor {
    private final String fileName;
    private final CsvReader<CsvRecord> reader;
    private final Iterator<CsvRecord> rows;
    private final int width;
    private final int[] columnOfField;
    private CsvRecord row;

    CsvCursor(InputStream in, String fileName, FieldPlan plan) throws IOException {
        this.fileName = fileName;
        reader = reader(in);
        rows = reader.iterator();
        List<String> header = header(rows, fileName);
        width = header.size();
        columnOfField = new int[plan.paths().size()];
        List<String> absent = new ArrayList<>();
        for (int field = 0; field < columnOfField.length; field++) {
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

    static Set<String> columns(InputStream in, String fileName) throws IOException {
        try (CsvReader<CsvRecord> reader = reader(in)) {
            return new LinkedHashSet<>(header(reader.iterator(), fileName));
        }
    }

    /** Rows that do not fit the header, or are quoted oddly, are for us to refuse one by one. */
    private static CsvReader<CsvRecord> reader(InputStream in) {
        return CsvReader.builder()
                .detectBomHeader(true)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .allowExtraCharsAfterClosingQuote(true)
                .ofCsvRecord(in, StandardCharsets.UTF_8);
    }

    private static List<String> header(Iterator<CsvRecord> rows, String fileName)
            throws IOException {
        if (!hasNext(rows, fileName)) {
            throw new IllegalArgumentException(
                    fileName + ": is empty; its first line must name the columns");
        }
        return rows.next().getFields();
    }

    private static boolean hasNext(Iterator<CsvRecord> rows, String fileName) throws IOException {
        try {
            return rows.hasNext();
        } catch (CsvParseException | UncheckedIOException e) {
            throw new IOException(fileName + ": cannot be read: " + cause(e), e);
        }
    }

    private static String cause(Throwable failure) {
        return failure.getCause() == null ? failure.getMessage() : cause(failure.getCause());
    }

    @Override
    public boolean next() throws IOException {
        if (!hasNext(rows, fileName)) {
            return false;
        }
        row = rows.next();
        return true;
    }

    @Override
    public void fields(FieldReceiver out) throws Rejection {
        if (row.getFieldCount() != width) {
            throw new Rejection(
                    RejectionReason.MALFORMED,
                    "line "
                            + row.getStartingLineNumber()
                            + " has "
                            + row.getFieldCount()
                            + " cells, the header "
                            + width);
        }
        for (int field = 0; field < columnOfField.length; field++) {
            if (columnOfField[field] >= 0) {
                out.untyped(field, row.getField(columnOfField[field]));
            }
        }
    }

    @Override
    public byte[] bytes() {
        return String.join(",", row.getFields()).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
