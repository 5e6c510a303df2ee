package io.driftwatch.schemas.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.NumberOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;

/** Writes a value of any schema in the form that {@link AvroJson} describes. */
final class JsonForm {

    private JsonForm() {}

    static void write(Object value, Schema schema, String path, JsonGenerator out)
            throws IOException {
        var type = Optionals.valueOf(schema, path);
        if (value == null) {
            if (!schema.isNullable()) {
                throw new IllegalArgumentException(
                        "%s is null, expected %s".formatted(path, Expected.of(schema)));
            }
            out.writeNull();
            return;
        }
        switch (type.getType()) {
            case RECORD -> writeRecord((IndexedRecord) value, type, path, out);
            case ARRAY -> writeArray((Collection<?>) value, type, path, out);
            case MAP -> writeMap((Map<?, ?>) value, type, path, out);
            case ENUM, STRING -> out.writeString(value.toString());
            case BOOLEAN -> out.writeBoolean((Boolean) value);
            case INT -> out.writeNumber((Integer) value);
            case LONG -> writeLong(value, out);
            case FLOAT -> out.writeNumber(NumberOutput.toString(finite((Float) value, path), true));
            // As text, because Double.toString of JDK 17 is not always the shortest (JDK-4511638).
            case DOUBLE ->
                    out.writeNumber(NumberOutput.toString(finite((Double) value, path), true));
            case BYTES -> out.writeBinary(bytes((ByteBuffer) value));
            case FIXED -> out.writeBinary(((GenericFixed) value).bytes());
            case NULL -> out.writeNull();
            case UNION ->
                    throw new IllegalStateException("Avro has no union inside a union: " + path);
        }
    }

    private static void writeRecord(
            IndexedRecord record, Schema schema, String path, JsonGenerator out)
            throws IOException {
        out.writeStartObject();
        for (var field : schema.getFields()) {
            out.writeFieldName(field.name());
            write(record.get(field.pos()), field.schema(), path + "." + field.name(), out);
        }
        out.writeEndObject();
    }

    private static void writeArray(
            Collection<?> items, Schema schema, String path, JsonGenerator out) throws IOException {
        out.writeStartArray();
        int index = 0;
        for (var item : items) {
            write(item, schema.getElementType(), path + "[" + index + "]", out);
            index++;
        }
        out.writeEndArray();
    }

    private static void writeMap(Map<?, ?> map, Schema schema, String path, JsonGenerator out)
            throws IOException {
        var sorted = new TreeMap<String, Object>();
        map.forEach((key, value) -> sorted.put(String.valueOf(key), value));
        out.writeStartObject();
        for (var entry : sorted.entrySet()) {
            out.writeFieldName(entry.getKey());
            write(entry.getValue(), schema.getValueType(), path + "[" + entry.getKey() + "]", out);
        }
        out.writeEndObject();
    }

    private static void writeLong(Object value, JsonGenerator out) throws IOException {
        if (value instanceof Instant instant) {
            // Millis are all that the schema holds; ISO form prints 0 or 3 decimals then.
            out.writeString(instant.truncatedTo(ChronoUnit.MILLIS).toString());
        } else {
            out.writeNumber((Long) value);
        }
    }

    private static double finite(double value, String path) {
        if (!Double.isFinite(value)) {
            throw notFinite(value, path);
        }
        return value;
    }

    private static float finite(float value, String path) {
        if (!Float.isFinite(value)) {
            throw notFinite(value, path);
        }
        return value;
    }

    private static IllegalArgumentException notFinite(double value, String path) {
        return new IllegalArgumentException(
                "%s is %s, expected a finite number; JSON has no other, and an absent number is null"
                        .formatted(path, value));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        // A duplicate, because reading moves the position and the record is the caller's.
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
