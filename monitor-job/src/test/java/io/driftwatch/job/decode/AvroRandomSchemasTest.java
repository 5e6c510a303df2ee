package io.driftwatch.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Holds the compiled decoder against Avro's own generic reader, on schemas made at random. */
@Timeout(120)
class AvroRandomSchemasTest {
    private static final int SCHEMAS = 600;

    private final Random random = new Random(20_010_615);
    private int names;

    @Test
    void readsWhatTheGenericReaderReads() throws IOException, Rejection {
        int compared = 0;
        for (int i = 0; i < SCHEMAS; i++) {
            Schema schema = record(3);
            byte[] bytes = AvroRecordDecoderTest.bytes((GenericRecord) datum(schema));
            GenericRecord generic =
                    new GenericDatumReader<GenericRecord>(schema)
                            .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
            Map<String, String> expected = new TreeMap<>();
            flatten("", schema, generic, expected);
            Set<String> wanted = new LinkedHashSet<>(expected.keySet());
            wanted.removeIf(path -> random.nextInt(3) == 0);
            wanted.add("/no/such/field");
            expected.keySet().retainAll(wanted);

            assertThat(decode(schema, bytes, List.copyOf(wanted)))
                    .as("schema %s", schema)
                    .isEqualTo(expected);
            compared += expected.size();
        }
        assertThat(compared).isGreaterThan(1000);
    }

