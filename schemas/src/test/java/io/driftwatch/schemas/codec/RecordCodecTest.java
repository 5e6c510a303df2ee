package io.driftwatch.schemas.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.SampleRecords;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import io.driftwatch.schemas.json.AvroJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordCodecTest {

    private static final String EARLIER_RELEASES = "/history-of-codec/index";

    private final RecordCodec<Score> codec = RecordCodec.of(Score.class);

    @ParameterizedTest
    @MethodSource("records")
    void readsBackBothForms(SpecificRecord record) {
        assertBothFormsReadBack(record);
    }

    private static <T extends SpecificRecord> void assertBothFormsReadBack(T record) {
        @SuppressWarnings(
                "unchecked") // getClass() of a T is a Class<T>, as generated classes have no type
        // parameters.
        var codec = RecordCodec.of((Class<T>) record.getClass());

        assertThat(codec.read(codec.toAvro(record))).isEqualTo(record);
        assertThat(codec.read(codec.toJson(record))).isEqualTo(record);
    }

    @Test
    void writesAvroAsTheSingleObjectEncodingOfAvroItself() throws Exception {
        var expected =
                new BinaryMessageEncoder<Score>(score().getSpecificData(), Score.getClassSchema())
                        .encode(score());

        assertThat(ByteBuffer.wrap(codec.toAvro(score()))).isEqualTo(expected);
        assertThat(codec.toAvro(score())).startsWith(0xC3, 0x01);
        assertThat(Score.getDecoder().decode(codec.toAvro(score()))).isEqualTo(score());
    }

    @Test
    void writesNaNAsAvroButNotAsJson() {
        var score = score();
        score.setValue(Double.NaN);

        assertThat(codec.read(codec.toAvro(score)).getValue()).isNaN();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.toJson(score))
                .withMessageStartingWith("Score.value is NaN");
    }

    @Test
    void writesJsonInUtf8OnOneLine() {
        var score = score();
        score.setFeature("Größe 🚀");

        assertThat(new String(codec.toJson(score), UTF_8))
                .isEqualTo(AvroJson.toJson(score))
                .contains("Größe 🚀");
        assertThat(codec.read(codec.toJson(score))).isEqualTo(score);
    }

    @Test
    void readsJsonAfterWhiteSpace() {
        assertThat(codec.read((" \r\n\t" + AvroJson.toJson(score()) + "\n").getBytes(UTF_8)))
                .isEqualTo(score());
    }

    @Test
    void namesTheFieldThatMayNotBeNull() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.toAvro(new Score()))
                .withMessageStartingWith("Cannot write Score as Avro: ")
                .withMessageContaining("Score.model");
    }

    @Test
    void refusesBytesCutShortAnywhere() {
        var bytes = codec.toAvro(score());

        for (int length = 0; length < bytes.length; length++) {
            var cut = Arrays.copyOf(bytes, length);
            assertThatIllegalArgumentException()
                    .as("first %d of %d bytes", length, bytes.length)
                    .isThrownBy(() -> codec.read(cut))
                    .withMessageStartingWith("Cannot read Score: ");
        }
    }

    @Test
    void refusesJsonCutShortAnywhere() {
        var bytes = codec.toJson(score());

        for (int length = 0; length < bytes.length; length++) {
            var cut = Arrays.copyOf(bytes, length);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> codec.read(cut))
                    .withMessageContaining("Score");
        }
    }

    @Test
    void answersDamagedBytesWithARecordOrARefusalAndNothingElse() {
        var random = new Random(20010615);
        var bytes = codec.toAvro(score());

        for (int i = 0; i < 20_000; i++) {
            var damaged = bytes.clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                damaged[10 + random.nextInt(bytes.length - 10)] = (byte) random.nextInt();
            }
            try {
                assertThat(codec.read(damaged)).isInstanceOf(Score.class);
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageStartingWith("Cannot read Score: ");
            }
        }
    }

    @Test
    void refusesBytesAfterTheRecord() {
        var bytes = codec.toAvro(score());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.read(Arrays.copyOf(bytes, bytes.length + 1)))
                .withMessage(
                        "Cannot read Score: bytes are left over after the record, expected one record a message");
    }

    @Test
    void saysWhatItFoundInsteadOfTheTwoForms() {
        assertRefused(new byte[0], "found no bytes");
        assertRefused(new byte[] {(byte) 0xC3}, "found the single byte C3");
        assertRefused(new byte[] {(byte) 0xC3, 2, 0, 0}, "found bytes that begin with C3 02");
        assertRefused("model,feature".getBytes(UTF_8), "found bytes that begin with 6D 6F");
        assertRefused("[{}]".getBytes(UTF_8), "found bytes that begin with 5B 7B");
        assertRefused("   ".getBytes(UTF_8), "found bytes that begin with 20 20");
    }

    @Test
    void recognisesTheFormOfASchemaRegistry() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.read(new byte[] {0, 0, 0, 0, 17, 2, 'a'}))
                .withMessageEndingWith(
                        "; 00 begins the form of a schema registry, which is not read here");
    }

    @Test
    void saysWhichFingerprintIsUnknownAndWhichAreKnown() {
        var bytes = codec.toAvro(score());
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(2, 0x00C0FFEE00C0FFEEL);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.read(bytes))
                .withMessage(
                        "Cannot read Score: found schema fingerprint 00c0ffee00c0ffee, expected one of %016x;"
                                + " if a newer release wrote it, upgrade this one first",
                        SchemaHistory.fingerprint(Score.getClassSchema()));
    }

    @Test
    void saysWhichOtherRecordItFound() {
        var alerts = RecordCodec.of(Alert.class);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> alerts.read(codec.toAvro(score())))
                .withMessage(
                        "Cannot read Alert: found a record of io.driftwatch.schemas.Score, expected"
                                + " io.driftwatch.schemas.Alert; is this the right topic?");
    }

    @Test
    void namesTheFieldOfABadJsonMessage() {
        var json = new String(codec.toJson(score()), UTF_8).replace("1650", "\"many\"");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.read(json.getBytes(UTF_8)))
                .withMessage("Score.count is the string \"many\", expected a whole number (long)");
    }

    @Test
    void readsWhatAnEarlierReleaseWrote() throws Exception {
        var history = SchemaHistory.load(EARLIER_RELEASES);
        var earlier = earlierScoreSchema(history);
        var expected = score();
        expected.setCriticalValue(null);
        expected.setRevision(0);

        var read = RecordCodec.of(Score.class, history).read(writtenWith(earlier));

        assertThat(read).isEqualTo(expected);
        assertThat(read.getSegment()).containsExactly(Map.entry("origin", "JFK"));
    }

    @Test
    void stillReadsTheCurrentFormBesideAnEarlierOne() {
        var both = RecordCodec.of(Score.class, SchemaHistory.load(EARLIER_RELEASES));

        assertThat(both.read(codec.toAvro(score()))).isEqualTo(score());
    }

    @Test
    void refusesAnEarlierFormThatDoesNotShip() throws Exception {
        var bytes = writtenWith(earlierScoreSchema(SchemaHistory.load(EARLIER_RELEASES)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.read(bytes))
                .withMessageContaining("found schema fingerprint");
    }

    @Test
    void servesManyThreadsAtOnce() throws Exception {
        int threads = 8;
        var shared = RecordCodec.of(Score.class, SchemaHistory.load(EARLIER_RELEASES));
        var earlier = writtenWith(earlierScoreSchema(SchemaHistory.load(EARLIER_RELEASES)));
        var start = new CyclicBarrier(threads);
        var pool = Executors.newFixedThreadPool(threads);
        try {
            var work = new ArrayList<Callable<Integer>>();
            for (int thread = 0; thread < threads; thread++) {
                int id = thread;
                work.add(
                        () -> {
                            start.await();
                            int right = 0;
                            for (int i = 0; i < 2_000; i++) {
                                var score = score();
                                score.setFeature("feature-" + id + "-" + i);
                                score.setRevision(i);
                                boolean same =
                                        shared.read(shared.toAvro(score)).equals(score)
                                                && shared.read(shared.toJson(score)).equals(score)
                                                && shared.read(earlier).getRevision() == 0;
                                right += same ? 1 : 0;
                            }
                            return right;
                        });
            }
            for (var result : pool.invokeAll(work)) {
                assertThat(result.get()).isEqualTo(2_000);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void worksAfterJavaSerialization() throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(codec);
        }

        Object copy;
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            copy = in.readObject();
        }

        assertThat(copy)
                .isInstanceOfSatisfying(
                        RecordCodec.class,
                        arrived -> {
                            assertThat(arrived.type()).isEqualTo(Score.class);
                            assertThat(arrived.read(codec.toAvro(score()))).isEqualTo(score());
                        });
        assertThat(bytes.size()).isLessThan(500);
    }

    @Test
    void knowsItsClass() {
        assertThat(RecordCodec.of(Delivery.class).type()).isEqualTo(Delivery.class);
    }

    private void assertRefused(byte[] bytes, String found) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.read(bytes))
                .withMessage(
                        "Cannot read Score: %s, expected C3 01 (Avro single-object encoding) or { (JSON)",
                        found);
    }

    private static Schema earlierScoreSchema(SchemaHistory history) {
        return history.versionsOf("io.driftwatch.schemas.Score").stream()
                .filter(schema -> schema.getField("revision") == null)
                .findFirst()
                .orElseThrow();
    }

    /** The bytes of {@link #score()} as a program with another schema writes them. */
    private static byte[] writtenWith(Schema schema) throws Exception {
        var record = new GenericData.Record(schema);
        for (var field : schema.getFields()) {
            var value = score().get(Score.getClassSchema().getField(field.name()).pos());
            record.put(
                    field.pos(),
                    value instanceof Instant instant
                            ? instant.toEpochMilli()
                            : value instanceof ScoreStatus status
                                    ? new GenericData.EnumSymbol(field.schema(), status.name())
                                    : value);
        }
        var out = new ByteArrayOutputStream();
        out.write(new byte[] {(byte) 0xC3, 1});
        out.write(
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(SchemaHistory.fingerprint(schema))
                        .array());
        var encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(schema).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static Score score() {
        return Score.newBuilder()
                .setModel("flight-delay")
                .setModelVersion("default")
                .setSegment(Map.of("origin", "JFK"))
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
                .setRevision(3)
                .build();
    }

    private static Stream<SpecificRecord> records() {
        return SampleRecords.all();
    }
}
