package io.driftwatch.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.detectors.dependence.Season;
import io.driftwatch.job.profile.ProfileFile;
import io.driftwatch.job.profile.ReferenceSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code driftwatch profile} says of the reference beside its counts. */
class ProfileCommandTest {
    private static final Instant START = Instant.parse("2001-06-15T00:00:00Z");
    private static final String CONFIG =
            """
            models:
              - name: flights
                profile: flights.avro
                streams: [{role: inference, topic: flights, event_time: at}]
                window: {size: 1h, min_count: 50}
                features:
                  distance: {type: numeric}
                  origin: {type: categorical, categories: 2}
            receivers: [{name: team, webhook: [{url: "https://hook.example/x"}]}]
            """;

    @TempDir private Path folder;
    private Path config;

    @BeforeEach
    void writeConfiguration() throws IOException {
        config = Files.writeString(folder.resolve("driftwatch.yaml"), CONFIG);
    }

    /** So many hours of 60 rows; distances vary with the hour of day, each row is there thrice. */
    private static List<String> rows(int hours, boolean timed) {
        Random random = new Random(3);
        List<String> lines = new ArrayList<>(List.of("at,distance,origin"));
        for (int i = 0; i < hours * 20; i++) {
            Instant time = START.plus(Duration.ofMinutes(3L * i));
            double mean = Math.sin(2 * Math.PI * (i / 20 % 24) / 24);
            int origin = random.nextInt(10);
            String line =
                    String.format(
                            Locale.ROOT,
                            "%s,%.3f,%s",
                            timed ? time : "",
                            mean + random.nextGaussian(),
                            origin < 5 ? "JFK" : origin < 8 ? "LAX" : "O" + random.nextInt(5));
            lines.addAll(List.of(line, line, line));
        }
        return lines;
    }

    private String profile(List<String> rows) throws IOException {
        Path input = Files.write(folder.resolve("train.csv"), rows);
        CommandLineRun run =
                CommandLineRun.of("profile", "-c", config, "--input", "inference=" + input);
        assertThat(run.code()).as(run.err()).isZero();
        return run.out();
    }

    private ReferenceSample written() throws IOException {
        return ProfileFile.read(Files.readAllBytes(folder.resolve("flights.avro")))
                .samples()
                .iterator()
                .next();
    }

    @Test
    void saysThatNothingIsMeasuredWithoutEventTimes() throws IOException {
        assertThat(profile(rows(100, false)))
                .contains("note: overdispersion is not measured, as the rows carry no event time")
                .doesNotContain("warning: the counts");
        assertThat(written().blockMillis()).isZero();
    }

    @Test
    void saysThatNothingIsMeasuredInFewWindows() throws IOException {
        assertThat(profile(rows(19, true)))
                .contains(
                        "note: overdispersion is not measured, as fewer than 20 windows of 1h hold"
                                + " 50 reference rows or more")
                .doesNotContain("warning: the counts");
        assertThat(written().blockMillis()).isZero();
    }

    @Test
    void warnsOfRowsThatAreNotIndependentAndOfSeasons() throws IOException {
        String out = profile(rows(24 * 10, true));

        assertThat(out)
                .contains("overdispersion")
                .containsPattern("distance  numeric .* [0-9.]+ \\(hour_of_day x [0-9]+\\)")
                .containsPattern(
                        "warning: the counts of distance vary [0-9.]+ times as much from window to"
                                + " window as those of independent rows, most of all with the hour"
                                + " of day; look for repeated events")
                .containsPattern(
                        "warning: the counts of origin vary (2.[5-9]|3.[0-5]) times as much from"
                                + " window to window as those of independent rows; look for")
                .doesNotContain("not measured");
        assertThat(written().blockMillis()).isEqualTo(3_600_000);
        assertThat(written().dependenceOf("distance").season()).isEqualTo(Season.HOUR_OF_DAY);
        assertThat(written().dependenceOf("origin").blocks()).isEqualTo(240);
    }

    @Test
    void saysWhichCategoriesAreCountedTogether() throws IOException {
        assertThat(profile(rows(100, true)))
                .contains("2 categories + other")
                .containsPattern(
                        "note: origin has 7 categories; the 2 most frequent have cells and hold"
                                + " (79|80|81)\\.[0-9]% of the values, the other 5 share one");
    }
}
