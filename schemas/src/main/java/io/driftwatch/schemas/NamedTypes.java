package io.driftwatch.schemas;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;

/** The records, enums and fixed types that schemas consist of. */
final class NamedTypes {

    private NamedTypes() {}

    /** Full name to type, of the given schemas and everything inside them. */
    static Map<String, Schema> of(Collection<Schema> schemas) {
        var types = new TreeMap<String, Schema>();
        schemas.forEach(schema -> collect(schema, types));
        return types;
    }

    private static void collect(Schema schema, Map<String, Schema> types) {
        switch (schema.getType()) {
            case RECORD -> {
                if (types.putIfAbsent(schema.getFullName(), schema) == null) {
                    schema.getFields().forEach(field -> collect(field.schema(), types));
                }
            }
            case ENUM, FIXED -> types.putIfAbsent(schema.getFullName(), schema);
            case ARRAY -> collect(schema.getElementType(), types);
            case MAP -> collect(schema.getValueType(), types);
            case UNION -> schema.getTypes().forEach(branch -> collect(branch, types));
            default -> {
                // A primitive has no name.
            }
        }
    }
}
