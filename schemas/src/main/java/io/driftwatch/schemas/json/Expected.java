package io.driftwatch.schemas.json;

import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** What a schema asks for, in words, for messages. */
final class Expected {

    private Expected() {}

    static String of(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> "an object (" + schema.getName() + ")";
            case MAP -> "an object (map)";
            case ARRAY -> "an array";
            case ENUM -> "one of " + schema.getEnumSymbols();
            case STRING -> "a string";
            case BYTES, FIXED -> "a string of Base64";
            case BOOLEAN -> "true or false";
            case INT -> "a whole number (int)";
            case LONG ->
                    isTimestamp(schema)
                            ? "a time in ISO-8601 such as \"2001-06-15T00:00:00Z\""
                            : "a whole number (long)";
            case FLOAT -> "a number (float)";
            case DOUBLE -> "a number (double)";
            case NULL -> "null";
            case UNION -> of(Optionals.valueOf(schema, "it")) + " or null";
        };
    }

    static boolean isTimestamp(Schema schema) {
        return schema.getLogicalType() instanceof LogicalTypes.TimestampMillis;
    }
}
