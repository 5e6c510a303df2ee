package io.driftwatch.job.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.TestingConfig;
import io.driftwatch.job.config.ValueRole;
import io.driftwatch.job.tally.SampleKey;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileTaskTest {
    private static final Instant NOW = Instant.parse("2001-07-01T00:00:00Z");
    private static final String MODEL =
            """
            models:
              - name: flights
                profile: p.avro
                streams:
                  - {role: features, topic: f, event_time: at, record_id: id}
                  - {role: predictions, topic: p, event_time: at}
                window: {size: 1h, min_count: 3}
            """;

    @TempDir private Path folder;

    private FileInput input(ModelConfig model, int stream, String name, String... lines)
            throws IOException {
        Path file = folder.resolve(name);
        Files.write(file, List.of(lines));
        return new FileInput(model.streams().get(stream), file);
    }

    private static ReferenceSample only(ProfileTask task) throws IOException {
        List<ReferenceSample> samples = task.run(NOW, "a test");
        assertThat(samples).hasSize(1);
        return samples.get(0);
    }

    @Test
    void profilesEveryColumnAndTellsItsType() throws IOException {
        ModelConfig model = TestingConfig.model(MODEL);
        ProfileTask task =
                new ProfileTask(
                        model,
                        List.of(
                                input(
                                        model,
                                        0,
                                        "train.csv",
                                        "id,at,distance,origin",
                                        "1,2001-06-01,100,JFK",
                                        "2,2001-06-03,,LAX",
                                        "3,2001-06-02,300.5,",
                                        "4,2001-06-02,Infinity,JFK")),
                        null,
                        null);

        ReferenceSample sample = only(task);

        assertThat(sample.key()).isEqualTo(SampleKey.whole("flights", "default"));
        assertThat(sample.rows()).isEqualTo(4);
        assertThat(sample.createdAt()).isEqualTo(NOW);
        assertThat(sample.firstEventTime()).isEqualTo("2001-06-01T00:00:00Z");
        assertThat(sample.lastEventTime()).isEqualTo("2001-06-03T00:00:00Z");
        assertThat(sample.features())
                .isEqualTo(
                        Map.of(
                                "distance",
                                NumericProfile.of(
                                        new double[] {
                                            100, Double.NaN, 300.5, Double.POSITIVE_INFINITY
                                        },
                                        10),
                                "origin",
                                CategoricalProfile.of(Map.of("JFK", 2L, "LAX", 1L), 1)));
        assertThat(sample.features().keySet()).containsExactly("distance", "origin");
        assertThat(sample.roles().values()).containsOnly(ValueRole.FEATURE);
        assertThat(task.inferred()).containsExactly("distance", "origin");
        assertThat(task.rejected()).isZero();
        assertThat(task.rows()).isEqualTo(4);
        assertThat(task.share()).isEqualTo(1);
    }

    @Test
    void keepsConfiguredTypesBinsAndEdges() throws IOException {
        ModelConfig model =
                TestingConfig.model(
                        MODEL
                                + """
                                    features:
                                      code: {type: categorical}
                                      distance: {type: numeric, bins: {edges: [150]}}
                                      free: {}
                                """);
        ProfileTask task =
                new ProfileTask(
                        model,
                        List.of(
                                input(
                                        model,
                                        0,
                                        "train.csv",
                                        "code,distance,free,unwatched",
                                        "1,100,7,x",
                                        "2,200,8,y")),
                        null,
                        null);

        Map<String, ?> features = only(task).features();

        assertThat(features)
                .isEqualTo(
                        Map.of(
                                "code", CategoricalProfile.of(Map.of("1", 1L, "2", 1L), 0),
                                "distance",
                                        NumericProfile.of(
                                                new double[] {100, 200}, new double[] {150}),
                                "free", NumericProfile.of(new double[] {7, 8}, 10)));
        assertThat(task.inferred()).containsExactly("free");
    }

    @Test
    void tellsTypesFromAllFilesOfAStream() throws IOException {
        ModelConfig model = TestingConfig.model(MODEL);
        ProfileTask task =
                new ProfileTask(
                        model,
                        List.of(
                                input(model, 0, "may.csv", "gate", "B12", "7"),
                                input(model, 0, "june.csv", "gate", "8", "9")),
                        null,
                        null);

        ReferenceSample sample = only(task);

        assertThat(sample.feature("gate").type()).isEqualTo(FeatureType.CATEGORICAL);
        assertThat(sample.feature("gate").reference().count()).isEqualTo(4);
        assertThat(sample.rows()).isEqualTo(4);
        assertThat(task.rejected()).isZero();
    }

    @Test
    void hintsAtNumbersThatMayBeCodes() throws IOException {
        ModelConfig model = TestingConfig.model(MODEL);
        List<String> lines = new ArrayList<>(List.of("carrier,distance"));
        for (int i = 0; i < 300; i++) {
            lines.add(i % 5 + "," + i);
        }
        ProfileTask task =
                new ProfileTask(
                        model,
                        List.of(input(model, 0, "t.csv", lines.toArray(String[]::new))),
                        null,
                        null);

        task.run(NOW, "a test");

        assertThat(task.codes()).containsExactly("carrier");
    }

    @Test
    void joinsStreamsOfOneModel() throws IOException {
        ModelConfig model =
                TestingConfig.model(
                        MODEL
                                + """
                                    features:
                                      distance: {type: numeric}
                                      delay: {type: numeric, role: prediction}
                                """);
        ProfileTask task =
                new ProfileTask(
                        model,
                        List.of(
                                input(model, 0, "f.csv", "id,distance", "1,1", "2,2", "3,3"),
                                input(model, 1, "p.jsonl", "{\"delay\":10}", "{\"delay\":20}")),
                        null,
                        null);

        ReferenceSample sample = only(task);

        assertThat(sample.rows()).isEqualTo(3);
        assertThat(sample.feature("distance").reference().count()).isEqualTo(3);
        assertThat(sample.feature("delay").reference().count()).isEqualTo(2);
        assertThat(sample.roles())
                .isEqualTo(Map.of("distance", ValueRole.FEATURE, "delay", ValueRole.PREDICTION));
    }

    @Test
    void makesASampleForEachVersionAndEachSegmentThatIsLargeEnough() throws IOException {
        ModelConfig model =
                TestingConfig.model(
                        MODEL.replace("window:", "version: v\n    window:")
                                + """
                                    segments: [origin]
                                    features: {distance: {type: numeric}}
                                """);
        ProfileTask task =
                new ProfileTask(
                        model,
                        List.of(
                                input(
                                        model,
                                        0,
                                        "t.csv",
                                        "id,v,origin,distance",
                                        "1,a,JFK,1",
                                        "1,a,JFK,2",
                                        "1,a,JFK,3",
                                        "1,a,LAX,4",
                                        "1,a,LAX,5",
                                        "1,a,,6",
                                        "1,b,JFK,7",
                                        "1,,JFK,8")),
                        null,
                        null);

        List<ReferenceSample> samples = task.run(NOW, "a test");

        assertThat(samples)
                .extracting(ReferenceSample::key)
                .containsExactlyInAnyOrder(
                        SampleKey.whole("flights", "a"),
                        SampleKey.whole("flights", "b"),
                        SampleKey.whole("flights", "default"),
                        new SampleKey("flights", "a", "origin", "JFK"));
        assertThat(samples.get(samples.size() - 1).feature("distance"))
                .isEqualTo(NumericProfile.of(new double[] {1, 2, 3}, 10));
        assertThat(task.smallSegments()).isEqualTo(3);
    }

    @Test
    void leavesOutRowsOutsideTheRange() throws IOException {
        ModelConfig model = TestingConfig.model(MODEL);
        ProfileTask task =
                new ProfileTask(
                        model,
                        List.of(
                                input(
                                        model,
                                        0,
                                        "t.csv",
                                        "id,at,x",
                                        "1,2001-05-31T23:59:59Z,1",
                                        "2,2001-06-01,2",
                                        "3,2001-06-30T23:59:59Z,3",
                                        "4,2001-07-01,4",
                                        "5,,5")),
                        Instant.parse("2001-06-01T00:00:00Z"),
                        Instant.parse("2001-07-01T00:00:00Z"));

        ReferenceSample sample = only(task);

        assertThat(sample.feature("x")).isEqualTo(NumericProfile.of(new double[] {2, 3}, 10));
        assertThat(task.outside()).isEqualTo(3);
    }

    @Test
    void countsRowsThatCannotBeReadAndShowsTheFirstThree() throws IOException {
        ModelConfig model =
                TestingConfig.model(MODEL + "    features: {distance: {type: numeric}}\n");
        ProfileTask task =
                new ProfileTask(
                        model,
                        List.of(
                                input(
                                        model,
                                        0,
                                        "t.csv",
                                        "id,distance",
                                        "1,far",
                                        "2,near",
                                        "3,",
                                        "4,here",
                                        "5,there")),
                        null,
                        null);

        assertThat(only(task).feature("distance").reference().missing()).isEqualTo(1);
        assertThat(task.rejected()).isEqualTo(4);
        assertThat(task.examples())
                .extracting(d -> d.getDetail().replaceFirst(".*@", "@"))
                .containsExactly(
                        "@0: field 'distance' is 'far', expected a number",
                        "@1: field 'distance' is 'near', expected a number",
                        "@3: field 'distance' is 'here', expected a number");
    }

    @Test
    void makesNoSampleWhereAllRowsAreBad() throws IOException {
        ModelConfig model =
                TestingConfig.model(MODEL + "    features: {distance: {type: numeric}}\n");
        ProfileTask task =
                new ProfileTask(
                        model,
                        List.of(input(model, 0, "t.csv", "id,distance", "1,x", "2,y")),
                        null,
                        null);

        assertThat(task.run(NOW, "a test")).isEmpty();
        assertThat(task.rejected()).isEqualTo(2);
    }

    @Test
    void watchesNeitherTimeNorIdHoweverTheirPathsAreSpelled() throws IOException {
        ModelConfig model =
                TestingConfig.model(
                        MODEL.replace(
                                "event_time: at, record_id: id",
                                "event_time: /at, record_id: /id"));
        ProfileTask task =
                new ProfileTask(
                        model,
                        List.of(
                                input(
                                        model,
                                        0,
                                        "t.jsonl",
                                        "{\"id\":\"1\",\"at\":\"2001-06-01\",\"x\":1}")),
                        null,
                        null);

        assertThat(only(task).features().keySet()).containsExactly("x");
    }

    @Test
    void readsNestedJson() throws IOException {
        ModelConfig model = TestingConfig.model(MODEL);
        ProfileTask task =
                new ProfileTask(
                        model,
                        List.of(
                                input(
                                        model,
                                        0,
                                        "t.ndjson",
                                        "{\"route\":{\"from\":\"JFK\",\"legs\":[1]},\"x\":1}",
                                        "oops",
                                        "{\"x\":NaN,\"late\":true}")),
                        null,
                        null);

        ReferenceSample sample = only(task);

        assertThat(sample.features().keySet()).containsExactly("/route/from", "x", "late");
        assertThat(sample.feature("late").type()).isEqualTo(FeatureType.CATEGORICAL);
        assertThat(task.rejected()).isEqualTo(1);
    }

    @Test
    void readsAvroAndPassesOverBytesThatAreNoFeature() throws IOException {
        Schema schema =
                new Schema.Parser()
                        .parse(
                                """
                                {"type":"record","name":"T","fields":[
                                 {"name":"image","type":"bytes"},
                                 {"name":"x","type":["null","double"]},
                                 {"name":"hash","type":{"type":"fixed","name":"H","size":4}},
                                 {"name":"carrier","type":"string"}]}
                                """);
        Path file = folder.resolve("t.avro");
        try (DataFileWriter<GenericRecord> writer =
                new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
            writer.create(schema, file.toFile());
            for (int i = 0; i < 5; i++) {
                writer.append(
                        new GenericRecordBuilder(schema)
                                .set("image", java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3}))
                                .set("x", (double) i)
                                .set(
                                        "hash",
                                        new org.apache.avro.generic.GenericData.Fixed(
                                                schema.getField("hash").schema(), new byte[4]))
                                .set("carrier", "AA")
                                .build());
            }
        }
        ModelConfig model = TestingConfig.model(MODEL);
        ProfileTask task =
                new ProfileTask(
                        model, List.of(new FileInput(model.streams().get(0), file)), null, null);

        assertThat(only(task).features())
                .isEqualTo(
                        Map.of(
                                "x", NumericProfile.of(new double[] {0, 1, 2, 3, 4}, 10),
                                "carrier", CategoricalProfile.of(Map.of("AA", 5L), 0)));
    }

    private Path gzip(String name, String text, int cut) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - cut));
        return file;
    }

    @Test
    void readsCompressedFiles() throws IOException {
        ModelConfig model = TestingConfig.model(MODEL);
        Path file = gzip("t.csv.gz", "id,x\n1,1\n2,2\n", 0);

        assertThat(
                        only(new ProfileTask(
                                        model,
                                        List.of(new FileInput(model.streams().get(0), file)),
                                        null,
                                        null))
                                .rows())
                .isEqualTo(2);
    }

    @Test
    void saysWhichCompressedFileIsDamaged() throws IOException {
        ModelConfig model = TestingConfig.model(MODEL);
        for (String name : List.of("t.csv.gz", "t.jsonl.gz")) {
            Path file = gzip(name, "{\"x\":1}\n".repeat(1000), 20);
            ProfileTask task =
                    new ProfileTask(
                            model,
                            List.of(new FileInput(model.streams().get(0), file)),
                            null,
                            null);

            assertThatThrownBy(() -> task.run(NOW, "a test"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(name)
                    .hasMessageContaining("Unexpected end of ZLIB input stream");
        }
        Path plain = Files.writeString(folder.resolve("plain.csv.gz"), "id,x\n1,1\n");
        ProfileTask task =
                new ProfileTask(
                        model, List.of(new FileInput(model.streams().get(0), plain)), null, null);
        assertThatThrownBy(() -> task.run(NOW, "a test"))
                .isInstanceOf(IOException.class)
                .hasMessage(plain + ": is not a gzip file");
    }

    @Test
    void namesTheColumnsWhereOneIsMissing() throws IOException {
        ModelConfig model =
                TestingConfig.model(MODEL + "    features: {distance: {type: numeric}}\n");
        ProfileTask task =
                new ProfileTask(
                        model, List.of(input(model, 0, "t.csv", "id,miles", "1,1")), null, null);

        assertThatThrownBy(() -> task.run(NOW, "a test"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("t.csv: has no column 'distance'; its columns are id, miles");
    }

    @Test
    void aHundredThousandRareSegmentValuesFitIntoMemory() throws IOException {
        ModelConfig model =
                TestingConfig.model(
                        MODEL
                                + """
                                    segments: [user]
                                    features:
                                      a: {type: numeric}
                                      b: {type: numeric}
                                      c: {type: numeric}
                                """);
        Path file = folder.resolve("t.csv");
        StringBuilder text = new StringBuilder("id,user,a,b,c\n");
        for (int i = 0; i < 100_000; i++) {
            text.append("1,u").append(i).append(",1,2,3\n");
        }
        Files.writeString(file, text);
        ProfileTask task =
                new ProfileTask(
                        model, List.of(new FileInput(model.streams().get(0), file)), null, null);

        assertThat(only(task).rows()).isEqualTo(100_000);
        assertThat(task.smallSegments()).isEqualTo(100_000);
    }
}
