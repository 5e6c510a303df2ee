package io.driftwatch.schemas.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.DeadLetterStage;
import io.driftwatch.schemas.FeatureRecord;
import io.driftwatch.schemas.PredictionRecord;
import io.driftwatch.schemas.SampleRecords;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.avro.SchemaParser;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AvroJsonTest {

    private static final String SCORE =
            "{\"model\":\"flight-delay\",\"model_version\":\"default\",\"segment\":{},\"feature\":\"distance_miles\","
                    + "\"statistic\":\"psi\",\"value\":0.31,\"lower\":0.31,\"upper\":0.31,\"p_value\":null,"
                    + "\"critical_value\":0.012,\"count\":1650,\"reference_count\":50824,"
                    + "\"window_start\":\"2001-06-15T00:00:00Z\",\"window_end\":\"2001-06-16T00:00:00Z\","
                    + "\"status\":\"scored\",\"reason\":null,\"revision\":0}";

    @Test
    void writesTheScoreAsTheContractShowsItAndWhatWasAddedLaterBehind() {
        assertThat(AvroJson.toJson(score()))
                .startsWith(SCORE.substring(0, SCORE.length() - 1) + ",\"null_level\":null,");
    }

    @Test
    void readsTheScoreThatTheContractShows() {
        assertThat(AvroJson.fromJson(SCORE, Score.class)).isEqualTo(score());
    }

    @ParameterizedTest
    @MethodSource("records")
    void readsBackWhatItWrote(SpecificRecord record) {
        var json = AvroJson.toJson(record);

        assertThat(AvroJson.fromJson(json, record.getClass())).isEqualTo(record);
        assertThat(AvroJson.fromJson(json.getBytes(UTF_8), record.getClass())).isEqualTo(record);
    }

    @ParameterizedTest
    @MethodSource("records")
    void writesOneLineOfValidJsonWithTheFieldsOfTheSchemaInOrder(SpecificRecord record)
            throws Exception {
        var json = AvroJson.toJson(record);

        assertThat(json).doesNotContain("\n", "\r");
        assertThat(new ObjectMapper().readTree(json).fieldNames())
                .toIterable()
                .containsExactlyElementsOf(
                        record.getSchema().getFields().stream()
                                .map(field -> field.name())
                                .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "0.31, 0.31",
        "3.0, 3.0",
        "-0.0, -0.0",
        "1650, 1650.0",
        "0.00001, 1.0E-5",
        "1e7, 1.0E7",
        "2e23, 2.0E23",
        // Double.toString of JDK 17 says 5.6843418860808015E-14, one digit too many.
        "5.684341886080802E-14, 5.684341886080802E-14",
        "4.9E-324, 4.9E-324",
        "-1.7976931348623157E308, -1.7976931348623157E308",
    })
    void writesTheShortestNumberThatReadsBack(double value, String expected) {
        var score = score();
        score.setValue(value);

        assertThat(AvroJson.toJson(score)).contains("\"value\":" + expected + ",");
    }

    @ParameterizedTest
    @CsvSource({
        "992563200000, 2001-06-15T00:00:00Z",
        "992563200500, 2001-06-15T00:00:00.500Z",
        "992563200001, 2001-06-15T00:00:00.001Z",
        "0, 1970-01-01T00:00:00Z",
        "-1, 1969-12-31T23:59:59.999Z",
        "-62135596800000, 0001-01-01T00:00:00Z",
        "253402300800000, +10000-01-01T00:00:00Z",
    })
    void writesTimesInUtcWithMillisecondsOnlyWhenThereAreSome(long millis, String expected) {
        var score = score();
        score.setWindowStart(Instant.ofEpochMilli(millis));

        assertThat(AvroJson.toJson(score)).contains("\"window_start\":\"" + expected + "\"");
    }

    @Test
    void writesMapsWithTheirKeysSorted() {
        var segment = new LinkedHashMap<String, String>();
        segment.put("origin", "JFK");
        segment.put("carrier", "AA");
        segment.put("", "none");
        var score = score();
        score.setSegment(segment);

        assertThat(AvroJson.toJson(score))
                .contains("\"segment\":{\"\":\"none\",\"carrier\":\"AA\",\"origin\":\"JFK\"}");
    }

    @Test
    void writesBytesAsBase64AndLeavesTheBufferAsItWas() {
        var payload = ByteBuffer.wrap(new byte[] {9, 0, -1, 127, 9}, 1, 3);
        var letter = deadLetter(payload);

        assertThat(AvroJson.toJson(letter)).contains("\"payload\":\"AP9/\"");
        assertThat(AvroJson.toJson(letter)).contains("\"payload\":\"AP9/\"");
        assertThat(payload.remaining()).isEqualTo(3);
    }

    @Test
    void escapesLineEndsSoThatARecordStaysOnOneLine() {
        var score = score();
        score.setReason("a\nb\r\"c\"");

        assertThat(AvroJson.toJson(score)).contains("\"reason\":\"a\\nb\\r\\\"c\\\"\"");
    }

    @Test
    void writesIntoAGeneratorOfSomeoneElse() throws Exception {
        var text = new StringWriter();
        try (var generator = new JsonFactory().createGenerator(text)) {
            generator.writeStartArray();
            AvroJson.write(score(), generator);
            AvroJson.write(score(), generator);
            generator.writeEndArray();
        }

        var json = AvroJson.toJson(score());
        assertThat(text).hasToString("[" + json + "," + json + "]");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void refusesToWriteWhatIsNoJsonNumber(double value) {
        var score = score();
        score.setUpper(value);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> AvroJson.toJson(score))
                .withMessage(
                        "Score.upper is %s, expected a finite number; JSON has no other, and an absent number is null",
                        value);
    }

    @Test
    void namesThePlaceOfABadNumberInsideANestedRecordAndAMap() {
        var alert = AvroJson.fromJson(alertJson(), Alert.class);
        alert.getScore().setValue(Double.NaN);
        var features =
                new FeatureRecord(
                        null, "m", null, Instant.EPOCH, Map.of("age", Double.NaN), Map.of());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> AvroJson.toJson(alert))
                .withMessageStartingWith("Alert.score.value is NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AvroJson.toJson(features))
                .withMessageStartingWith("FeatureRecord.numbers[age] is NaN");
    }

    @Test
    void refusesToWriteNullWhereTheSchemaAllowsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AvroJson.toJson(new Score()))
                .withMessage("Score.model is null, expected a string");
    }

    @Test
    void takesTheDefaultOfAnAbsentField() {
        var prediction =
                AvroJson.fromJson(
                        "{\"model\":\"m\",\"event_time\":\"2001-06-15T00:00:00Z\",\"number\":7}",
                        PredictionRecord.class);

        assertThat(prediction)
                .isEqualTo(
                        new PredictionRecord(
                                null, "m", null, Instant.parse("2001-06-15T00:00:00Z"), 7.0, null));
        assertThat(
                        AvroJson.fromJson(SCORE.replace(",\"revision\":0", ""), Score.class)
                                .getRevision())
                .isZero();
    }

    @Test
    void ignoresUnknownKeys() {
        var json = SCORE.replace("{\"model\"", "{\"added_later\":{\"deep\":[1]},\"model\"");

        assertThat(AvroJson.fromJson(json, Score.class)).isEqualTo(score());
    }

    @Test
    void readsKeysInAnyOrderWithWhiteSpace() {
        var json =
                SCORE.replace("\"revision\":0}", "\"x\":0 }\n")
                        .replace("{\"model\"", " {\n\"revision\" : 0, \"model\"");

        assertThat(AvroJson.fromJson(json, Score.class)).isEqualTo(score());
    }

    @Test
    void readsTimesWithAnOffset() {
        var json = SCORE.replace("2001-06-15T00:00:00Z", "2001-06-15T02:00:00+02:00");

        assertThat(AvroJson.fromJson(json, Score.class)).isEqualTo(score());
    }

    @ParameterizedTest(name = "{0} becomes {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            textBlock =
                    """
                    "count":1650        | "count":"1650"         | Score.count is the string "1650", expected a whole number (long)
                    "count":1650        | "count":1650.5         | Score.count is the number 1650.5, expected a whole number (long)
                    "count":1650        | "count":1e3            | Score.count is the number 1000.0, expected a whole number (long)
                    "count":1650        | "count":9223372036854775808 | Score.count is the number 9223372036854775808, expected a whole number (long)
                    "count":1650        | "count":null           | Score.count is null, expected a whole number (long)
                    "count":1650        | "kount":1650           | Score.count is absent, expected a whole number (long)
                    "revision":0        | "revision":2147483648  | Score.revision is the number 2147483648, expected a whole number (int)
                    "value":0.31        | "value":"0.31"         | Score.value is the string "0.31", expected a number (double) or null
                    "value":0.31        | "value":true           | Score.value is true, expected a number (double) or null
                    "value":0.31        | "value":{"double":1}   | Score.value is an object, expected a number (double) or null
                    "model":"flight-delay" | "model":7           | Score.model is the number 7, expected a string
                    "segment":{}        | "segment":[]           | Score.segment is an array, expected an object (map)
                    "segment":{}        | "segment":{"a":1}      | Score.segment[a] is the number 1, expected a string
                    "segment":{}        | "segment":{"a":null}   | Score.segment[a] is null, expected a string
                    "status":"scored"   | "status":0             | Score.status is the number 0, expected one of [scored, insufficient_data, not_evaluable]
                    "2001-06-15T00:00:00Z" | 992563200000        | Score.window_start is the number 992563200000, expected a time in ISO-8601 such as "2001-06-15T00:00:00Z"
                    "2001-06-15T00:00:00Z" | "2001-06-15"        | Score.window_start is the string "2001-06-15", expected a time in ISO-8601 such as "2001-06-15T00:00:00Z"
                    "2001-06-15T00:00:00Z" | "+999999999-01-01T00:00:00Z" | Score.window_start is the string "+999999999-01-01T00:00:00Z", expected a time in ISO-8601 such as "2001-06-15T00:00:00Z"
                    """)
    void saysWhichFieldIsWrongWhatItFoundAndWhatItExpected(String from, String to, String message) {
        assertThat(SCORE).contains(from);

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                AvroJson.fromJson(
                                        SCORE.replaceFirst(Pattern.quote(from), to), Score.class))
                .withMessage(message);
    }

    @Test
    void readsAStatusOfALaterReleaseAsTheDefaultOne() {
        String later = SCORE.replace("\"status\":\"scored\"", "\"status\":\"superseded\"");

        assertThat(AvroJson.fromJson(later, Score.class).getStatus())
                .isEqualTo(io.driftwatch.schemas.ScoreStatus.not_evaluable);
    }

    @Test
    void refusesANumberBeyondTheRangeOfDouble() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AvroJson.fromJson(SCORE.replace("0.012", "1e999"), Score.class))
                .withMessageStartingWith("Score.critical_value is the number")
                .withMessageEndingWith("expected a number (double) or null");
    }

    @Test
    void refusesBytesThatAreNotBase64() {
        var json = AvroJson.toJson(deadLetter(ByteBuffer.wrap(new byte[] {1, 2, 3})));

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                AvroJson.fromJson(
                                        json.replace("\"AQID\"", "\"A*\""), DeadLetter.class))
                .withMessage(
                        "DeadLetter.payload is the string \"A*\", expected a string of Base64 or null");
    }

    @Test
    void shortensALongValueInTheMessage() {
        var json = SCORE.replace("0.012", "\"" + "x".repeat(1000) + "\"");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> AvroJson.fromJson(json, Score.class))
                .withMessageContaining("xxx...")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nonsense",
                "{",
                "{\"model\":}",
                "{\"model\":\"a\",\"model\":\"b\"}",
                "[]",
                "null",
                "7"
            })
    void refusesWhatIsNotOneJsonObject(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AvroJson.fromJson(text, Score.class))
                .satisfies(e -> assertThat(e.getMessage()).contains("Score").doesNotContain("\n"));
    }

    @Test
    void refusesTextAfterTheObject() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AvroJson.fromJson(SCORE + SCORE, Score.class))
                .withMessageContaining("line 1 column");
    }

    @Test
    void refusesMalformedUtf8() {
        var bytes = SCORE.replace("flight-delay", "flight?delay").getBytes(UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '?') {
                bytes[i] = (byte) 0xFF;
            }
        }

        assertThatIllegalArgumentException()
                .isThrownBy(() -> AvroJson.fromJson(bytes, Score.class))
                .withMessageStartingWith("Cannot read Score");
    }

    @Test
    void refusesAUnionThatItCouldNotReadBack() {
        var schema = SchemaParser.parseSingle("[\"null\", \"string\", \"int\"]");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Optionals.valueOf(schema, "Probe.field"))
                .withMessageStartingWith(
                        "Probe.field is a union of [null, string, int], expected null and one type");
    }

    private static Score score() {
        return Score.newBuilder()
                .setModel("flight-delay")
                .setModelVersion("default")
                .setSegment(Map.of())
                .setFeature("distance_miles")
                .setStatistic("psi")
                .setValue(0.31)
                .setLower(0.31)
                .setUpper(0.31)
                .setCriticalValue(0.012)
                .setCount(1650)
                .setReferenceCount(50824)
                .setWindowStart(Instant.parse("2001-06-15T00:00:00Z"))
                .setWindowEnd(Instant.parse("2001-06-16T00:00:00Z"))
                .setStatus(ScoreStatus.scored)
                .setRevision(0)
                .build();
    }

    private static DeadLetter deadLetter(ByteBuffer payload) {
        return new DeadLetter(
                DeadLetterStage.decode,
                "bad_json",
                "detail",
                "m",
                "t",
                0,
                1L,
                null,
                1L,
                payload,
                3L);
    }

    private static String alertJson() {
        return """
                {"fingerprint":"00000000000000ff","episode":1,"sequence":2,"state":"firing","labels":{},"annotations":{},
                 "score":%s,"threshold":0.2,"direction":"above","starts_at":"2001-06-16T00:00:00Z","reason":"psi above 0.2"}
                """
                .formatted(SCORE);
    }

    private static Stream<SpecificRecord> records() {
        return SampleRecords.all();
    }
}
