package io.driftwatch.job.decode;

import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Finds which single values the records of an Avro schema hold: top-level fields plain, nested ones
 * as JSON pointers. Maps and arrays hold no values that could be named beforehand, and raw bytes
 * are no values that could be watched.
 */
public final class AvroColumns {
    private AvroColumns() {}

    public static Set<String> of(String schema) {
        return of(new Schema.Parser().parse(schema));
    }

    static Set<String> of(Schema schema) {
        Set<String> found = new LinkedHashSet<>();
        walk("", schema, found, new LinkedHashSet<>());
        return found;
    }

    private static void walk(String prefix, Schema schema, Set<String> found, Set<String> inside) {
        if (schema.getType() != Schema.Type.RECORD || !inside.add(schema.getFullName())) {
            return;
        }
        for (Schema.Field field : schema.getFields()) {
            String pointer = prefix + "/" + field.name();
            Schema type = withoutNull(field.schema());
            switch (type.getType()) {
                case RECORD -> walk(pointer, type, found, inside);
                case MAP, ARRAY, UNION, NULL -> {}
                case BYTES, FIXED -> {
                    if (type.getLogicalType() instanceof LogicalTypes.Decimal) {
                        found.add(prefix.isEmpty() ? field.name() : pointer);
                    }
                }
                default -> found.add(prefix.isEmpty() ? field.name() : pointer);
            }
        }
        inside.remove(schema.getFullName());
    }

    private static Schema withoutNull(Schema schema) {
        if (!schema.isUnion()) {
            return schema;
        }
        var others =
                schema.getTypes().stream().filter(t -> t.getType() != Schema.Type.NULL).toList();
        return others.size() == 1 ? others.get(0) : schema;
    }
}
