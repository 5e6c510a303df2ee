package io.driftwatch.job.demo;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.statistic.Statistics;
import io.driftwatch.job.config.FeatureConfig;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Gathers the scores of a window and shows them as one line when all are there. */
final class WindowBoard {
    /** Statistics that are shown; the others are on the topic. */
    private static final List<Column> COLUMNS =
            List.of(
                    new Column("distance_miles", "psi", "distance", "%.3f"),
                    new Column("origin", "psi", "origin", "%.3f"),
                    new Column("destination", "psi", "destination", "%.3f"),
                    new Column("predicted_delay", "ks", "prediction", "%.3f"),
                    new Column("delay_minutes", "mean", "label", "%.1f min"));

    private final int scoresInWindow;
    private final Screen screen;
    private final TreeMap<Instant, Map<String, Score>> open = new TreeMap<>();
    private Instant shown = Instant.MIN;
    private int windows;

    private record Column(String feature, String statistic, String title, String format) {
        String key() {
            return feature + " " + statistic;
        }
    }

    WindowBoard(ModelConfig model, Screen screen) {
        this.scoresInWindow = model.features().stream().mapToInt(f -> scoresOf(model, f)).sum();
        this.screen = screen;
    }

    private static int scoresOf(ModelConfig model, FeatureConfig feature) {
        FeatureType type = feature.type();
        return (int)
                model.statisticsOf(feature.name()).stream()
                        .filter(name -> Statistics.named(name).orElseThrow().appliesTo(type))
                        .count();
    }

    void header() {
        StringBuilder titles = new StringBuilder(String.format("%-10s  %7s", "day", "flights"));
        StringBuilder statistics = new StringBuilder(String.format("%-10s  %7s", "", ""));
        for (Column column : COLUMNS) {
            titles.append(String.format("  %11s", column.title()));
            statistics.append(String.format("  %11s", column.statistic()));
        }
        screen.line(titles.toString());
        screen.line(statistics.toString());
    }

    /**
     * Takes a score; corrections of a window that was shown change nothing here.
     *
     * @return whether a window was shown
     */
    boolean add(Score score) {
        if (score.getRevision() > 0 || !score.getWindowEnd().isAfter(shown)) {
            return false;
        }
        int before = windows;
        Map<String, Score> window =
                open.computeIfAbsent(score.getWindowEnd(), end -> new HashMap<>());
        window.put(score.getFeature() + " " + score.getStatistic(), score);
        while (!open.isEmpty() && open.firstEntry().getValue().size() >= scoresInWindow) {
            show();
        }
        return windows > before;
    }

    private void show() {
        var window = open.pollFirstEntry();
        Instant start = window.getValue().values().iterator().next().getWindowStart();
        Chapter.beginningAt(start).ifPresent(c -> screen.chapter(day(start) + ": " + c.text()));
        screen.line(line(start, window.getValue()));
        shown = window.getKey();
        windows++;
    }

    private static String line(Instant start, Map<String, Score> scores) {
        Score first = scores.get(COLUMNS.get(0).key());
        StringBuilder line =
                new StringBuilder(
                        String.format(
                                Locale.ROOT,
                                "%s  %,7d",
                                day(start),
                                first == null ? 0 : first.getCount()));
        for (Column column : COLUMNS) {
            Score score = scores.get(column.key());
            String value =
                    score == null || score.getStatus() != ScoreStatus.scored
                            ? "-"
                            : String.format(Locale.ROOT, column.format(), score.getValue());
            line.append(String.format("  %11s", value));
        }
        return line.toString();
    }

    static LocalDate day(Instant time) {
        return time.atZone(ZoneOffset.UTC).toLocalDate();
    }

    /** End of the last window that was shown. */
    Instant shownUntil() {
        return shown;
    }

    int windows() {
        return windows;
    }
}
