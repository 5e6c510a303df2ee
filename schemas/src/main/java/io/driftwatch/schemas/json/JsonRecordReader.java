package io.driftwatch.schemas.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;

/** Reads a value of any schema from the form that {@link AvroJson} describes. */
final class JsonRecordReader {

    private static final int LONGEST_QUOTE = 60;

    private final SpecificData model;

    JsonRecordReader(SpecificData model) {
        this.model = model;
    }

    Object read(JsonNode node, Schema schema, String path) {
        var type = Optionals.valueOf(schema, path);
        if (node.isNull() && schema.isNullable()) {
            return null;
        }
        return switch (type.getType()) {
            case RECORD -> readRecord(expect(node.isObject(), node, schema, path), type, path);
            case MAP -> readMap(expect(node.isObject(), node, schema, path), type, path);
            case ARRAY -> readArray(expect(node.isArray(), node, schema, path), type, path);
            case ENUM -> readEnum(expect(node.isTextual(), node, schema, path), type, schema, path);
            case STRING -> expect(node.isTextual(), node, schema, path).textValue();
            case BOOLEAN -> expect(node.isBoolean(), node, schema, path).booleanValue();
            case INT ->
                    expect(node.isIntegralNumber() && node.canConvertToInt(), node, schema, path)
                            .intValue();
            case LONG ->
                    Expected.isTimestamp(type)
                            ? readInstant(
                                    expect(node.isTextual(), node, schema, path), schema, path)
                            : (Object)
                                    expect(
                                                    node.isIntegralNumber()
                                                            && node.canConvertToLong(),
                                                    node,
                                                    schema,
                                                    path)
                                            .longValue();
            case FLOAT ->
                    expect(node.isNumber() && Float.isFinite(node.floatValue()), node, schema, path)
                            .floatValue();
            case DOUBLE ->
                    expect(
                                    node.isNumber() && Double.isFinite(node.doubleValue()),
                                    node,
                                    schema,
                                    path)
                            .doubleValue();
            case BYTES -> ByteBuffer.wrap(readBase64(node, schema, path));
            case FIXED -> readFixed(node, type, schema, path);
            case NULL -> throw wrong(node, schema, path);
            case UNION ->
                    throw new IllegalStateException("Avro has no union inside a union: " + path);
        };
    }

    private IndexedRecord readRecord(JsonNode node, Schema schema, String path) {
        var record = (IndexedRecord) model.newRecord(null, schema);
        for (var field : schema.getFields()) {
            record.put(
                    field.pos(),
                    readField(node.get(field.name()), field, path + "." + field.name()));
        }
        return record;
    }

    private Object readField(JsonNode node, Schema.Field field, String path) {
        if (node != null) {
            return read(node, field.schema(), path);
        }
        if (!field.hasDefaultValue()) {
            throw new IllegalArgumentException(
                    "%s is absent, expected %s".formatted(path, Expected.of(field.schema())));
        }
        // A copy, because Avro caches the default and a map or array is mutable.
        return model.deepCopy(field.schema(), model.getDefaultValue(field));
    }

    private Map<String, Object> readMap(JsonNode node, Schema schema, String path) {
        var map = new LinkedHashMap<String, Object>();
        for (var entry : node.properties()) {
            map.put(
                    entry.getKey(),
                    read(
                            entry.getValue(),
                            schema.getValueType(),
                            path + "[" + entry.getKey() + "]"));
        }
        return map;
    }

    private List<Object> readArray(JsonNode node, Schema schema, String path) {
        var items = new ArrayList<>(node.size());
        for (var item : node) {
            items.add(read(item, schema.getElementType(), path + "[" + items.size() + "]"));
        }
        return items;
    }

    private Object readEnum(JsonNode node, Schema type, Schema schema, String path) {
        var symbol = node.textValue();
        if (type.hasEnumSymbol(symbol)) {
            return model.createEnum(symbol, type);
        }
        // As Avro does with a symbol that a newer release added.
        if (type.getEnumDefault() != null) {
            return model.createEnum(type.getEnumDefault(), type);
        }
        throw wrong(node, schema, path);
    }

    private static Instant readInstant(JsonNode node, Schema schema, String path) {
        try {
            var instant = Instant.parse(node.textValue()).truncatedTo(ChronoUnit.MILLIS);
            // Refuses what a long of milliseconds cannot hold.
            return Instant.ofEpochMilli(instant.toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(wrong(node, schema, path).getMessage(), e);
        }
    }

    private Object readFixed(JsonNode node, Schema type, Schema schema, String path) {
        var bytes = readBase64(node, schema, path);
        expect(bytes.length == type.getFixedSize(), node, schema, path);
        return model.createFixed(null, bytes, type);
    }

    private static byte[] readBase64(JsonNode node, Schema schema, String path) {
        expect(node.isTextual(), node, schema, path);
        try {
            return node.binaryValue();
        } catch (IOException e) {
            throw new IllegalArgumentException(wrong(node, schema, path).getMessage(), e);
        }
    }

    private static JsonNode expect(boolean holds, JsonNode node, Schema schema, String path) {
        if (!holds) {
            throw wrong(node, schema, path);
        }
        return node;
    }

    private static IllegalArgumentException wrong(JsonNode node, Schema schema, String path) {
        return new IllegalArgumentException(
                "%s is %s, expected %s".formatted(path, found(node), Expected.of(schema)));
    }

    private static String found(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "an array";
            case STRING -> "the string " + shortened(node.toString());
            case NUMBER -> "the number " + shortened(node.toString());
            case BOOLEAN, NULL -> node.toString();
            case MISSING -> "empty";
            case BINARY, POJO -> "of an unknown kind";
        };
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "...";
    }
}
