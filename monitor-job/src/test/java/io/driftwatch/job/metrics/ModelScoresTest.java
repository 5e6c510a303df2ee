package io.driftwatch.job.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.events.EventBuilder;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.metrics.MetricRegistry;
import org.apache.flink.runtime.metrics.groups.AbstractMetricGroup;
import org.apache.flink.runtime.metrics.groups.GenericMetricGroup;
import org.apache.flink.runtime.metrics.scope.ScopeFormats;
import org.apache.flink.traces.SpanBuilder;
import org.junit.jupiter.api.Test;

class ModelScoresTest {
    private static final long HOUR = 3_600_000;

    private final RecordingRegistry registry = new RecordingRegistry();

    private ModelScores model(int limit) {
        return new ModelScores(
                new GenericMetricGroup(registry, null, "operator"), "flights", HOUR, limit);
    }

    private static ScoreMark mark(String version, String segment, String feature, long window) {
        return new ScoreMark(
                "flights", version, segment, feature, "psi", 0.25, 0.1, 300, window * HOUR, 0);
    }

    @Test
    void showsTheNewestScoreOfASeriesAndNeverAnOlderOne() {
        ModelScores scores = model(10);
        scores.take(mark("v1", "", "distance", 2));
        scores.take(new ScoreMark("flights", "v1", "", "distance", "psi", 9, 9, 300, HOUR, 3));
        assertThat(registry.values("drift_score")).containsExactly(Map.entry("v1//distance", 0.25));

        scores.take(
                new ScoreMark("flights", "v1", "", "distance", "psi", 0.5, 0.2, 300, 2 * HOUR, 1));
        assertThat(registry.values("drift_score")).containsExactly(Map.entry("v1//distance", 0.5));
        assertThat(registry.values("drift_critical_value"))
                .containsExactly(Map.entry("v1//distance", 0.2));
    }

    @Test
    void neverShowsMoreSeriesThanTheLimitAndCountsWhatItLeavesOut() {
        ModelScores scores = model(3);
        for (int feature = 0; feature < 5; feature++) {
            scores.take(mark("v1", "", "f" + feature, 1));
        }
        scores.take(mark("v1", "", "f4", 2));

        assertThat(registry.values("drift_score")).hasSize(3);
        assertThat(registry.values("score_series")).containsValue(3.0);
        assertThat(registry.values("score_series_limit")).containsValue(3.0);
        assertThat(registry.values("scores_not_exported_total")).containsValue(3.0);
    }

    @Test
    void theWholeModelTakesThePlaceOfASegment() {
        ModelScores scores = model(2);
        scores.take(mark("v1", "country=de", "distance", 1));
        scores.take(mark("v1", "country=fr", "distance", 1));
        scores.take(mark("v1", "", "distance", 1));

        assertThat(registry.values("drift_score"))
                .containsOnlyKeys("v1//distance", "v1/country=fr/distance");
        scores.take(mark("v1", "", "origin", 1));
        scores.take(mark("v1", "country=it", "distance", 1));
        assertThat(registry.values("drift_score")).containsOnlyKeys("v1//distance", "v1//origin");
    }

    @Test
    void aVersionThatHasBeenReplacedIsForgottenAndMakesRoom() {
        ModelScores scores = model(1);
        scores.take(mark("v1", "", "distance", 1));
        long later = 1 + ModelScores.KEPT_WINDOWS;
        scores.take(mark("v2", "", "distance", later));
        assertThat(registry.values("drift_score")).containsOnlyKeys("v1//distance");

        scores.take(mark("v2", "", "distance", later + 1));
        assertThat(registry.values("drift_score")).containsOnlyKeys("v2//distance");
        assertThat(registry.values("latest_window_end_timestamp_seconds"))
                .containsExactly(Map.entry("v2", (later + 1) * 3600.0));
        assertThat(scores.versions()).extracting(VersionMark::version).containsExactly("v2");
    }

    @Test
    void countsEveryWindowOfAVersionOnce() {
        ModelScores scores = model(10);
        scores.take(mark("v1", "", "distance", 1));
        scores.take(mark("v1", "", "origin", 1));
        scores.take(mark("v1", "", "distance", 2));
        scores.take(mark("v1", "", "distance", 1));

        assertThat(registry.values("windows_scored_total")).containsValue(2.0);
        assertThat(registry.values("window_samples")).containsValue(300.0);
    }

    @Test
    void standsAfterARestartWhereItStoodBefore() {
        ModelScores before = model(10);
        before.take(mark("v1", "", "distance", 1));
        before.take(mark("v1", "", "distance", 2));
        Map<String, Double> shown = registry.all();

        registry.metrics.clear();
        ModelScores after = model(10);
        before.versions().forEach(after::take);
        before.scores().forEach(after::take);

        assertThat(registry.all()).isEqualTo(shown);
    }

    @Test
    void aMetricNamesItsLabelsInTheirOrder() {
        assertThat(JobMetric.RECORDS.prometheusName())
                .isEqualTo(
                        "flink_taskmanager_job_task_operator_model_outcome_driftwatch_records_total");
    }

    /** Keeps what is registered, by the values of the labels after the model. */
    private static final class RecordingRegistry implements MetricRegistry {
        private record Registered(String name, String labels) {}

        private final Map<Registered, Metric> metrics = new java.util.HashMap<>();

        private static Registered key(String name, AbstractMetricGroup<?> group) {
            Map<String, String> labels = group.getAllVariables();
            List<String> values =
                    List.of("version", "segment", "feature").stream()
                            .filter(label -> labels.containsKey("<" + label + ">"))
                            .map(label -> labels.get("<" + label + ">"))
                            .toList();
            return new Registered(name, String.join("/", values));
        }

        Map<String, Double> values(String name) {
            Map<String, Double> values = new TreeMap<>();
            metrics.forEach(
                    (key, metric) -> {
                        if (key.name().equals(name)) {
                            values.put(key.labels(), value(metric));
                        }
                    });
            return values;
        }

        Map<String, Double> all() {
            Map<String, Double> values = new TreeMap<>();
            metrics.forEach((key, metric) -> values.put(key.toString(), value(metric)));
            return values;
        }

        private static double value(Metric metric) {
            return metric instanceof Counter counter
                    ? (double) counter.getCount()
                    : ((Number) ((Gauge<?>) metric).getValue()).doubleValue();
        }

        @Override
        public void register(Metric metric, String name, AbstractMetricGroup<?> group) {
            metrics.put(key(name, group), metric);
        }

        @Override
        public void unregister(Metric metric, String name, AbstractMetricGroup<?> group) {
            metrics.remove(key(name, group));
        }

        @Override
        public char getDelimiter() {
            return '.';
        }

        @Override
        public int getNumberReporters() {
            return 0;
        }

        @Override
        public void addSpan(SpanBuilder span, AbstractMetricGroup<?> group) {}

        @Override
        public void addEvent(EventBuilder event, AbstractMetricGroup<?> group) {}

        @Override
        public ScopeFormats getScopeFormats() {
            throw new UnsupportedOperationException("no scopes here");
        }
    }
}
