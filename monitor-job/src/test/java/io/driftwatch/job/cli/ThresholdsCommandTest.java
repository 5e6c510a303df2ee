package io.driftwatch.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.rule.Rule;
import io.driftwatch.job.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Levels, budgets and thresholds by the commands that people type. */
@Timeout(120)
class ThresholdsCommandTest {
    private static final Instant START = Instant.parse("2001-06-15T00:00:00Z");
    private static final int ROWS_AN_HOUR = 600;
    private static final String CONFIG =
            """
            models:
              - name: flights
                profile: flights.avro
                streams: [{role: inference, topic: flights, event_time: at}]
                window: {size: 1h}
                features: {distance: {type: numeric}, origin: {type: categorical}}
                statistics: [psi, ks, wasserstein_sd, mean, new_category_rate]
                false_alarms: 1 per 30d
            rules: [{alert: Drift, statistic: psi, min_severity: low}, {alert: Shape, statistic: ks, above: 0.1}]
            """;

    @TempDir private Path folder;
    private Path config;

    @BeforeEach
    void buildTheReference() throws IOException {
        config = Files.writeString(folder.resolve("driftwatch.yaml"), CONFIG);
        CommandLineRun run =
                CommandLineRun.of(
                        "profile",
                        "-c",
                        config,
                        "-i",
                        "inference=" + hours("train.csv", 1, 30, -1));
        assertThat(run.code()).as(run.err()).isZero();
    }

    /** Hours of flights, of which one has distances of its own. */
    private Path hours(String name, int seed, int hours, int driftedHour) throws IOException {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>(List.of("at,distance,origin"));
        for (int i = 0; i < hours * ROWS_AN_HOUR; i++) {
            double shift = i / ROWS_AN_HOUR == driftedHour ? 100 : 0;
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "%s,%.3f,%s",
                            START.plusMillis(6_000L * i),
                            1000 + 100 * random.nextGaussian() + shift,
                            random.nextInt(3) == 0 ? "LAX" : "JFK"));
        }
        return Files.write(folder.resolve(name), lines);
    }

    @Test
    void checkSaysWhatTheBudgetMeans() {
        CommandLineRun run = CommandLineRun.of("check", config);

        assertThat(run.code()).as(run.err()).isZero();
        // 720 windows in 30 days; psi of two features and ks of one.
        assertThat(run.out())
                .contains("a window of 1h holds about 600 rows")
                .contains("budget of Drift, Shape: 0.00139 for each window of a sample, 3 tests")
                .contains("one test alone passes at p <= 0.000463")
                .contains("at most 1 per 30d")
                .contains("psi by chance")
                .contains("distance")
                .contains("origin");
    }

    @Test
    void checkWarnsOfAReferenceThatIsSmallForItsWindows() throws IOException {
        Files.writeString(config, CONFIG.replace("size: 1h", "size: 5h"));

        CommandLineRun run = CommandLineRun.of("check", "--lint-fatal", config);

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.out())
                .contains("a window holds about 3,000 rows and the reference only 18,000")
                .contains("overdispersion was measured for windows of 1h, not of 5h");
    }

    @Test
    void proposesThresholdsAndShowsWhatWouldHaveFired() throws IOException {
        Path rules = folder.resolve("rules.yaml");

        CommandLineRun run =
                CommandLineRun.of(
                        "thresholds",
                        "-c",
                        config,
                        "-i",
                        "inference=" + hours("june.csv", 2, 12, 7),
                        "-o",
                        rules);

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("would have fired")
                .contains("distance psi: 2001-06-15T07:00:00Z")
                .contains("distance ks: 2001-06-15T07:00:00Z")
                .contains("Budget: 1 per 30d, 5 tests in a window, each at p <= 0.000278")
                .doesNotContain("origin psi: ");
        String text = Files.readString(rules);
        Files.writeString(config, CONFIG.substring(0, CONFIG.indexOf("rules:")) + text);
        List<Rule> read = ConfigLoader.load(config).alerts().rules();
        assertThat(read)
                .extracting(Rule::statistic)
                .containsExactly("psi", "ks", "wasserstein_sd", "new_category_rate");
        assertThat(read.get(0).thresholdOf("distance")).isBetween(0.03, 0.12);
    }

    @Test
    void comparesPartsOfTheReferenceWithTheRest() throws IOException {
        CommandLineRun run =
                CommandLineRun.of(
                        "thresholds",
                        "-c",
                        config,
                        "-i",
                        "inference=" + folder.resolve("train.csv"),
                        "--leave-one-out",
                        "--method",
                        "mean_3sd");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("rules:")
                .contains("alert: PsiDrift")
                .doesNotContain("false_alarms:");
    }

    @Test
    void warnsThatThreeStandardDeviationsOfFewWindowsAreAGuess() throws IOException {
        CommandLineRun run =
                CommandLineRun.of(
                        "thresholds",
                        "-c",
                        config,
                        "-i",
                        "inference=" + hours("june.csv", 2, 6, -1),
                        "--method",
                        "mean_3sd");

        assertThat(run.out()).contains("warning: with 6 windows, mean + 3 sd is uncertain");
    }

    @Test
    void saysWhatIsWrongWithItsInput() throws IOException {
        Path few =
                Files.write(
                        folder.resolve("few.csv"),
                        List.of("at,distance,origin", START + ",1000,JFK", START + ",1010,LAX"));

        Files.writeString(config, withStatistics("[psi]"));
        CommandLineRun outside =
                CommandLineRun.of("thresholds", "-c", config, "-i", "inference=" + few);
        assertThat(outside.code()).isEqualTo(1);
        assertThat(outside.err()).contains("no window of the input could be scored");

        CommandLineRun budget =
                CommandLineRun.of(
                        "thresholds",
                        "-c",
                        config,
                        "-i",
                        "inference=" + few,
                        "--false-alarms",
                        "often");
        assertThat(budget.code()).isEqualTo(2);
        assertThat(budget.err()).contains("use for example 1 per 30d");

        Files.writeString(config, withStatistics("[chi2]"));
        CommandLineRun nothing =
                CommandLineRun.of("thresholds", "-c", config, "-i", "inference=" + few);
        assertThat(nothing.code()).isEqualTo(1);
        assertThat(nothing.err()).contains("is a size of a drift; add for example psi or ks");
    }

    private static String withStatistics(String statistics) {
        return CONFIG.replace("[psi, ks, wasserstein_sd, mean, new_category_rate]", statistics);
    }
}