    @Test
    void refusesOrReadsDamagedRecordsButNeverFails() {
        for (int i = 0; i < SCHEMAS; i++) {
            Schema schema = record(3);
            byte[] bytes = AvroRecordDecoderTest.bytes((GenericRecord) datum(schema));
            Map<String, String> columns = new LinkedHashMap<>();
            AvroColumns.of(schema).forEach(c -> columns.put(c, ""));
            AvroRecordDecoder decoder =
                    AvroRecordDecoder.plain(
                            schema.toString(),
                            AvroRecordDecoderTest.plan(List.copyOf(columns.keySet())));
            for (int damage = 0; damage < 60; damage++) {
                byte[] damaged =
                        random.nextInt(4) == 0
                                ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1))
                                : bytes.clone();
                for (int flips = random.nextInt(3); flips >= 0 && damaged.length > 0; flips--) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
                }
                decodeDamaged(decoder, damaged);
            }
        }
    }

    private static void decodeDamaged(AvroRecordDecoder decoder, byte[] damaged) {
        try {
            decoder.decode(damaged, new RecordingFields());
        } catch (Rejection e) {
            assertThat(e.reason()).isEqualTo(RejectionReason.MALFORMED);
        }
    }

    private static Map<String, String> decode(Schema schema, byte[] bytes, List<String> wanted)
            throws Rejection {
        RecordingFields fields = new RecordingFields();
        AvroRecordDecoder.plain(schema.toString(), AvroRecordDecoderTest.plan(wanted))
                .decode(bytes, fields);
        Map<String, String> named = new TreeMap<>();
        fields.seen.forEach((field, value) -> named.put(wanted.get(field), value));
        return named;
    }

    /** Every single value below, by pointer, as the decoder should report it. */
    private static void flatten(String path, Schema schema, Object value, Map<String, String> out) {
        switch (schema.getType()) {
            case RECORD ->
                    schema.getFields()
                            .forEach(
                                    f ->
                                            flatten(
                                                    path + "/" + f.name(),
                                                    f.schema(),
                                                    ((GenericRecord) value).get(f.pos()),
                                                    out));
            case UNION ->
                    flatten(
                            path,
                            schema.getTypes().get(GenericData.get().resolveUnion(schema, value)),
                            value,
                            out);
            case MAP ->
                    ((Map<?, ?>) value)
                            .forEach(
                                    (k, v) ->
                                            flatten(
                                                    path + "/" + escape(k.toString()),
                                                    schema.getValueType(),
                                                    v,
                                                    out));
            case ARRAY -> {
                int index = 0;
                for (Object item : (List<?>) value) {
                    flatten(path + "/" + index++, schema.getElementType(), item, out);
                }
            }
            default -> out.put(path, single(schema, value));
        }
    }

    private static String escape(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    private static String single(Schema schema, Object value) {
        String logical = schema.getLogicalType() == null ? "" : schema.getLogicalType().getName();
        return switch (schema.getType()) {
            case NULL -> "nothing";
            case INT ->
                    logical.equals("date")
                            ? "instant "
                                    + LocalDate.ofEpochDay((int) value)
                                            .atStartOfDay(ZoneOffset.UTC)
                                            .toInstant()
                            : "integer " + value;
            case LONG ->
                    switch (logical) {
                        case "timestamp-millis" -> "instant " + Instant.ofEpochMilli((long) value);
                        case "timestamp-micros" ->
                                "instant "
                                        + Instant.EPOCH
                                                .plus(
                                                        (long) value,
                                                        java.time.temporal.ChronoUnit.MICROS)
                                                .truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
                        default -> "integer " + value;
                    };
            case FLOAT, DOUBLE -> "number " + ((Number) value).doubleValue();
            case BOOLEAN -> "truth " + value;
            case STRING, ENUM -> "text " + value;
            case BYTES -> "other bytes";
            case FIXED -> "other fixed bytes";
            default -> throw new AssertionError(schema);
        };
    }

    private Schema record(int depth) {
        List<Schema.Field> fields = new ArrayList<>();
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            fields.add(new Schema.Field("f" + i, any(depth - 1)));
        }
        return Schema.createRecord("R" + names++, null, "x", false, fields);
    }

    private Schema any(int depth) {
        int kind = random.nextInt(depth > 0 ? 18 : 13);
        return switch (kind) {
            case 0 -> Schema.create(Schema.Type.NULL);
            case 1 -> Schema.create(Schema.Type.INT);
            case 2 -> Schema.create(Schema.Type.LONG);
            case 3 -> Schema.create(Schema.Type.FLOAT);
            case 4 -> Schema.create(Schema.Type.DOUBLE);
            case 5 -> Schema.create(Schema.Type.BOOLEAN);
            case 6 -> Schema.create(Schema.Type.STRING);
            case 7 -> Schema.create(Schema.Type.BYTES);
            case 8 -> Schema.createEnum("E" + names++, null, "x", List.of("A", "B", "C"));
            case 9 -> Schema.createFixed("F" + names++, null, "x", 1 + random.nextInt(9));
            case 10 -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
            case 11 -> LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
            case 12 -> LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
            case 13 -> Schema.createArray(any(depth - 1));
            case 14 -> Schema.createMap(any(depth - 1));
            case 15, 16 ->
                    Schema.createUnion(
                            Schema.create(Schema.Type.NULL),
                            random.nextBoolean()
                                    ? record(depth)
                                    : Schema.create(Schema.Type.STRING),
                            Schema.create(Schema.Type.DOUBLE));
            default -> record(depth);
        };
    }

    private Object datum(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> {
                GenericData.Record record = new GenericData.Record(schema);
                schema.getFields().forEach(f -> record.put(f.pos(), datum(f.schema())));
                yield record;
            }
            case UNION -> datum(schema.getTypes().get(random.nextInt(schema.getTypes().size())));
            case ARRAY -> {
                List<Object> items = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    items.add(datum(schema.getElementType()));
                }
                yield items;
            }
            case MAP -> {
                Map<String, Object> entries = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    entries.put(text(), datum(schema.getValueType()));
                }
                yield entries;
            }
            case NULL -> null;
            case INT ->
                    schema.getLogicalType() == null
                            ? random.nextInt()
                            : random.nextInt(-700_000, 2_900_000);
            case LONG ->
                    schema.getLogicalType() == null
                            ? random.nextLong()
                            : random.nextLong(-60_000_000_000_000L, 250_000_000_000_000L);
            case FLOAT -> random.nextFloat();
            case DOUBLE -> random.nextDouble();
            case BOOLEAN -> random.nextBoolean();
            case STRING -> text();
            case BYTES -> ByteBuffer.wrap(new byte[random.nextInt(9)]);
            case ENUM ->
                    new GenericData.EnumSymbol(
                            schema, schema.getEnumSymbols().get(random.nextInt(3)));
            case FIXED -> new GenericData.Fixed(schema, new byte[schema.getFixedSize()]);
        };
    }

    private String text() {
        String alphabet = "ab/~é😀 \"0";
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.appendCodePoint(
                    alphabet.codePoints().skip(random.nextInt(8)).findFirst().orElseThrow());
        }
        return text.toString();
    }
}
