package io.driftwatch.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.job.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that messages give to reproduce what they say. */
class ReplayFromTopicIT {
    private static final String CONFIG =
            """
            kafka: {bootstrap_servers: "${servers}"}
            models:
              - name: basket-value
                profile: basket-value.avro
                streams: [{role: inference, topic: baskets, format: json, event_time: at}]
                window: {size: 1m, min_count: 1}
                features:
                  amount: {type: numeric, path: /basket/amount}
                  country: {type: categorical}
                statistics: [psi, ks, missing_rate]
            """;

    @TempDir Path folder;

    @Test
    void replayingATopicGivesWhatReplayingItsRecordsFromAFileGives() throws Exception {
        Truth truth = new Truth(5);
        Path file = folder.resolve("rows.jsonl");
        try (Installation installed = new Installation(folder, CONFIG, 3)) {
            List<String> rows = new ArrayList<>();
            for (int window = 0; window < 8; window++) {
                for (long time : truth.timesIn(window, 300)) {
                    rows.add(truth.record(time, window == 4 ? 2 : 0));
                }
            }
            for (int i = 0; i < rows.size(); i++) {
                installed.send(i % 3, rows.get(i));
            }
            installed.flush();
            Files.write(file, rows);
            String from = Truth.window(2).toString();
            String until = Truth.window(6).toString();

            List<String> topic = replay("topic", from, until, "--from-topic");
            List<String> expected = replay("file", from, until, "--input", "inference=" + file);

            assertThat(topic).isNotEmpty().isEqualTo(expected);
            assertThat(topic).allMatch(score -> isInside(score, from, until));
        }
    }

    private List<String> replay(String name, String from, String until, String... input)
            throws Exception {
        Path output = folder.resolve(name);
        List<String> line = new ArrayList<>();
        line.addAll(List.of("replay", "-c", folder.resolve("driftwatch.yaml").toString()));
        line.addAll(List.of("--from", from, "--until", until, "--output", output.toString()));
        line.addAll(List.of(input));
        assertThat(Main.run(line.toArray(String[]::new))).isZero();
        return Files.readAllLines(output.resolve("scores.jsonl")).stream().sorted().toList();
    }

    private static boolean isInside(String score, String from, String until) {
        String start = score.replaceAll(".*\"window_start\":\"([^\"]*)\".*", "$1");
        return !Instant.parse(start).isBefore(Instant.parse(from))
                && Instant.parse(start).isBefore(Instant.parse(until));
    }
}
