package io.driftwatch.job.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftwatch.job.config.EventTimeConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AvroRecordDecoderTest {
    private static final Schema EVERYTHING =
            new Schema.Parser()
                    .parse(
                            """
                            {"type":"record","name":"E","fields":[
                             {"name":"unwanted","type":"string"},
                             {"name":"i","type":"int"},
                             {"name":"l","type":"long"},
                             {"name":"f","type":"float"},
                             {"name":"d","type":"double"},
                             {"name":"b","type":"boolean"},
                             {"name":"s","type":"string"},
                             {"name":"e","type":{"type":"enum","name":"C","symbols":["RED","BLUE"]}},
                             {"name":"n","type":"null"},
                             {"name":"u","type":["null","string","long"]},
                             {"name":"day","type":{"type":"int","logicalType":"date"}},
                             {"name":"ms","type":{"type":"long","logicalType":"timestamp-millis"}},
                             {"name":"us","type":["null",{"type":"long","logicalType":"timestamp-micros"}]},
                             {"name":"ns","type":{"type":"long","logicalType":"timestamp-nanos"}},
                             {"name":"local","type":{"type":"long","logicalType":"local-timestamp-millis"}},
                             {"name":"tod","type":{"type":"int","logicalType":"time-millis"}},
                             {"name":"dec","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
                             {"name":"fix","type":{"type":"fixed","name":"F","size":3,"logicalType":"decimal","precision":6,"scale":1}},
                             {"name":"raw","type":"bytes"},
                             {"name":"id","type":{"type":"fixed","name":"G","size":2}},
                             {"name":"r","type":{"type":"record","name":"R","fields":[
                               {"name":"x","type":["null","double"]},{"name":"y","type":"string"}]}},
                             {"name":"m","type":{"type":"map","values":"long"}},
                             {"name":"a","type":{"type":"array","items":"R"}}
                            ]}
                            """);

    private static GenericRecord everything() {
        Schema inner = EVERYTHING.getField("r").schema();
        GenericRecordBuilder record = new GenericRecordBuilder(EVERYTHING);
        record.set("unwanted", "x".repeat(300)).set("i", -7).set("l", 1L << 53).set("f", 0.5f);
        record.set("d", Double.NaN).set("b", true).set("s", "Zürich 😀");
        record.set("e", new GenericData.EnumSymbol(EVERYTHING.getField("e").schema(), "BLUE"));
        record.set("n", null).set("u", 9L).set("day", 11_488).set("ms", 992_608_200_123L);
        record.set("us", 992_608_200_123_999L).set("ns", -1L).set("local", 992_608_200_000L);
        record.set("tod", 1).set("dec", decimal("-12.34")).set("raw", ByteBuffer.allocate(4));
        record.set(
                "fix",
                new GenericData.Fixed(
                        EVERYTHING.getField("fix").schema(), new byte[] {0, 0x30, 0x39}));
        record.set("id", new GenericData.Fixed(EVERYTHING.getField("id").schema(), new byte[2]));
        record.set("r", inner(inner, null, "one"));
        record.set("m", new TreeMap<>(Map.of("a/b", 1L, "c", 2L)));
        record.set("a", List.of(inner(inner, 1.5, "p"), inner(inner, 2.5, "q")));
        return record.build();
    }

    private static ByteBuffer decimal(String value) {
        return ByteBuffer.wrap(new BigDecimal(value).unscaledValue().toByteArray());
    }

    private static GenericRecord inner(Schema schema, Double x, String y) {
        return new GenericRecordBuilder(schema).set("x", x).set("y", y).build();
    }

    static byte[] bytes(GenericRecord record) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A plan that wants the given paths, in that order, and nothing else. */
    static FieldPlan plan(List<String> paths) {
        return new FieldPlan(
                new EventTimeConfig(
                        "at",
                        EventTimeConfig.TimeUnit.MS,
                        EventTimeConfig.DEFAULT_NOT_BEFORE,
                        EventTimeConfig.DEFAULT_MAX_AHEAD),
                true,
                paths,
                paths.stream().map(p -> List.<FieldPlan.Use>of()).toList(),
                List.of(),
                List.of(),
                List.of(),
                Set.of());
    }

    private static Map<String, String> read(Schema schema, byte[] bytes, String... paths)
            throws Rejection {
        List<String> wanted = List.of(paths);
        RecordingFields fields = new RecordingFields();
        AvroRecordDecoder.plain(schema.toString(), plan(wanted)).decode(bytes, fields);
        Map<String, String> named = new TreeMap<>();
        fields.seen.forEach((field, value) -> named.put(wanted.get(field), value));
        return named;
    }

    private static Schema schema(String json) {
        return new Schema.Parser().parse(json);
    }

    private static RejectionReason refused(Schema schema, byte[] bytes, String... paths) {
        try {
            read(schema, bytes, paths);
            return null;
        } catch (Rejection e) {
            return e.reason();
        }
    }

    @Test
    void readsEveryType() throws Rejection {
        Map<String, String> read =
                read(
                        EVERYTHING,
                        bytes(everything()),
                        "i",
                        "l",
                        "f",
                        "d",
                        "b",
                        "s",
                        "e",
                        "n",
                        "u",
                        "day",
                        "ms",
                        "us",
                        "ns",
                        "local",
                        "tod",
                        "dec",
                        "fix",
                        "raw",
                        "id",
                        "/r/x",
                        "/r/y",
                        "/m/a~1b",
                        "/m/none",
                        "/a/1/x",
                        "/a/2/x");

        assertThat(read)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.ofEntries(
                                Map.entry("i", "integer -7"),
                                Map.entry("l", "integer 9007199254740992"),
                                Map.entry("f", "number 0.5"),
                                Map.entry("d", "number NaN"),
                                Map.entry("b", "truth true"),
                                Map.entry("s", "text Zürich 😀"),
                                Map.entry("e", "text BLUE"),
                                Map.entry("n", "nothing"),
                                Map.entry("u", "integer 9"),
                                Map.entry("day", "instant 2001-06-15T00:00:00Z"),
                                Map.entry("ms", "instant 2001-06-15T12:30:00.123Z"),
                                Map.entry("us", "instant 2001-06-15T12:30:00.123Z"),
                                Map.entry("ns", "instant 1969-12-31T23:59:59.999Z"),
                                Map.entry("local", "instant 2001-06-15T12:30:00Z"),
                                Map.entry("tod", "integer 1"),
                                Map.entry("dec", "number -12.34"),
                                Map.entry("fix", "number 1234.5"),
                                Map.entry("raw", "other bytes"),
                                Map.entry("id", "other fixed bytes"),
                                Map.entry("/r/x", "nothing"),
                                Map.entry("/r/y", "text one"),
                                Map.entry("/m/a~1b", "integer 1"),
                                Map.entry("/a/1/x", "number 2.5")));
    }

    @Test
    void reportsARecordAMapAndAnArrayAsNoSingleValue() throws Rejection {
        assertThat(read(EVERYTHING, bytes(everything()), "r", "m", "a"))
                .isEqualTo(
                        Map.of("r", "other a record", "m", "other a map", "a", "other an array"));
    }

    @Test
    void passesOverAPathThatTheSchemaDoesNotHave() throws Rejection {
        assertThat(read(EVERYTHING, bytes(everything()), "nowhere", "/i/deeper", "/r/z")).isEmpty();
    }

    @Test
    void refusesBytesThatAreCutAnywhere() {
        byte[] whole = bytes(everything());
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThat(refused(EVERYTHING, cut, "i", "s", "dec", "/m/c", "/a/1/y"))
                    .as("cut to %d bytes", length)
                    .isEqualTo(RejectionReason.MALFORMED);
        }
    }

    @Test
    void refusesBytesAfterTheRecord() {
        byte[] whole = bytes(everything());

        assertThat(refused(EVERYTHING, Arrays.copyOf(whole, whole.length + 1), "i"))
                .isEqualTo(RejectionReason.MALFORMED);
    }

    @Test
    void refusesACorruptLengthWithoutAskingForItsMemory() {
        Schema text =
                schema(
                        "{\"type\":\"record\",\"name\":\"T\",\"fields\":[{\"name\":\"s\",\"type\":\"string\"}]}");
        byte[] twoGigabytes = {(byte) 0xFE, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F, 'x'};
        byte[] negative = {0x01, 'x'};
        byte[] longest = {
            (byte) 0xFE,
            (byte) 0xFF,
            (byte) 0xFF,
            (byte) 0xFF,
            (byte) 0xFF,
            (byte) 0xFF,
            (byte) 0xFF,
            (byte) 0xFF,
            (byte) 0xFF,
            0x01
        };

        for (byte[] corrupt : List.of(twoGigabytes, negative, longest)) {
            assertThat(refused(text, corrupt, "s")).isEqualTo(RejectionReason.MALFORMED);
        }
        assertThat(refused(text, twoGigabytes, "unwanted")).isEqualTo(RejectionReason.MALFORMED);
        assertThat(refused(text, longest, "unwanted")).isEqualTo(RejectionReason.MALFORMED);
    }

    @Test
    void refusesAnUnknownUnionBranchAndAnUnknownEnumSymbol() {
        Schema union =
                schema(
                        "{\"type\":\"record\",\"name\":\"T\",\"fields\":[{\"name\":\"u\",\"type\":[\"null\",\"long\"]}]}");
        Schema symbols =
                schema(
                        "{\"type\":\"record\",\"name\":\"T\",\"fields\":[{\"name\":\"u\",\"type\":"
                                + "{\"type\":\"enum\",\"name\":\"C\",\"symbols\":[\"A\"]}}]}");
        for (Schema schema : List.of(union, symbols)) {
            assertThat(refused(schema, new byte[] {8}, "u")).isEqualTo(RejectionReason.MALFORMED);
            assertThat(refused(schema, new byte[] {7}, "u")).isEqualTo(RejectionReason.MALFORMED);
        }
        assertThat(refused(union, new byte[] {8}, "x")).isEqualTo(RejectionReason.MALFORMED);
    }

    @Test
    void refusesADecimalWithoutBytes() {
        Schema decimal =
                schema(
                        "{\"type\":\"record\",\"name\":\"T\",\"fields\":[{\"name\":\"d\",\"type\":"
                                + "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9}}]}");

        assertThat(refused(decimal, new byte[] {0}, "d")).isEqualTo(RejectionReason.MALFORMED);
    }

    @Test
    void readsARecursiveSchemaAsDeepAsThePathGoes() throws Rejection {
        Schema list =
                schema(
                        "{\"type\":\"record\",\"name\":\"L\",\"fields\":[{\"name\":\"v\",\"type\":\"int\"},"
                                + "{\"name\":\"next\",\"type\":[\"null\",\"L\"]}]}");
        GenericRecord three = new GenericRecordBuilder(list).set("v", 3).set("next", null).build();
        GenericRecord two = new GenericRecordBuilder(list).set("v", 2).set("next", three).build();
        GenericRecord one = new GenericRecordBuilder(list).set("v", 1).set("next", two).build();

        assertThat(read(list, bytes(one), "v", "/next/v", "/next/next/next"))
                .isEqualTo(
                        Map.of(
                                "v",
                                "integer 1",
                                "/next/v",
                                "integer 2",
                                "/next/next/next",
                                "nothing"));
    }

    @Test
    void refusesARecordTooDeepToSkip() {
        Schema list =
                schema(
                        "{\"type\":\"record\",\"name\":\"L\",\"fields\":[{\"name\":\"v\",\"type\":\"int\"},"
                                + "{\"name\":\"next\",\"type\":[\"null\",\"L\"]}]}");
        byte[] deep = new byte[2_000_000];
        for (int i = 0; i < deep.length; i += 2) {
            deep[i] = 2;
            deep[i + 1] = 2;
        }

        assertThat(refused(list, deep, "v")).isEqualTo(RejectionReason.MALFORMED);
    }

    @Test
    void readsSingleObjectsOfTwoSchemas() throws Rejection {
        Schema old =
                schema(
                        "{\"type\":\"record\",\"name\":\"T\",\"fields\":[{\"name\":\"x\",\"type\":\"int\"}]}");
        Schema now =
                schema(
                        "{\"type\":\"record\",\"name\":\"T\",\"fields\":[{\"name\":\"y\",\"type\":\"string\"},"
                                + "{\"name\":\"x\",\"type\":[\"null\",\"double\"]}]}");
        AvroRecordDecoder decoder =
                AvroRecordDecoder.singleObject(
                        List.of(old.toString(), now.toString()), plan(List.of("x")));
        RecordingFields first = new RecordingFields();
        RecordingFields second = new RecordingFields();

        decoder.decode(single(new GenericRecordBuilder(old).set("x", 4).build()), first);
        decoder.decode(
                single(new GenericRecordBuilder(now).set("y", "long enough").set("x", 0.5).build()),
                second);

        assertThat(first.seen).containsEntry(0, "integer 4").hasSize(1);
        assertThat(second.seen).containsEntry(0, "number 0.5").hasSize(1);
    }

    @Test
    void refusesSingleObjectsOfASchemaThatIsNotConfigured() {
        Schema known =
                schema(
                        "{\"type\":\"record\",\"name\":\"T\",\"fields\":[{\"name\":\"x\",\"type\":\"int\"}]}");
        Schema other =
                schema(
                        "{\"type\":\"record\",\"name\":\"T\",\"fields\":[{\"name\":\"x\",\"type\":\"long\"}]}");
        byte[] bytes = single(new GenericRecordBuilder(other).set("x", 4L).build());
        String fingerprint =
                String.format("%016x", SchemaNormalization.parsingFingerprint64(other));
        AvroRecordDecoder decoder =
                AvroRecordDecoder.singleObject(List.of(known.toString()), plan(List.of("x")));

        assertThatThrownBy(() -> decoder.decode(bytes, new RecordingFields()))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        e -> assertThat(e.reason()).isEqualTo(RejectionReason.UNKNOWN_SCHEMA))
                .hasMessageContaining(fingerprint);
    }

    @Test
    void refusesWhatIsNoSingleObject() {
        Schema known =
                schema(
                        "{\"type\":\"record\",\"name\":\"T\",\"fields\":[{\"name\":\"x\",\"type\":\"int\"}]}");
        AvroRecordDecoder decoder =
                AvroRecordDecoder.singleObject(List.of(known.toString()), plan(List.of("x")));
        byte[] good = single(new GenericRecordBuilder(known).set("x", 4).build());
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> decoder.decode(cut, new RecordingFields()))
                    .as("cut to %d bytes", length)
                    .isInstanceOfSatisfying(
                            Rejection.class,
                            e -> assertThat(e.reason()).isEqualTo(RejectionReason.MALFORMED));
        }
        byte[] registry = {0, 0, 0, 0, 17, 2, 0, 0, 0, 0, 0};
        assertThatThrownBy(() -> decoder.decode(registry, new RecordingFields()))
                .hasMessageContaining("registry");
    }

    private static byte[] single(GenericRecord record) {
        byte[] body = bytes(record);
        return ByteBuffer.allocate(body.length + 10)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0xC3)
                .put((byte) 0x01)
                .putLong(SchemaNormalization.parsingFingerprint64(record.getSchema()))
                .put(body)
                .array();
    }
}
