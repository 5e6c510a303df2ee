package io.driftwatch.job.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.detectors.dependence.Dependence;
import io.driftwatch.detectors.dependence.Season;
import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Tally;
import io.driftwatch.job.config.ValueRole;
import io.driftwatch.job.tally.SampleKey;
import io.driftwatch.schemas.FeatureReference;
import io.driftwatch.schemas.ReferenceProfile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileFileTest {
    private static final SampleKey WHOLE = SampleKey.whole("flights", "v1");

    @TempDir private Path folder;

    private static Map<String, FeatureProfile> everyKind() {
        Map<String, FeatureProfile> features = new LinkedHashMap<>();
        double[] many = new Random(3).doubles(30_000, -1e300, 1e300).toArray();
        features.put("exact", NumericProfile.of(new double[] {1, -0.0, 0.1, 1e-300}, 3));
        features.put("grid", NumericProfile.of(many, 10));
        features.put("edges", NumericProfile.of(many, new double[] {-1, 0, 1}));
        features.put(
                "odd",
                NumericProfile.of(
                        new double[] {Double.NaN, Double.POSITIVE_INFINITY, 5, 5, 5}, 10));
        features.put("none", NumericProfile.of(new double[] {Double.NaN}, 10));
        features.put("codes", CategoricalProfile.of(Map.of("", 1L, "ä", 2L, "😀\n", 3L), 4));
        features.put("nothing", CategoricalProfile.of(Map.of(), 0));
        features.put("rare", CategoricalProfile.of(manyCategories(), 3, 20));
        return features;
    }

    private static Map<String, Long> manyCategories() {
        Map<String, Long> counts = new HashMap<>();
        for (long i = 0; i < 2_000; i++) {
            counts.put("c" + i, 1 + 1_000 / (i + 1));
        }
        return counts;
    }

    /** The sums of a reference tally serve nothing, and the file does not hold them. */
    private static ReferenceSample withoutSums(ReferenceSample sample) {
        Map<String, FeatureProfile> features = new LinkedHashMap<>();
        sample.features().forEach((name, profile) -> features.put(name, withoutSums(profile)));
        return new ReferenceSample(
                sample.key(),
                sample.createdAt(),
                sample.createdBy(),
                sample.rows(),
                sample.firstEventTime(),
                sample.lastEventTime(),
                features,
                sample.roles(),
                sample.blockMillis(),
                sample.dependence());
    }

    private static FeatureProfile withoutSums(FeatureProfile profile) {
        if (!(profile instanceof NumericProfile numeric)) {
            return profile;
        }
        Tally tally = numeric.reference();
        return NumericProfile.restore(
                numeric.cellEdges(),
                numeric.binEdges(),
                numeric.exact(),
                Tally.of(tally.cells(), tally.counts(), tally.missing(), tally.infinite(), 0, 0),
                numeric.moments(),
                tally.cellSums());
    }

    @Test
    void readsWhatItWrote() throws IOException {
        List<ReferenceSample> written =
                Stream.of(
                                TestingProfiles.sample(WHOLE, everyKind()),
                                TestingProfiles.flights(SampleKey.whole("flights", "v2")),
                                TestingProfiles.flights(
                                        new SampleKey("flights", "v1", "origin", "JFK")))
                        .map(ProfileFileTest::withoutSums)
                        .toList();
        Path file = folder.resolve("deep/er/p.avro");

        ProfileFile.write(file, written);
        ModelProfiles read = ProfileFile.read(Files.readAllBytes(file));

        assertThat(read.samples()).containsExactlyElementsOf(written);
        assertThat(read.model()).isEqualTo("flights");
        assertThat(read.versions()).containsExactly("v1", "v2");
        assertThat(read.whole("v1").features().keySet())
                .containsExactlyElementsOf(everyKind().keySet());
    }

    @Test
    void readsWhatWasMeasuredBetweenTimeBlocks() throws IOException {
        ReferenceSample plain = TestingProfiles.flights(WHOLE);
        ReferenceSample measured =
                new ReferenceSample(
                        plain.key(),
                        plain.createdAt(),
                        plain.createdBy(),
                        plain.rows(),
                        plain.firstEventTime(),
                        plain.lastEventTime(),
                        Map.of("origin", plain.feature("origin"), "to", plain.feature("origin")),
                        Map.of("origin", ValueRole.FEATURE, "to", ValueRole.FEATURE),
                        3_600_000,
                        Map.of(
                                "origin",
                                new Dependence(24, 1.5, Season.NONE, Double.NaN),
                                "to",
                                new Dependence(1000, 31.25, Season.DAY_OF_WEEK, 7)));

        ReferenceSample read =
                ProfileFile.read(TestingProfiles.file(measured)).samples().iterator().next();

        assertThat(read).isEqualTo(measured);
    }

    @Test
    void readsAFileOfTheTimeBeforeTimeBlocks() throws IOException {
        Schema now = ReferenceProfile.getClassSchema();
        Schema before = without(now, NEW_FIELDS);
        ReferenceSample written = withoutSums(TestingProfiles.sample(WHOLE, everyKind()));
        ReferenceProfile record = ProfileFile.toAvro(written);
        record.getFeatures().removeIf(feature -> feature.getRemembered() != null);
        // Written in the old form by way of resolution, as readers do it.
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new SpecificDatumWriter<>(ReferenceProfile.class).write(record, encoder);
        encoder.flush();
        GenericRecord old =
                new GenericDatumReader<GenericRecord>(now, before)
                        .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (DataFileWriter<GenericRecord> writer =
                new DataFileWriter<>(new GenericDatumWriter<>(before))) {
            writer.create(before, file);
            writer.append(old);
        }
        assertThat(before.getField("block_length")).isNull();

        ReferenceSample read = ProfileFile.read(file.toByteArray()).samples().iterator().next();

        assertThat(read.blockMillis()).isZero();
        assertThat(read.dependence().values()).containsOnly(Dependence.UNKNOWN);
        assertThat(read.feature("codes")).isEqualTo(written.feature("codes"));
        assertThat(read.feature("exact")).isEqualTo(written.feature("exact"));
    }

    private static final Set<String> NEW_FIELDS =
            Set.of(
                    "block_length",
                    "cell_sums",
                    "remembered",
                    "blocks",
                    "overdispersion",
                    "season",
                    "season_ratio");

    private static Schema without(Schema schema, Set<String> names) {
        try {
            ObjectMapper json = new ObjectMapper();
            JsonNode tree = json.readTree(schema.toString());
            remove(tree.get("fields"), names);
            for (JsonNode field : tree.get("fields")) {
                JsonNode items = field.path("type").path("items");
                if (items.has("fields")) {
                    remove(items.get("fields"), names);
                }
            }
            return new Schema.Parser().parse(json.writeValueAsString(tree));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(JsonNode fields, Set<String> names) {
        for (Iterator<JsonNode> each = fields.elements(); each.hasNext(); ) {
            if (names.contains(each.next().get("name").asText())) {
                each.remove();
            }
        }
    }

    @Test
    void refusesRememberedHashesThatAreNone() {
        assertRefused(
                feature -> feature.setRemembered(ByteBuffer.wrap(new byte[12])),
                "feature 'origin': remembered has 12 bytes, expected 8 for each hash; rebuild the"
                        + " profile");
        assertRefused(
                feature ->
                        feature.setRemembered(ByteBuffer.allocate(16).putLong(5).putLong(4).flip()),
                "feature 'origin': remembered[1] is not above the hash before it; list each hash"
                        + " once, in order");
    }

    @Test
    void refusesAnOverdispersionThatIsNone() {
        assertRefused(
                feature -> feature.setBlocks(20),
                "feature 'origin': overdispersion is NaN, expected a number of 1 or more");
        assertRefused(
                feature -> {
                    feature.setBlocks(20);
                    feature.setOverdispersion(0.5);
                },
                "feature 'origin': overdispersion is 0.5, expected a number of 1 or more");
    }

    private static void assertRefused(Consumer<FeatureReference> damage, String message) {
        ReferenceProfile record = ProfileFile.toAvro(TestingProfiles.flights(WHOLE));
        damage.accept(record.getFeatures().get(1));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (DataFileWriter<ReferenceProfile> writer =
                new DataFileWriter<>(new SpecificDatumWriter<>(ReferenceProfile.class))) {
            writer.create(ReferenceProfile.getClassSchema(), file);
            writer.append(record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThatThrownBy(() -> ProfileFile.read(file.toByteArray()))
                .isInstanceOf(IOException.class)
                .hasMessage(message);
    }

    @Test
    void isReadableByWhomTheUsersOtherFilesAre() throws IOException {
        Path other = Files.createFile(folder.resolve("other"));
        Path file = folder.resolve("p.avro");

        ProfileFile.write(file, List.of(TestingProfiles.flights(WHOLE)));

        assertThat(permissions(file)).isEqualTo(permissions(other));
    }

    private static Iterable<PosixFilePermission> permissions(Path file) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class);
        return view == null ? List.of() : view.readAttributes().permissions();
    }

    @Test
    void refusesAFileThatIsCutAnywhere() {
        List<ReferenceSample> samples = new ArrayList<>();
        samples.add(TestingProfiles.flights(WHOLE));
        for (int i = 0; i < 60; i++) {
            samples.add(TestingProfiles.flights(new SampleKey("flights", "v1", "origin", "o" + i)));
        }
        byte[] whole = TestingProfiles.file(samples.toArray(ReferenceSample[]::new));
        for (int length = 0; length < whole.length; length += 1 + length / 500) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> ProfileFile.read(cut))
                    .as("cut to %d of %d bytes", length, whole.length)
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching("(?s).+");
        }
    }

    @Test
    void refusesGarbage() {
        for (String garbage : List.of("", "oops", "Obj\u0001", "Obj\u0001\u0000\u0000\u0000")) {
            assertThatThrownBy(() -> ProfileFile.read(garbage.getBytes(StandardCharsets.UTF_8)))
                    .as(garbage)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void neverFailsOtherwiseWhateverTheDamage() {
        byte[] whole = TestingProfiles.file(TestingProfiles.flights(WHOLE));
        Random random = new Random(5);
        for (int i = 0; i < 3000; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                ProfileFile.read(damaged);
            } catch (IOException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void refusesSamplesThatDoNotBelongTogether() {
        byte[] twoModels =
                TestingProfiles.file(
                        TestingProfiles.flights(WHOLE),
                        TestingProfiles.flights(SampleKey.whole("trains", "v1")));
        byte[] noWhole =
                TestingProfiles.file(
                        TestingProfiles.flights(new SampleKey("flights", "v1", "origin", "JFK")));

        assertThatThrownBy(() -> ProfileFile.read(twoModels))
                .isInstanceOf(IOException.class)
                .hasMessage("the profile is of two models, 'flights' and 'trains'");
        assertThatThrownBy(() -> ProfileFile.read(noWhole))
                .isInstanceOf(IOException.class)
                .hasMessage("the profile has segments of version 'v1' but no whole");
    }

    @Test
    void replacesAFileWhole() throws IOException {
        Path file = folder.resolve("p.avro");
        ProfileFile.write(file, List.of(TestingProfiles.flights(WHOLE)));
        ProfileFile.write(file, List.of(TestingProfiles.flights(SampleKey.whole("flights", "v2"))));

        assertThat(ProfileFile.read(Files.readAllBytes(file)).versions()).containsExactly("v2");
        assertThat(names()).containsExactly("p.avro");
    }

    @Test
    void leavesNothingBehindWhereItCannotReplace() throws IOException {
        Path occupied = Files.createDirectories(folder.resolve("p.avro/child")).getParent();

        assertThatThrownBy(
                        () -> ProfileFile.write(occupied, List.of(TestingProfiles.flights(WHOLE))))
                .isInstanceOf(IOException.class);
        assertThat(names()).containsExactly("p.avro");
    }

    @Test
    void keepsTheOldFileWhereTheNewOneCannotBeWritten() throws IOException {
        Path file = folder.resolve("p.avro");
        ProfileFile.write(file, List.of(TestingProfiles.flights(WHOLE)));
        byte[] before = Files.readAllBytes(file);
        Map<String, FeatureProfile> features =
                Map.of("x", TestingProfiles.flights(WHOLE).feature("origin"));
        ReferenceSample broken =
                new ReferenceSample(
                        WHOLE, null, null, 1, null, null, features, Map.of(), 0, Map.of());

        assertThatThrownBy(() -> ProfileFile.write(file, List.of(broken)))
                .isInstanceOf(RuntimeException.class);
        assertThat(file).hasBinaryContent(before);
        assertThat(names()).containsExactly("p.avro");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }
}
