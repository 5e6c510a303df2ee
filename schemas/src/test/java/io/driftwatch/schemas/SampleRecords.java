package io.driftwatch.schemas;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * Records of every kind, built from their schemas, so that a new record or field is tested without
 * anyone's doing.
 */
public final class SampleRecords {

    private static final List<String> TEXTS =
            List.of(
                    "plain",
                    "",
                    "\u00e4\u03b1\u4e2d\ud83d\ude80",
                    "a \"quote\", a \\ and\na line\t\u0000\u2028",
                    "{}");
    private static final List<Double> DOUBLES =
            List.of(
                    0.31,
                    3.0,
                    -0.0,
                    Double.MIN_VALUE,
                    -Double.MAX_VALUE,
                    Double.MIN_NORMAL,
                    Double.parseDouble("1E23"),
                    2.0E-3,
                    0.1 + 0.2,
                    0x1p-44);
    private static final List<Long> LONGS =
            List.of(1L, 0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, (1L << 53) + 1);
    private static final List<Integer> INTS =
            List.of(1, 0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE);
    private static final List<Instant> INSTANTS =
            List.of(
                    Instant.parse("2001-06-15T00:00:00Z"),
                    Instant.parse("1969-12-31T23:59:59.999Z"),
                    Instant.parse("0001-01-01T00:00:00Z"),
                    Instant.parse("-000044-03-15T12:00:00.001Z"),
                    Instant.parse("+012345-01-01T00:00:00Z"),
                    Instant.EPOCH,
                    Instant.ofEpochMilli(Long.MIN_VALUE),
                    Instant.ofEpochMilli(Long.MAX_VALUE));

    private static final int VARIANTS = 24;

    private final boolean empty;
    private int next;

    private SampleRecords(boolean empty, int next) {
        this.empty = empty;
        this.next = next;
    }

    /**
     * Every record in several variants: one with nothing but nulls and empty collections, the
     * others full.
     */
    public static Stream<SpecificRecord> all() {
        return ClassTrust.schemas().stream()
                .flatMap(
                        schema ->
                                Stream.iterate(
                                                0,
                                                variant -> variant < VARIANTS,
                                                variant -> variant + 1)
                                        .map(variant -> of(schema, variant)));
    }

    private static SpecificRecord of(Schema schema, int variant) {
        ClassTrust.ensure();
        return (SpecificRecord) new SampleRecords(variant == 0, variant).value(schema);
    }

    private Object value(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> record(schema);
            case ENUM ->
                    SpecificData.getForSchema(schema)
                            .createEnum(pick(schema.getEnumSymbols()), schema);
            case ARRAY -> array(schema);
            case MAP -> map(schema);
            case UNION -> empty ? null : value(pick(schema.getTypes()));
            case STRING -> pick(TEXTS);
            case BYTES -> ByteBuffer.wrap(new byte[] {0, -1, 127, (byte) next});
            case INT -> pick(INTS);
            case LONG -> schema.getLogicalType() == null ? (Object) pick(LONGS) : pick(INSTANTS);
            case DOUBLE -> pick(DOUBLES);
            case BOOLEAN -> pick(List.of(true, false));
            case NULL -> null;
            case FLOAT, FIXED ->
                    throw new IllegalStateException("No schema uses " + schema.getType() + " yet");
        };
    }

    private IndexedRecord record(Schema schema) {
        var record = (IndexedRecord) SpecificData.getForSchema(schema).newRecord(null, schema);
        for (var field : schema.getFields()) {
            record.put(field.pos(), value(field.schema()));
        }
        return record;
    }

    private List<Object> array(Schema schema) {
        var items = new ArrayList<>();
        for (int i = 0; i < (empty ? 0 : 3); i++) {
            items.add(value(schema.getElementType()));
        }
        return items;
    }

    private Map<String, Object> map(Schema schema) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < (empty ? 0 : 4); i++) {
            map.put(pick(TEXTS), value(schema.getValueType()));
        }
        return map;
    }

    private <E> E pick(List<E> values) {
        // A step that is prime to every list's length, so that variants walk through all
        // combinations.
        next += 7;
        return values.get(Math.floorMod(next, values.size()));
    }
}
