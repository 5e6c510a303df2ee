package io.driftwatch.job.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftwatch.job.config.TestingConfig;
import io.driftwatch.schemas.DeadLetter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordCursorTest {
    private static final FieldPlan PLAN =
            plan(
                    """
                    models:
                      - name: flights
                        profile: p.avro
                        streams: [{role: inference, topic: flights, event_time: at}]
                        window: {size: 1h}
                        features:
                          distance: {type: numeric}
                          origin: {type: categorical, path: /route/origin}
                    """);

    private static FieldPlan plan(String yaml) {
        var model = TestingConfig.model(yaml);
        return FieldPlan.of(model, model.streams().get(0), model.features());
    }

    private static String lines(String separator, String... lines) {
        return String.join(separator, lines) + separator;
    }

    private static InputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Decoded> read(InputStream in, String name) throws IOException {
        ObservationDecoder decoder =
                new ObservationDecoder("flights", PLAN, InstantSource.fixed(Decoding.NOW));
        List<Decoded> all = new ArrayList<>();
        try (RecordCursor cursor = RecordCursor.open(in, name, PLAN)) {
            while (cursor.next()) {
                all.add(decoder.decode(cursor, name, all.size()));
            }
        }
        return all;
    }

    private static List<Decoded> csv(String text) throws IOException {
        return read(in(text), "june.csv");
    }

    private static Observation only(List<Decoded> decoded) {
        assertThat(decoded).hasSize(1);
        assertThat(decoded.get(0).deadLetter()).isNull();
        return decoded.get(0).observation();
    }

    @Test
    void readsColumnsByNameWhateverTheirOrder() throws IOException {
        Observation row = only(csv("x,distance,origin,at\n1,740,JFK,2001-06-15T12:30Z\n"));

        assertThat(row.numbers()).containsExactly(740);
        assertThat(row.categories()).containsExactly("JFK");
        assertThat(row.eventTimeMillis()).isEqualTo(992_608_200_000L);
        assertThat(row.topic()).isEqualTo("june.csv");
        assertThat(row.partition()).isZero();
        assertThat(row.offset()).isZero();
    }

    @Test
    void readsANestedFieldFromAColumnNamedByItsWholePathFirst() throws IOException {
        Observation row = only(csv("at,distance,origin,/route/origin\n2001-06-15,1,a,b\n"));

        assertThat(row.categories()).containsExactly("b");
    }

    @Test
    void takesAnEmptyCellAsMissing() throws IOException {
        Observation row = only(csv("at,distance,origin\n2001-06-15,,\n"));

        assertThat(row.numbers()).containsExactly(Double.NaN);
        assertThat(row.categories()).containsExactly((String) null);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "NaN, NaN",
        "Infinity, Infinity",
        "-Infinity, -Infinity",
        "-0.0, -0.0",
        "1e3, 1000",
        "+7, 7",
        ".5, 0.5",
        "5., 5",
        "007, 7"
    })
    void readsNumbers(String cell, Double expected) throws IOException {
        assertThat(only(csv("at,distance,origin\n2001-06-15," + cell + ",x\n")).numbers())
                .containsExactly(expected);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "x", "1 2", "\"1,5\"", "NA", "null", "inf", "1_000", "12D", "7f", "0x1p3", "--1"
            })
    void refusesWhatIsNoNumber(String cell) throws IOException {
        List<Decoded> decoded = csv("at,distance,origin\n2001-06-15," + cell + ",x\n");

        assertThat(decoded.get(0).deadLetter().getReason()).isEqualTo("wrong_type");
        assertThat(decoded.get(0).deadLetter().getDetail())
                .startsWith("june.csv-0@0: field 'distance' is '")
                .endsWith("', expected a number");
    }

    @Test
    void readsQuotedCellsWithCommasQuotesAndLineBreaks() throws IOException {
        List<Decoded> rows =
                csv(
                        lines(
                                "\r\n",
                                "at,distance,origin",
                                "2001-06-15,\"1\",\"New York, \"\"JFK\"\"\r\nTerminal 4\"",
                                "2001-06-16,2,plain"));

        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).observation().categories())
                .containsExactly("New York, \"JFK\"\r\nTerminal 4");
        assertThat(rows.get(1).observation().offset()).isEqualTo(1);
    }

    @Test
    void readsTheLastLineWithoutLineBreakAndPassesOverBlankOnes() throws IOException {
        assertThat(csv("at,distance,origin\n\n2001-06-15,1,x\n\n\n2001-06-15,2,y")).hasSize(2);
    }

    @ParameterizedTest(name = "header {0}")
    @ValueSource(strings = {"at,distance,origin", "\"at\",\"distance\",\"origin\""})
    void readsAFileThatBeginsWithAByteOrderMark(String header) throws IOException {
        Observation row = only(csv("\uFEFF" + header + "\n2001-06-15,1,x\n"));

        assertThat(row.numbers()).containsExactly(1);
        assertThat(RecordCursor.columns(in("\uFEFF" + header + "\n"), "a.csv"))
                .containsExactly("at", "distance", "origin");
    }

    @Test
    void refusesARowWithMoreOrFewerCellsAndGoesOn() throws IOException {
        List<Decoded> rows =
                csv("at,distance,origin\n2001-06-15,1\n2001-06-15,2,x,y\n2001-06-15,3,z\n");

        assertThat(rows).hasSize(3);
        DeadLetter few = rows.get(0).deadLetter();
        assertThat(few.getReason()).isEqualTo("malformed");
        assertThat(few.getDetail()).isEqualTo("june.csv-0@0: line 2 has 2 cells, the header 3");
        assertThat(StandardCharsets.UTF_8.decode(few.getPayload()).toString())
                .isEqualTo("2001-06-15,1");
        assertThat(rows.get(1).deadLetter().getDetail())
                .isEqualTo("june.csv-0@1: line 3 has 4 cells, the header 3");
        assertThat(rows.get(2).observation().numbers()).containsExactly(3);
    }

    @Test
    void readsOnAfterAQuoteThatStandsWrong() throws IOException {
        List<Decoded> rows =
                csv("at,distance,origin\n2001-06-15,1,\"a\"b\n2001-06-15,2,a\"b\n2001-06-15,3,c\n");

        assertThat(rows).hasSize(3);
        assertThat(rows.get(2).observation().numbers()).containsExactly(3);
    }

    @Test
    void takesAQuoteThatNeverEndsAsOneBadRow() throws IOException {
        List<Decoded> rows = csv("at,distance,origin\n2001-06-15,1,\"a\n2001-06-15,2,b\n");

        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).observation().categories()[0]).startsWith("a\n2001-06-15,2,b");
    }

    @Test
    void aMissingColumnIsNamedBesideThoseThatAreThere() {
        assertThatThrownBy(() -> csv("time,miles,origin\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "june.csv: has no column 'at', 'distance'; its columns are time, miles,"
                                + " origin");
    }

    @Test
    void anEmptyFileIsSaidToBeEmpty() {
        assertThatThrownBy(() -> csv(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("june.csv: is empty");
    }

    @Test
    void aReferenceFileNeedsNoTime() throws IOException {
        try (RecordCursor cursor =
                RecordCursor.open(in("distance,origin\n1,x\n"), "train.csv", PLAN.withoutTime())) {
            assertThat(cursor.next()).isTrue();
            Decoded decoded =
                    new ObservationDecoder(
                                    "flights",
                                    PLAN.withoutTime(),
                                    InstantSource.fixed(Decoding.NOW))
                            .decode(cursor, "train.csv", 0);
            assertThat(decoded.observation().numbers()).containsExactly(1);
            assertThat(decoded.eventTimeMillis()).isEqualTo(Decoded.NO_TIME);
        }
    }

    @Test
    void readsJsonLinesAndPassesOverBlankOnes() throws IOException {
        List<Decoded> rows =
                read(
                        in(
                                lines(
                                        "\r\n",
                                        "\uFEFF{\"at\":\"2001-06-15\",\"distance\":1}",
                                        "",
                                        "  ",
                                        "not json",
                                        "{\"at\":\"2001-06-15\",\"route\":{\"origin\":\"é\"}}")),
                        "june.jsonl");

        assertThat(rows).hasSize(3);
        assertThat(rows.get(0).observation().numbers()).containsExactly(1);
        assertThat(rows.get(1).deadLetter().getReason()).isEqualTo("malformed");
        assertThat(rows.get(1).deadLetter().getOffset()).isEqualTo(1);
        assertThat(rows.get(2).observation().categories()).containsExactly("é");
    }

    @Test
    void findsTheColumnsOfJsonLines() throws IOException {
        assertThat(
                        RecordCursor.columns(
                                in(
                                        lines(
                                                "\n",
                                                "{\"a\":1,\"r\":{\"x/y\":1,\"z\":{\"~\":null}},\"l\":[1]}",
                                                "oops",
                                                "{\"b\":\"t\",\"/c\":1,\"a\":2}",
                                                "[]",
                                                "")),
                                "x.jsonl"))
                .containsExactly("a", "/r/x~1y", "/r/z/~0", "b", "/~1c");
    }

    private static final Schema FLIGHT =
            new Schema.Parser()
                    .parse(
                            """
                            {"type":"record","name":"Flight","fields":[
                             {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
                             {"name":"distance","type":["null","double"]},
                             {"name":"route","type":["null",{"type":"record","name":"Route",
                               "fields":[{"name":"origin","type":"string"},
                                         {"name":"tags","type":{"type":"map","values":"int"}}]}]},
                             {"name":"legs","type":{"type":"array","items":"long"}},
                             {"name":"code","type":["string","long"]}
                            ]}
                            """);

    private static byte[] container(int rows) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DataFileWriter<GenericRecord> writer =
                new DataFileWriter<>(new GenericDatumWriter<>(FLIGHT))) {
            writer.create(FLIGHT, out);
            for (int i = 0; i < rows; i++) {
                writer.append(
                        new GenericRecordBuilder(FLIGHT)
                                .set("at", 992_608_200_000L)
                                .set("distance", (double) i)
                                .set("route", null)
                                .set("legs", List.of(1L, 2L))
                                .set("code", "x")
                                .build());
            }
        }
        return out.toByteArray();
    }

    @Test
    void readsAvroContainers() throws IOException {
        List<Decoded> rows = read(new ByteArrayInputStream(container(500)), "june.avro");

        assertThat(rows).hasSize(500);
        assertThat(rows.get(499).observation().numbers()).containsExactly(499);
        assertThat(rows.get(499).observation().eventTimeMillis()).isEqualTo(992_608_200_000L);
        assertThat(rows.get(499).observation().offset()).isEqualTo(499);
    }

    @Test
    void findsTheColumnsOfAvroContainers() throws IOException {
        assertThat(RecordCursor.columns(new ByteArrayInputStream(container(0)), "x.avro"))
                .containsExactly("at", "distance", "/route/origin");
    }

    @Test
    void refusesAFileThatIsNoAvroContainer() {
        assertThatThrownBy(() -> read(in("at,distance\n"), "june.avro"))
                .isInstanceOf(IOException.class)
                .hasMessage("june.avro: is not an Avro container file");
        assertThatThrownBy(() -> read(in(""), "june.avro"))
                .isInstanceOf(IOException.class)
                .hasMessage("june.avro: is not an Avro container file");
    }

    @Test
    void refusesADamagedAvroContainer() throws IOException {
        byte[] damaged = container(5000);
        for (int i = damaged.length / 2; i < damaged.length / 2 + 64; i++) {
            damaged[i] = (byte) 0xFF;
        }

        assertThatThrownBy(() -> read(new ByteArrayInputStream(damaged), "june.avro"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("june.avro")
                .hasMessageContaining("damaged");
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "a.csv, CSV",
        "A.CSV, CSV",
        "a.csv.gz, CSV",
        "a.jsonl, JSON_LINES",
        "a.ndjson.gz, JSON_LINES",
        "a.json, JSON_LINES",
        "a.avro, AVRO"
    })
    void tellsFormatsByName(String name, FileFormat format) {
        assertThat(FileFormat.of(name)).isEqualTo(format);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"a", "a.parquet", "csv", "a.csv.zip", "a.gz", "A.CSV.GZ"})
    void refusesNamesThatTellNoFormat(String name) {
        assertThatThrownBy(() -> FileFormat.of(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(name + ": cannot tell the format");
    }
}
