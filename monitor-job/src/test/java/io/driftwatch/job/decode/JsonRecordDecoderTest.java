package io.driftwatch.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.schemas.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRecordDecoderTest {
    private static final String MODEL =
            """
            models:
              - name: flights
                profile: p.avro
                version: /meta/version
                streams: [{role: inference, topic: flights, event_time: at, record_id: id}]
                window: {size: 1h}
                segments: [origin]
                features:
                  distance: {type: numeric}
                  origin: {type: categorical, path: /route/origin}
                  fare: {type: numeric, path: /price/a~1b~0c}
                  miles: {type: numeric, path: /legs/1/miles}
                  carrier: {type: categorical}
            """;
    private static final String AT = "\"at\":\"2001-06-15T12:30:00Z\"";

    private final Decoding flights = new Decoding(MODEL);

    @Test
    void readsPlainNestedEscapedAndIndexedFields() {
        Observation read =
                flights.read(
                        "{"
                                + AT
                                + ",\"id\":\"f-1\",\"distance\":740.5,\"carrier\":\"AA\","
                                + "\"meta\":{\"version\":\"v2\",\"other\":[{\"version\":1}]},"
                                + "\"route\":{\"origin\":\"JFK\"},\"price\":{\"a/b~c\":12},"
                                + "\"legs\":[{\"miles\":1},{\"miles\":2},{\"miles\":3}]}");

        assertThat(read.eventTimeMillis()).isEqualTo(992_608_200_000L); // date -d, in seconds
        assertThat(read.version()).isEqualTo("v2");
        assertThat(read.recordId()).isEqualTo("f-1");
        assertThat(read.numbers()).containsExactly(740.5, 12, 2);
        assertThat(read.categories()).containsExactly("JFK", "AA");
        assertThat(read.segments()).containsExactly("JFK");
        assertThat(read.topic()).isEqualTo("flights");
        assertThat(read.partition()).isEqualTo(3);
        assertThat(read.offset()).isEqualTo(81_234);
    }

    @Test
    void takesWhatIsAbsentOrNullAsMissing() {
        Observation read = flights.read("{" + AT + ",\"distance\":null,\"route\":{},\"legs\":[]}");

        assertThat(read.numbers()).containsExactly(Double.NaN, Double.NaN, Double.NaN);
        assertThat(read.categories()).containsExactly(null, null);
        assertThat(read.segments()).containsExactly((String) null);
        assertThat(read.version()).isEqualTo("default");
        assertThat(read.recordId()).isNull();
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "NaN, NaN",
        "Infinity, Infinity",
        "-Infinity, -Infinity",
        "'\"NaN\"', NaN",
        "'\"Infinity\"', Infinity",
        "'\"-Infinity\"', -Infinity",
        "-0.0, -0.0",
        "0.1, 0.1",
        "1e400, Infinity",
        "4.9e-324, 4.9e-324",
        "9007199254740993, 9007199254740992",
        "123456789012345678901234567890, 1.2345678901234568E29",
        "-9223372036854775808, -9.223372036854775808E18"
    })
    void readsNumbers(String json, Double expected) {
        assertThat(flights.read("{" + AT + ",\"distance\":" + json + "}").numbers()[0])
                .isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} as {1}")
    @CsvSource({
        "'\"AA\"', AA",
        "'\"\"', ''",
        "7, 7",
        "1.5, 1.5",
        "true, true",
        "false, false",
        "'\"\\u00e9\\ud83d\\ude00\"', é😀"
    })
    void readsEverySingleValueAsCategory(String json, String expected) {
        assertThat(flights.read("{" + AT + ",\"carrier\":" + json + "}").categories()[1])
                .isEqualTo(expected);
    }

    @Test
    void readsTextThatIsNotAscii() {
        assertThat(flights.read("{" + AT + ",\"carrier\":\"Zürich 😀\"}").categories()[1])
                .isEqualTo("Zürich 😀");
    }

    @Test
    void keepsTheLastOfEqualKeys() {
        Observation read = flights.read("{" + AT + ",\"distance\":1,\"distance\":2}");

        assertThat(read.numbers()[0]).isEqualTo(2);
    }

    @Test
    void skipsWhatNobodyWantsHoweverDeep() {
        String deep = "[".repeat(900) + "]".repeat(900);

        Observation read = flights.read("{\"x\":" + deep + "," + AT + ",\"distance\":3}");

        assertThat(read.numbers()[0]).isEqualTo(3);
    }

    @ParameterizedTest(name = "{index}: {0}")
    @ValueSource(
            strings = {
                "not json",
                "{",
                "{\"at\":",
                "{\"at\":\"2001-06-15T12:30:00Z\"",
                "{\"at\":\"2001-06-15T12:30:00Z\"} {}",
                "{\"at\":\"2001-06-15T12:30:00Z\"} trailing",
                "{\"at\":\"2001-06-15T12:30:00Z\"}]",
                "{'at':1}",
                "{\"at\":01}",
                "{\"distance\":+Infinity1}",
                "[1,2]",
                "[]",
                "17",
                "\"text\"",
                "null",
                "true",
                "NaN",
                "   ",
                "\u0000\u0001",
                "{\"a\":\"\u0001\"}",
                "<xml/>"
            })
    void refusesWhatIsNotOneJsonObject(String json) {
        assertThat(flights.refuse(json).getReason()).isEqualTo("malformed");
    }

    @Test
    void refusesNestingThatOnlyAnAttackerWrites() {
        String deep = "{\"x\":" + "[".repeat(200_000) + "]".repeat(200_000) + "," + AT + "}";

        assertThat(flights.refuse(deep).getReason()).isEqualTo("malformed");
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        byte[] bytes = ("{" + AT + ",\"carrier\":\"x\"}").getBytes(StandardCharsets.UTF_8);
        bytes[bytes.length - 3] = (byte) 0xFF;

        assertThat(flights.refuse(bytes).getReason()).isEqualTo("malformed");
    }

    @Test
    void refusesAnEmptyObjectForItsMissingTime() {
        assertThat(flights.refuse("{}").getReason()).isEqualTo("missing_event_time");
    }

    @Test
    void refusesAValueOfNoBytesAndNoValueAtAll() {
        assertThat(flights.refuse(new byte[0]).getReason()).isEqualTo("empty_payload");
        DeadLetter none = flights.refuse((byte[]) null);
        assertThat(none.getReason()).isEqualTo("empty_payload");
        assertThat(none.getPayload()).isNull();
        assertThat(none.getPayloadSize()).isEqualTo(-1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "\"distance\":\"740\"|field 'distance' is the string '740', expected a number",
                "\"distance\":\"\"|field 'distance' is the string '', expected a number",
                "\"distance\":true|field 'distance' is a boolean, expected a number",
                "\"distance\":{\"miles\":1}|field 'distance' is an object, expected a single value",
                "\"distance\":[1]|field 'distance' is an array, expected a single value",
                "\"carrier\":{}|field 'carrier' is an object, expected a single value",
                "\"id\":[]|field 'id' is an array, expected a single value",
                "\"route\":{\"origin\":[]}|field '/route/origin' is an array, expected a single value"
            })
    void refusesAnotherTypeThanTheFeatures(String field, String message) {
        DeadLetter dead = flights.refuse("{" + AT + "," + field + "}");

        assertThat(dead.getReason()).isEqualTo("wrong_type");
        assertThat(dead.getDetail()).isEqualTo("flights-3@81234: " + message);
    }

    @Test
    void forgetsTheRecordThatWasRefusedBefore() {
        flights.refuse("{" + AT + ",\"carrier\":\"AA\",\"distance\":1,\"legs\":7,\"id\":{}}");

        Observation next = flights.read("{" + AT + "}");

        assertThat(next.numbers()).containsOnly(Double.NaN);
        assertThat(next.categories()).containsOnlyNulls();
    }

    @Test
    void namesAFieldThatIsWrittenAsNameAndAsPointer() {
        Decoding both =
                new Decoding(
                        """
                        models:
                          - name: flights
                            profile: p.avro
                            streams: [{role: inference, topic: flights, event_time: at}]
                            window: {size: 1h}
                            features:
                              hour: {type: numeric, path: /at}
                              at_again: {type: numeric, path: at}
                        """);

        Observation read = both.read("{\"at\":992608200000}");

        assertThat(read.eventTimeMillis()).isEqualTo(992_608_200_000L);
        assertThat(read.numbers()).containsExactly(992_608_200_000.0, 992_608_200_000.0);
    }

    @Test
    void neverThrowsWhateverTheBytes() {
        Random random = new Random(7);
        byte[] good =
                ("{" + AT + ",\"distance\":740.5,\"route\":{\"origin\":\"JFK\"},\"legs\":[1,2]}")
                        .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Decoded decoded = flights.decode(bytes);
            assertThat(decoded.observation() == null).isNotEqualTo(decoded.deadLetter() == null);
        }
    }
}
