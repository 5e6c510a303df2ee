package io.driftwatch.schemas.json;

import org.apache.avro.Schema;

/**
 * What the JSON form knows of unions: null and one type, because it carries no tag that could tell
 * more apart.
 */
final class Optionals {

    private Optionals() {}

    /** The type that a value has when it is not null. */
    static Schema valueOf(Schema schema, String path) {
        if (!schema.isUnion()) {
            return schema;
        }
        var types =
                schema.getTypes().stream()
                        .filter(type -> type.getType() != Schema.Type.NULL)
                        .toList();
        if (types.size() != 1) {
            throw new IllegalArgumentException(
                    "%s is a union of %s, expected null and one type: the JSON form cannot tell more apart"
                            .formatted(
                                    path,
                                    schema.getTypes().stream().map(Schema::getName).toList()));
        }
        return types.get(0);
    }
}
