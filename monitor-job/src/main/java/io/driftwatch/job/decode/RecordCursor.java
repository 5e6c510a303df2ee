package io.driftwatch.job.decode;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;

/**
 * The records of a file or of a stretch of a topic, one after the other. Not for several threads.
 */
public interface RecordCursor extends Closeable {

    /** Goes to the next record; false at the end. */
    boolean next() throws IOException;

    /** Reports the wanted fields of the current record. */
    void fields(FieldReceiver out) throws Rejection;

    /** The current record as it was written, as far as that can be said. */
    byte[] bytes();

    /**
     * Opens a file.
     *
     * @param in its content, uncompressed; closed with the result
     * @throws IllegalArgumentException if the file has no place for a wanted field
     */
    static RecordCursor open(InputStream in, String fileName, FieldPlan plan) throws IOException {
        return switch (FileFormat.of(fileName)) {
            case CSV -> new CsvCursor(in, fileName, plan);
            case JSON_LINES -> new JsonLineCursor(in, fileName, plan);
            case AVRO -> new AvroFileCursor(in, fileName, plan);
        };
    }

    /**
     * Paths of all single values in a file, in their order there; for JSON it is read to the end.
     */
    static Set<String> columns(InputStream in, String fileName) throws IOException {
        return switch (FileFormat.of(fileName)) {
            case CSV -> CsvCursor.columns(in, fileName);
            case JSON_LINES -> JsonColumns.ofLines(in, fileName);
            case AVRO -> AvroFileCursor.columns(in, fileName);
        };
    }

    /** Names under which a field may stand in a file without nesting, the likeliest first. */
    static List<String> flatNames(FieldPlan plan, int field) {
        String path = plan.paths().get(field);
        List<String> names = new java.util.ArrayList<>(List.of(path));
        for (FieldPlan.Use use : plan.uses().get(field)) {
            switch (use.purpose()) {
                case NUMBER -> names.add(plan.numeric().get(use.index()));
                case CATEGORY -> names.add(plan.categorical().get(use.index()));
                case SEGMENT -> names.add(plan.segments().get(use.index()));
                case EVENT_TIME, RECORD_ID, VERSION -> {}
            }
        }
        List<String> steps = PathTree.steps(path);
        names.add(steps.get(steps.size() - 1));
        return names;
    }
}
