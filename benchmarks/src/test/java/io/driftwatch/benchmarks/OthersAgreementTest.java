package io.driftwatch.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OthersAgreementTest {
    private static final int FEATURES = WindowedRecords.SHAPE.numeric();

    @TempDir private Path folder;
    private OthersAgreement driftwatch;

    @BeforeEach
    void driftwatchScoresOneWindow() throws IOException {
        List<String> scores = new ArrayList<>();
        for (int i = 0; i < FEATURES; i++) {
            String feature = Workload.feature(i);
            scores.add(new WindowScore(feature, 0, "psi", 10, 0.25, 0.25, 0.25).toLine());
            scores.add(new WindowScore(feature, 0, "ks", 10, 0.1, 0.1, 0.2).toLine());
            scores.add(new WindowScore(feature, 0, "chi2", 10, 3, 3, 3).toLine());
        }
        driftwatch = OthersAgreement.ofJob(Files.write(folder.resolve("scores"), scores));
    }

    private static List<String> found() {
        List<String> lines = new ArrayList<>(List.of("window_start,feature,psi,ks"));
        for (int i = 0; i < FEATURES; i++) {
            lines.add("0," + Workload.feature(i) + ",0.25,0.15");
        }
        return lines;
    }

    private int require(List<String> found) throws IOException {
        return driftwatch.require(Files.write(folder.resolve("found.csv"), found), 1);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "0,feature_07,0.25000001,0.15",
                "0,feature_07,NaN,0.15",
                "0,feature_07,0.25,0.09",
                "0,feature_07,0.25,0.21",
                "0,feature_07,0.25,NaN"
            })
    void refusesAnotherValue(String line) {
        List<String> found = found();
        found.set(8, line);

        assertThatThrownBy(() -> require(found))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("a script found " + line + ", Driftwatch ");
    }

    @Test
    void refusesAFeatureThatWasLeftOut() {
        assertThatThrownBy(() -> require(found().subList(0, FEATURES)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith("holds 38 values, expected 40");
    }

    @Test
    void refusesTheSameTwice() {
        List<String> found = found();
        found.add(found.get(1));

        assertThatThrownBy(() -> require(found))
                .hasMessage("a script scored feature_00 0 psi twice");
    }

    @Test
    void refusesAWindowThatDriftwatchDidNotScore() {
        List<String> found = found();
        found.add("3600000,feature_00,0.25,0.15");

        assertThatThrownBy(() -> require(found))
                .hasMessage("a script scored feature_00 3600000 psi, Driftwatch did not");
    }

    @Test
    void acceptsEqualPsiAndKsWithinTheBounds() throws IOException {
        assertThat(require(found())).isEqualTo(2 * FEATURES);
    }
}
