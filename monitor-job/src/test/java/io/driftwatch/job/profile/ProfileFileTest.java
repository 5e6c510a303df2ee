package io.driftwatch.job.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Tally;
import io.driftwatch.job.tally.SampleKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
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
        return features;
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
                sample.roles());
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
                numeric.moments());
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
                new ReferenceSample(WHOLE, null, null, 1, null, null, features, Map.of());

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
