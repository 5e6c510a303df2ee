package io.driftwatch.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.job.profile.ProfileFile;
import io.driftwatch.job.profile.TestingProfiles;
import io.driftwatch.job.tally.SampleKey;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From two files to scores, alerts and notifications, by the commands that people type. */
@Timeout(120)
class ProfileReplayTest {
    private static final Instant START = Instant.parse("2001-06-15T00:00:00Z");
    private static final String CONFIG =
            """
            models:
              - name: flights
                profile: flights.avro
                streams: [{role: inference, topic: flights, event_time: at}]
                window: {size: 1h, lateness: 10m, min_count: 50}
                features: {distance: {}, origin: {}}
                statistics: [psi, missing_rate]
            rules: [{alert: Drift, statistic: psi, above: 0.5, significance: 0.001}]
            receivers: [{name: team, webhook: [{url: "https://hook.example/x"}]}]
            """;

    @TempDir private Path folder;
    private Path config;

    @BeforeEach
    void writeConfiguration() throws IOException {
        config = Files.writeString(folder.resolve("driftwatch.yaml"), CONFIG);
    }

    /** Rows a minute apart; distances around {@code mean} from {@code driftFrom} on. */
    private static List<String> rows(int seed, int rows, int driftFrom, int driftUntil) {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>(List.of("at,distance,origin"));
        for (int i = 0; i < rows; i++) {
            double shift = i >= driftFrom && i < driftUntil ? 500 : 0;
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "%s,%.3f,%s",
                            START.plusSeconds(30L * i),
                            1000 + 100 * random.nextGaussian() + shift,
                            random.nextInt(3) == 0 ? "LAX" : "JFK"));
        }
        return lines;
    }

    private Path file(String name, List<String> lines) throws IOException {
        return Files.write(folder.resolve(name), lines);
    }

    private CommandLineRun profile(Path input) {
        return CommandLineRun.of("profile", "-c", config, "--input", "inference=" + input);
    }

    private CommandLineRun replay(Path input, Object... more) {
        Object[] args = {
            "replay", "-c", config, "-i", "inference=" + input, "-o", folder.resolve("out")
        };
        List<Object> all = new ArrayList<>(List.of(args));
        all.addAll(List.of(more));
        return CommandLineRun.of(all.toArray());
    }

    private void profiled() throws IOException {
        CommandLineRun run = profile(file("train.csv", rows(1, 3000, -1, -1)));
        assertThat(run.code()).as(run.err()).isZero();
    }

    private List<JsonNode> results(String name) throws IOException {
        List<JsonNode> records = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("out").resolve(name))) {
            records.add(new ObjectMapper().readTree(line));
        }
        return records;
    }

    private JsonNode summary() throws IOException {
        return new ObjectMapper().readTree(folder.resolve("out/summary.json").toFile());
    }

    @Test
    void findsTheDriftThatIsThereAndNoOther() throws IOException {
        CommandLineRun built = profile(file("train.csv", rows(1, 3000, -1, -1)));
        assertThat(built.code()).as(built.err()).isZero();
        assertThat(built.out())
                .contains("distance")
                .contains("numeric (inferred)")
                .contains("categorical (inferred)")
                .contains("3,000 rows");

        // Ten hours of 120 rows; drift in the hours from 4 to 6.
        CommandLineRun run = replay(file("june.csv", rows(2, 1200, 480, 720)));

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("1,200 records in: 1,200 tallied, 0 late, 0 dead-lettered; 10 windows")
                .contains("1 alerts fired; 2 notifications");
        List<JsonNode> scores = results("scores.jsonl");
        assertThat(scores).hasSize(40);
        assertThat(scores)
                .filteredOn(s -> s.get("feature").asText().equals("distance"))
                .filteredOn(s -> s.get("statistic").asText().equals("psi"))
                .filteredOn(s -> s.get("value").asDouble() > 0.5)
                .extracting(s -> s.get("window_start").asText())
                .containsExactly("2001-06-15T04:00:00Z", "2001-06-15T05:00:00Z");
        assertThat(scores)
                .allSatisfy(s -> assertThat(s.get("status").asText()).isEqualTo("scored"));
        assertThat(results("alerts.jsonl"))
                .extracting(a -> a.get("state").asText())
                .containsExactly("firing", "resolved");
        assertThat(results("notifications.jsonl"))
                .extracting(n -> n.get("status").asText() + " at " + n.get("created_at").asText())
                .containsExactly(
                        "firing at 2001-06-15T05:00:30Z", "resolved at 2001-06-15T07:00:30Z");
        assertThat(results("late.jsonl")).isEmpty();
        assertThat(results("dead_letters.jsonl")).isEmpty();
        assertThat(summary().get("records_in").asLong()).isEqualTo(1200);
        assertThat(summary().get("records_tallied").asLong()).isEqualTo(1200);
        assertThat(summary().get("windows").asLong()).isEqualTo(10);
        assertThat(summary().get("alerts").get("firing").asLong()).isEqualTo(1);
        assertThat(summary().get("notifications").asLong()).isEqualTo(2);
    }

    @Test
    void accountsForEveryRecord() throws IOException {
        profiled();
        List<String> lines = rows(3, 600, -1, -1);
        lines.add(10, "2001-06-15T00:05:00Z,far,JFK"); // wrong type
        lines.add(20, "2001-06-15T00:10:00Z"); // too few cells
        lines.add(30, ",1,JFK"); // no time
        lines.add("2001-06-15T00:00:00Z,1,JFK"); // too late
        lines.add("2001-06-15T00:00:01Z,1,JFK"); // too late

        CommandLineRun run = replay(file("june.csv", lines));

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("605 records in: 600 tallied, 2 late, 3 dead-lettered")
                .contains("1 dead-lettered as malformed, such as june.csv-0@19: ")
                .contains("1 dead-lettered as wrong_type, such as june.csv-0@9: ");
        assertThat(summary().get("dead_letters").get("missing_event_time").asLong()).isOne();
        assertThat(results("dead_letters.jsonl"))
                .extracting(d -> d.get("reason").asText() + "@" + d.get("offset").asLong())
                .containsExactlyInAnyOrder("wrong_type@9", "malformed@19", "missing_event_time@29");
        assertThat(results("late.jsonl"))
                .extracting(d -> d.get("topic").asText() + "@" + d.get("offset").asLong())
                .containsExactly("june.csv@603", "june.csv@604");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"june 2001 #1 100%.csv", "_june.csv", ".june.csv", "june.CSV"})
    void readsFilesWhateverTheirName(String name) throws IOException {
        profiled();

        CommandLineRun run = replay(file(name, rows(4, 240, -1, -1)));

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("240 records in: 240 tallied");
    }

    @Test
    void readsCompressedFiles() throws IOException {
        profiled();
        Path file = folder.resolve("june.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(String.join("\n", rows(4, 240, -1, -1)).getBytes(StandardCharsets.UTF_8));
        }

        assertThat(replay(file).out()).contains("240 records in: 240 tallied");
    }

    @Test
    void readsSeveralFilesOfOneStream() throws IOException {
        profiled();
        List<String> all = rows(5, 480, -1, -1);
        List<String> second = new ArrayList<>(List.of(all.get(0)));
        second.addAll(all.subList(241, 481));
        Path later = file("b.csv", second);

        CommandLineRun run = replay(file("a.csv", all.subList(0, 241)), "-i", "inference=" + later);

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("480 records in: 480 tallied, 0 late");
    }

    @Test
    void leavesOutRecordsOutsideTheRange() throws IOException {
        profiled();

        CommandLineRun run =
                replay(
                        file("june.csv", rows(6, 480, -1, -1)),
                        "--from",
                        "2001-06-15T01:00Z",
                        "--until",
                        "2001-06-15T03:00Z");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("240 records in: 240 tallied").contains("2 windows");
    }

    @Test
    void asksForAProfileFirst() throws IOException {
        CommandLineRun run = replay(file("june.csv", rows(1, 10, -1, -1)));

        assertThat(run.code()).isEqualTo(ExitCode.INPUT);
        assertThat(run.err())
                .contains(folder.resolve("flights.avro") + ":1:1: there is no such profile")
                .contains(
                        "driftwatch profile --config FILE --model flights --input inference=DATA");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void refusesTheProfileOfAnotherModel() throws IOException {
        ProfileFile.write(
                folder.resolve("flights.avro"),
                List.of(TestingProfiles.flights(SampleKey.whole("trains", "default"))));

        CommandLineRun run = replay(file("june.csv", rows(1, 10, -1, -1)));

        assertThat(run.code()).isEqualTo(ExitCode.INPUT);
        assertThat(run.err()).contains("is the profile of model 'trains', not of 'flights'");
    }

    @Test
    void refusesAFolderThatCannotBeWritten() throws IOException {
        profiled();
        Path occupied = Files.writeString(folder.resolve("out"), "a file");

        CommandLineRun run = replay(file("june.csv", rows(1, 10, -1, -1)));

        assertThat(run.code()).isEqualTo(ExitCode.INPUT);
        assertThat(run.err()).contains("--output " + occupied + ": cannot be written");
    }

    @Test
    void refusesAProfilePathThatCannotBeWritten() throws IOException {
        Path occupied = Files.writeString(folder.resolve("occupied"), "a file");
        Path target = occupied.resolve("p.avro");

        CommandLineRun run =
                CommandLineRun.of(
                        "profile",
                        "-c",
                        config,
                        "-i",
                        "inference=" + file("train.csv", rows(1, 100, -1, -1)),
                        "-o",
                        target);

        assertThat(run.code()).isEqualTo(ExitCode.INPUT);
        assertThat(run.err()).contains(target + ": cannot be written");
    }

    @ParameterizedTest(name = "--input {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "inference|is not ROLE=FILE",
                "inference=|is not ROLE=FILE",
                "=x.csv|is not ROLE=FILE",
                "inference=/none.csv|/none.csv: there is no such file",
                "labels=/none.csv|has no stream 'labels'; its streams are inference",
                "trains:inference=/none.csv|no model 'trains' in the configuration; models are flights"
            })
    void refusesAnInputThatMeansNothing(String input, String message) throws IOException {
        profiled();
        for (String command : List.of("replay", "profile")) {
            CommandLineRun run =
                    CommandLineRun.of(
                            command, "-c", config, "-i", input, "-o", folder.resolve("out"));

            assertThat(run.code()).isEqualTo(ExitCode.INPUT);
            assertThat(run.err()).contains(message);
        }
    }

    @Test
    void refusesAFileWhoseNameTellsNoFormat() throws IOException {
        profiled();
        Path file = file("june.xls", rows(1, 10, -1, -1));

        assertThat(profile(file).err()).contains("cannot tell the format");
        assertThat(replay(file).err()).contains("cannot tell the format");
    }

    @Test
    void namesTheColumnsWhereOneIsMissing() throws IOException {
        profiled();
        Path file = file("june.csv", List.of("time,miles,origin", "1,2,3"));

        CommandLineRun built = profile(file);
        CommandLineRun replayed = replay(file);

        assertThat(built.code()).isEqualTo(ExitCode.INPUT);
        assertThat(built.err())
                .contains(
                        "june.csv: has no column 'distance'; its columns are time, miles, origin");
        assertThat(replayed.code()).isEqualTo(ExitCode.INPUT);
        assertThat(replayed.err())
                .contains(
                        "june.csv: has no column 'at', 'distance'; its columns are time, miles,"
                                + " origin");
    }

    @Test
    void refusesAnEmptyFile() throws IOException {
        profiled();
        Path empty = file("empty.csv", List.of());
        Path header = file("header.csv", List.of("at,distance,origin"));

        assertThat(profile(empty).code()).isEqualTo(ExitCode.INPUT);
        assertThat(profile(empty).err()).contains("empty.csv: is empty");
        assertThat(replay(empty).code()).isEqualTo(ExitCode.INPUT);
        assertThat(replay(empty).err()).contains("empty.csv: is empty");
        assertThat(profile(header).code()).isEqualTo(ExitCode.INPUT);
        assertThat(profile(header).err()).contains("there are no rows");
        assertThat(replay(header).code()).isEqualTo(ExitCode.INPUT);
        assertThat(replay(header).err()).contains("header.csv: holds no records");
    }

    @Test
    void saysThatNoRowCouldBeReadAndShowsTheFirst() throws IOException {
        config =
                Files.writeString(
                        folder.resolve("typed.yaml"),
                        CONFIG.replace("distance: {}", "distance: {type: numeric}"));

        CommandLineRun run =
                profile(
                        file(
                                "train.csv",
                                List.of("at,distance,origin", "2001-06-15,far,JFK", "x,1,LAX")));

        assertThat(run.code()).isEqualTo(ExitCode.INPUT);
        assertThat(run.err())
                .contains("none of the 2 rows could be read; the first: ")
                .contains("field 'distance' is 'far', expected a number");
        assertThat(folder.resolve("flights.avro")).doesNotExist();
    }

    @Test
    void saysThatAllRowsLieOutsideTheRange() throws IOException {
        CommandLineRun run =
                CommandLineRun.of(
                        "profile",
                        "-c",
                        config,
                        "-i",
                        "inference=" + file("train.csv", rows(1, 10, -1, -1)),
                        "--from",
                        "2002-01-01");

        assertThat(run.code()).isEqualTo(ExitCode.INPUT);
        assertThat(run.err()).contains("all 10 rows lie outside --from and --until");
    }

    @Test
    void asksWhichOfSeveralModelsIsMeant() throws IOException {
        config =
                Files.writeString(
                        folder.resolve("two.yaml"),
                        CONFIG.replace(
                                "rules:",
                                """
                                  - name: trains
                                    profile: trains.avro
                                    streams: [{role: inference, topic: t, event_time: at}]
                                    window: {size: 1h}
                                rules:"""));

        CommandLineRun run = profile(file("train.csv", rows(1, 10, -1, -1)));

        assertThat(run.code()).isEqualTo(ExitCode.INPUT);
        assertThat(run.err()).contains("say which model with --model; models are flights, trains");
    }

    @Test
    void saysWhichFileIsDamaged() throws IOException {
        profiled();
        Path file = Files.writeString(folder.resolve("june.csv.gz"), "not compressed");
        Path avro = Files.writeString(folder.resolve("june.avro"), "not avro");

        for (CommandLineRun run : List.of(profile(file), replay(file))) {
            assertThat(run.code()).isEqualTo(ExitCode.INPUT);
            assertThat(run.err()).contains("june.csv.gz: is not a gzip file");
        }
        for (CommandLineRun run : List.of(profile(avro), replay(avro))) {
            assertThat(run.code()).isEqualTo(ExitCode.INPUT);
            assertThat(run.err()).contains("june.avro: is not an Avro container file");
        }
    }
}
