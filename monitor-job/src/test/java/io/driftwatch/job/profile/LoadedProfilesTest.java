package io.driftwatch.job.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.config.Problems;
import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.job.config.FeatureConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.TestingConfig;
import io.driftwatch.job.tally.SampleKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadedProfilesTest {
    private static final String MODEL =
            """
            models:
              - name: flights
                profile: p.avro
                streams: [{role: inference, topic: f, event_time: at}]
                window: {size: 1h}
            """;
    private static final SampleKey WHOLE = SampleKey.whole("flights", "default");

    @TempDir private Path folder;
    private final Problems problems = new Problems();

    private LoadedProfile load(String more) {
        MonitorConfig config = TestingConfig.read(MODEL + more, folder);
        return LoadedProfiles.load(config, problems).of(config.models().get(0));
    }

    private void write(ReferenceSample... samples) throws IOException {
        ProfileFile.write(folder.resolve("p.avro"), List.of(samples));
    }

    private String rebuild() {
        return "; build it with: driftwatch profile --config FILE --model flights --input"
                + " inference=DATA --output "
                + folder.resolve("p.avro");
    }

    private void assertMistakes(String... expected) {
        assertThat(problems.list())
                .extracting(p -> p.message())
                .containsExactlyInAnyOrder(
                        java.util.Arrays.stream(expected)
                                .map(e -> e + rebuild())
                                .toArray(String[]::new));
        assertThat(problems.list())
                .allSatisfy(
                        p ->
                                assertThat(p.location().file())
                                        .isEqualTo(folder.resolve("p.avro").toString()));
    }

    @Test
    void watchesAllFeaturesOfTheProfileWhereNoneAreConfigured() throws IOException {
        write(TestingProfiles.flights(WHOLE));

        assertThat(load("").features())
                .extracting(FeatureConfig::name, FeatureConfig::type, FeatureConfig::path)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "distance", FeatureType.NUMERIC, "distance"),
                        org.assertj.core.groups.Tuple.tuple(
                                "origin", FeatureType.CATEGORICAL, "origin"));
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void watchesTheConfiguredFeaturesAndTakesMissingTypesFromTheProfile() throws IOException {
        write(TestingProfiles.flights(WHOLE));

        assertThat(load("    features: {origin: {path: /from}}\n").features())
                .extracting(FeatureConfig::name, FeatureConfig::type, FeatureConfig::path)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "origin", FeatureType.CATEGORICAL, "/from"));
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void saysThatThereIsNoProfileYet() {
        load("");

        assertMistakes("there is no such profile");
    }

    @Test
    void refusesTheProfileOfAnotherModel() throws IOException {
        write(TestingProfiles.flights(SampleKey.whole("trains", "default")));

        load("");

        assertMistakes("is the profile of model 'trains', not of 'flights'");
    }

    @Test
    void refusesAFileThatIsNoProfile() throws IOException {
        Files.writeString(folder.resolve("p.avro"), "distance,origin\n");

        load("");

        assertThat(problems.list())
                .singleElement()
                .satisfies(
                        p ->
                                assertThat(p.message())
                                        .startsWith("is not a usable profile: ")
                                        .endsWith(rebuild()));
    }

    @Test
    void namesEveryFeatureThatDoesNotFit() throws IOException {
        write(TestingProfiles.flights(WHOLE));

        load(
                """
                    features:
                      distance: {type: numeric, bins: {edges: [1, 2]}}
                      origin: {type: numeric}
                      carrier: {}
                """);

        assertMistakes(
                "feature 'distance' has other bin edges in the configuration than in the profile",
                "feature 'origin' is numeric in the configuration, but categorical in the profile",
                "feature 'carrier' is configured but not in the profile");
    }

    @Test
    void refusesAFeatureThatOneVersionLacksOrCountsOtherwise() throws IOException {
        write(
                TestingProfiles.sample(
                        WHOLE,
                        Map.of(
                                "x", NumericProfile.of(new double[] {1}, 2),
                                "y", NumericProfile.of(new double[] {1}, 2))),
                TestingProfiles.sample(
                        SampleKey.whole("flights", "v2"),
                        Map.of("x", CategoricalProfile.of(Map.of("a", 1L), 0))));

        load("");

        assertMistakes(
                "feature 'x' is numeric in one reference sample, but categorical in another",
                "feature 'y' is configured but not in the profile");
    }

    @Test
    void asksForAReferenceOfAtLeastOneSegment() throws IOException {
        write(TestingProfiles.flights(WHOLE));

        load("    segments: [origin]\n");

        assertMistakes("has no reference for any value of segment 'origin' (each needs 200 rows)");
    }

    @Test
    void takesEdgesAsTheProfileWasBuiltWith() throws IOException {
        write(
                TestingProfiles.sample(
                        WHOLE,
                        Map.of(
                                "x",
                                NumericProfile.of(
                                        new double[] {1, 2, 3}, new double[] {-0.0, 2}))));

        load("    features: {x: {bins: {edges: [-0.0, 2]}}}\n");

        assertThat(problems.list()).isEmpty();
    }
}
