package io.driftwatch.job.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.driftwatch.job.RecordCounts;
import io.driftwatch.job.sink.FileSinks;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import io.driftwatch.schemas.json.AvroJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.JobExecutionResult;

/** What a replay came to, told from the files it wrote. */
final class ReplaySummary {
    private static final int MOST_LINES = 30;

    private final Map<String, Long> records = new TreeMap<>();
    private final Map<String, Series> series = new TreeMap<>();
    private final Map<String, Long> scoresByStatus = new TreeMap<>();
    private final Map<String, Long> alertsByState = new TreeMap<>();
    private final Map<String, Refusals> refusals = new TreeMap<>();
    private final Set<Long> windows = new HashSet<>();
    private long notifications;
    private double seconds;

    /** The scores of one statistic of one feature, of the whole model. */
    private static final class Series {
        private long scored;
        private double largest = Double.NEGATIVE_INFINITY;
        private String when = "";
        private long fired;
    }

    /** The dead letters of one reason. */
    private static final class Refusals {
        private long records;
        private String example;
    }

    static ReplaySummary read(Path folder, JobExecutionResult result) throws IOException {
        ReplaySummary summary = new ReplaySummary();
        summary.seconds = result.getNetRuntime() / 1e3;
        for (String name :
                new String[] {
                    RecordCounts.IN,
                    RecordCounts.TALLIED,
                    RecordCounts.LATE,
                    RecordCounts.DEAD_LETTERED
                }) {
            Long count = result.getAccumulatorResult(name);
            summary.records.put(name, count == null ? 0 : count);
        }
        for (ScoreStatus status : ScoreStatus.values()) {
            summary.scoresByStatus.put(status.name(), 0L);
        }
        for (AlertState state : AlertState.values()) {
            summary.alertsByState.put(state.name(), 0L);
        }
        try (BufferedReader lines = Files.newBufferedReader(folder.resolve(FileSinks.SCORES))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                summary.add(AvroJson.fromJson(line, Score.class));
            }
        }
        try (BufferedReader lines = Files.newBufferedReader(folder.resolve(FileSinks.ALERTS))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                summary.add(AvroJson.fromJson(line, Alert.class));
            }
        }
        try (BufferedReader lines =
                Files.newBufferedReader(folder.resolve(FileSinks.DEAD_LETTERS))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                summary.add(AvroJson.fromJson(line, DeadLetter.class));
            }
        }
        try (var lines = Files.lines(folder.resolve(FileSinks.NOTIFICATIONS))) {
            summary.notifications = lines.count();
        }
        return summary;
    }

    private static String key(Score score) {
        return score.getModel() + " " + score.getFeature() + " " + score.getStatistic();
    }

    private void add(Score score) {
        scoresByStatus.merge(score.getStatus().name(), 1L, Long::sum);
        windows.add(score.getWindowEnd().toEpochMilli());
        if (!score.getSegment().isEmpty() || score.getStatus() != ScoreStatus.scored) {
            return;
        }
        Series one = series.computeIfAbsent(key(score), k -> new Series());
        one.scored++;
        if (score.getValue() > one.largest) {
            one.largest = score.getValue();
            one.when = score.getWindowStart().toString();
        }
    }

    private void add(Alert alert) {
        alertsByState.merge(alert.getState().name(), 1L, Long::sum);
        if (alert.getState() == AlertState.firing && alert.getScore().getSegment().isEmpty()) {
            series.computeIfAbsent(key(alert.getScore()), k -> new Series()).fired++;
        }
    }

    private void add(DeadLetter letter) {
        Refusals one = refusals.computeIfAbsent(letter.getReason(), k -> new Refusals());
        one.records += letter.getRecords();
        if (one.example == null) {
            one.example = letter.getDetail();
        }
    }

    ObjectNode toJson(ObjectMapper mapper) {
        ObjectNode json = mapper.createObjectNode();
        records.forEach(json::put);
        ObjectNode deadLetters = json.putObject("dead_letters");
        refusals.forEach((reason, one) -> deadLetters.put(reason, one.records));
        json.put("windows", windows.size());
        ObjectNode scores = json.putObject("scores");
        scoresByStatus.forEach(scores::put);
        ObjectNode alerts = json.putObject("alerts");
        alertsByState.forEach(alerts::put);
        json.put("notifications", notifications);
        json.put("seconds", seconds);
        return json;
    }

    void print(PrintWriter out) {
        Table table = new Table("model feature statistic", "windows", "fired", "largest", "window");
        series.entrySet().stream()
                .limit(MOST_LINES)
                .forEach(
                        e ->
                                table.row(
                                        e.getKey(),
                                        e.getValue().scored,
                                        e.getValue().fired,
                                        e.getValue().largest,
                                        e.getValue().when));
        table.print(out);
        if (series.size() > MOST_LINES) {
            out.println("  ... and " + (series.size() - MOST_LINES) + " more, see scores.jsonl");
        }
        insufficient(out);
        out.printf(
                Locale.ROOT,
                "%n%,d records in: %,d tallied, %,d late, %,d dead-lettered; %,d windows; %,d"
                        + " alerts fired; %,d notifications; %.1f s%n",
                records.get(RecordCounts.IN),
                records.get(RecordCounts.TALLIED),
                records.get(RecordCounts.LATE),
                records.get(RecordCounts.DEAD_LETTERED),
                windows.size(),
                alertsByState.get(AlertState.firing.name()),
                notifications,
                seconds);
        refusals.forEach(
                (reason, one) ->
                        out.printf(
                                Locale.ROOT,
                                "  %,d dead-lettered as %s, such as %s%n",
                                one.records,
                                reason,
                                one.example));
    }

    /** Otherwise a statistic without a line in the table would just not be there. */
    private void insufficient(PrintWriter out) {
        long few = scoresByStatus.get(ScoreStatus.insufficient_data.name());
        if (few > 0) {
            out.printf(
                    Locale.ROOT,
                    "%n%,d scores are insufficient_data: their windows were too small; needed_count and"
                            + " reason in scores.jsonl say for what, and driftwatch check foretells"
                            + " it%n",
                    few);
        }
    }
}
