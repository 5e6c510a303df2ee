package io.driftwatch.schemas;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/**
 * What a change of a schema breaks. First Avro's own rules in both directions; then what Avro
 * allows although it loses data without a word: a field that is renamed or removed but has a
 * default, enum symbols in another order (Java code compares and stores ordinals), a logical type
 * that changes.
 */
final class SchemaChanges {

    private final List<String> problems = new ArrayList<>();
    private final TreeSet<String> seen = new TreeSet<>();

    private SchemaChanges() {}

    /**
     * One sentence for each thing that is broken between an earlier version of a record and the
     * current one.
     */
    static List<String> breaking(Schema earlier, Schema current) {
        var changes = new SchemaChanges();
        changes.readable("current readers cannot read earlier data", current, earlier);
        changes.readable("earlier readers cannot read current data", earlier, current);
        changes.compare(earlier, current, current.getName());
        return changes.problems;
    }

    private void readable(String consequence, Schema reader, Schema writer) {
        var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
        if (result.getType() != SchemaCompatibilityType.COMPATIBLE) {
            result.getResult()
                    .getIncompatibilities()
                    .forEach(
                            problem ->
                                    problems.add(
                                            "%s: %s at %s: %s"
                                                    .formatted(
                                                            consequence,
                                                            problem.getType(),
                                                            problem.getLocation(),
                                                            problem.getMessage())));
        }
    }

    private void compare(Schema earlier, Schema current, String path) {
        if (earlier.getType() != current.getType()) {
            problems.add(
                    "%s was %s and is %s".formatted(path, earlier.getType(), current.getType()));
            return;
        }
        if (!logicalType(earlier).equals(logicalType(current))) {
            problems.add(
                    "%s was logical type '%s' and is '%s'"
                            .formatted(path, logicalType(earlier), logicalType(current)));
        }
        switch (earlier.getType()) {
            case RECORD -> compareRecords(earlier, current, path);
            case ENUM -> compareEnums(earlier, current, path);
            case ARRAY -> compare(earlier.getElementType(), current.getElementType(), path + "[]");
            case MAP -> compare(earlier.getValueType(), current.getValueType(), path + "{}");
            case UNION -> compareUnions(earlier, current, path);
            default -> {
                // Nothing more to compare.
            }
        }
    }

    private void compareRecords(Schema earlier, Schema current, String path) {
        if (!seen.add(earlier.getFullName())) {
            return;
        }
        for (var field : earlier.getFields()) {
            var now = current.getField(field.name());
            if (now == null) {
                problems.add("%s.%s was removed or renamed".formatted(path, field.name()));
            } else {
                compare(field.schema(), now.schema(), path + "." + field.name());
            }
        }
    }

    private void compareEnums(Schema earlier, Schema current, String path) {
        var before = earlier.getEnumSymbols();
        var now = current.getEnumSymbols();
        if (now.size() < before.size() || !now.subList(0, before.size()).equals(before)) {
            problems.add(
                    "%s had the symbols %s and has %s; add new ones at the end only"
                            .formatted(path, before, now));
        }
    }

    private void compareUnions(Schema earlier, Schema current, String path) {
        var before = earlier.getTypes();
        var now = current.getTypes();
        for (int i = 0; i < Math.min(before.size(), now.size()); i++) {
            compare(before.get(i), now.get(i), path);
        }
    }

    private static String logicalType(Schema schema) {
        return schema.getLogicalType() == null ? "" : schema.getLogicalType().getName();
    }
}
