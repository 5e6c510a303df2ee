package io.driftwatch.schemas.json;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.driftwatch.schemas.ClassTrust;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * The JSON form of every record of this module: what {@code scores.jsonl}, {@code alerts.jsonl},
 * {@code notifications.jsonl} and JSON topics hold.
 *
 * <p>A record is an object whose keys are the schema's field names in the schema's order, every
 * field present. Then, by type:
 *
 * <ul>
 *   <li>an optional field is its value or {@code null}, without Avro's tag;
 *   <li>{@code timestamp-millis} is ISO-8601 in UTC, {@code "2001-06-15T00:00:00Z"}, milliseconds
 *       only when not zero;
 *   <li>a double is the shortest decimal that reads back as the same double: {@code 0.31}, {@code
 *       3.0}, {@code 1.0E-5};
 *   <li>an enum is its symbol, bytes are Base64 (RFC 4648, padded), a map is an object with its
 *       keys sorted.
 * </ul>
 *
 * <p>Equal records give equal text. {@code fromJson(toJson(r), type)} equals {@code r} for every
 * record that {@link #toJson} accepts and whose strings are well-formed Unicode.
 *
 * <p>Avro's own {@code JsonEncoder} is not used because it tags unions, writes timestamps as
 * numbers and bytes as ISO-8859-1 text.
 */
public final class AvroJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ObjectReader READER =
            MAPPER.reader()
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    static {
        ClassTrust.ensure();
    }

    private AvroJson() {}

    /**
     * The record as one line of JSON, without a line end.
     *
     * @throws IllegalArgumentException naming the field, if a number is NaN or infinite, which JSON
     *     cannot hold, or a field that may not be null is
     */
    public static String toJson(SpecificRecord record) {
        var text = new StringWriter();
        try (var generator = MAPPER.getFactory().createGenerator(text)) {
            // Closing must not complete a record that was refused half-way.
            generator.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
            write(record, generator);
        } catch (IOException e) {
            throw new UncheckedIOException("A StringWriter does not fail", e);
        }
        return text.toString();
    }

    /**
     * Writes the record as one JSON object where the generator stands. The generator is neither
     * flushed nor closed, and decides about white space. When this throws, it stands somewhere
     * inside the object.
     *
     * @throws IllegalArgumentException as {@link #toJson}
     * @throws IOException if the generator's target fails
     */
    public static void write(SpecificRecord record, JsonGenerator generator) throws IOException {
        requireNonNull(record, "record");
        JsonForm.write(record, record.getSchema(), record.getSchema().getName(), generator);
    }

    /**
     * Reads one record. An absent field takes the schema's default; an unknown key is ignored, so
     * that an older release reads what a newer one wrote.
     *
     * @throws IllegalArgumentException in one line, if the text is not one JSON object, a key
     *     occurs twice, a field without default is absent, or a value has the wrong type; names the
     *     field, what was found and what was expected
     */
    public static <T extends SpecificRecord> T fromJson(String json, Class<T> type) {
        requireNonNull(json, "json");
        return read(() -> READER.readTree(json), type);
    }

    /** As {@link #fromJson(String, Class)}, from UTF-8; malformed UTF-8 is refused too. */
    public static <T extends SpecificRecord> T fromJson(byte[] utf8, Class<T> type) {
        requireNonNull(utf8, "utf8");
        return read(() -> READER.readTree(utf8), type);
    }

    private static <T extends SpecificRecord> T read(Parse parse, Class<T> type) {
        var model = SpecificData.getForClass(type);
        var schema = model.getSchema(type);
        JsonNode tree;
        try {
            tree = parse.run();
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new IllegalArgumentException(
                    "Cannot read %s: not one JSON object%s: %s"
                            .formatted(
                                    schema.getName(),
                                    at == null
                                            ? ""
                                            : ", line %d column %d"
                                                    .formatted(at.getLineNr(), at.getColumnNr()),
                                    e.getOriginalMessage().replaceAll("\\s+", " ")),
                    e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Cannot read %s: not JSON in UTF-8: %s"
                            .formatted(schema.getName(), e.getMessage()),
                    e);
        }
        return type.cast(new JsonRecordReader(model).read(tree, schema, schema.getName()));
    }

    @FunctionalInterface
    private interface Parse {
        JsonNode run() throws IOException;
    }
}
