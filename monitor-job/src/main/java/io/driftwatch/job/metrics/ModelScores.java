package io.driftwatch.job.metrics;

import io.driftwatch.job.metrics.ScoreMark.Series;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.groups.AbstractMetricGroup;

/**
 * What is exported of one model's scores, never more series than the limit. Those of the whole
 * model come first: one of them takes the place of a segment's. A version that had no window while
 * the model had {@value #KEPT_WINDOWS} is forgotten.
 */
final class ModelScores {
    static final int KEPT_WINDOWS = 24;

    private final MetricGroup metrics;
    private final int limit;
    private final String model;
    private final long intervalMillis;
    private final Map<Series, Shown> whole = new HashMap<>();
    private final LinkedHashMap<Series, Shown> segments = new LinkedHashMap<>();
    private final Map<String, ShownVersion> versions = new HashMap<>();
    private final Reading seriesCount = new Reading(0);
    private final Counter notExported;
    private long newestWindowMillis = Long.MIN_VALUE;

    /** A series, its newest score and where that is shown. */
    private static final class Shown {
        private final Reading value = new Reading(Double.NaN);
        private final Reading criticalValue = new Reading(Double.NaN);
        private final List<MetricGroup> groups = new ArrayList<>();
        private ScoreMark mark;
    }

    /** A version, and where it is shown. */
    private static final class ShownVersion {
        private final Reading windowEnd = new Reading(0);
        private final Reading samples = new Reading(0);
        private final List<MetricGroup> groups = new ArrayList<>();
        private Counter windows;
        private VersionMark mark;
    }

    ModelScores(MetricGroup metrics, String model, long intervalMillis, int limit) {
        this.metrics = metrics;
        this.model = model;
        this.intervalMillis = intervalMillis;
        this.limit = limit;
        gauge(JobMetric.WINDOW_INTERVAL, new Reading(intervalMillis / 1000.0));
        gauge(JobMetric.SCORE_SERIES, seriesCount);
        gauge(JobMetric.SCORE_SERIES_LIMIT, new Reading(limit));
        notExported =
                JobMetric.SCORES_NOT_EXPORTED
                        .in(metrics, model)
                        .counter(JobMetric.SCORES_NOT_EXPORTED.shortName());
    }

    private void gauge(JobMetric metric, Reading reading) {
        metric.in(metrics, model).gauge(metric.shortName(), reading);
    }

    void take(ScoreMark mark) {
        if (mark.isWhole()) {
            VersionMark before = version(mark.version());
            take(before == null ? VersionMark.first(mark) : before.with(mark));
        }
        show(mark);
        seriesCount.set(whole.size() + segments.size());
    }

    private VersionMark version(String version) {
        ShownVersion known = versions.get(version);
        return known == null ? null : known.mark;
    }

    /** Shows a version as it is now, or was before a restart. */
    void take(VersionMark mark) {
        ShownVersion shown = versions.computeIfAbsent(mark.version(), this::register);
        shown.windows.inc(mark.windows() - (shown.mark == null ? 0 : shown.mark.windows()));
        shown.mark = mark;
        shown.windowEnd.set(mark.windowEndMillis() / 1000.0);
        shown.samples.set((double) mark.samples());
        if (mark.windowEndMillis() > newestWindowMillis) {
            newestWindowMillis = mark.windowEndMillis();
            retire();
        }
    }

    private ShownVersion register(String version) {
        ShownVersion shown = new ShownVersion();
        MetricGroup group = JobMetric.WINDOW_END.in(metrics, model, version);
        group.gauge(JobMetric.WINDOW_END.shortName(), shown.windowEnd);
        group.gauge(JobMetric.WINDOW_SAMPLES.shortName(), shown.samples);
        shown.windows = group.counter(JobMetric.WINDOWS.shortName());
        shown.groups.add(group);
        return shown;
    }

    private void retire() {
        long oldest = newestWindowMillis - KEPT_WINDOWS * intervalMillis;
        Iterator<ShownVersion> each = versions.values().iterator();
        while (each.hasNext()) {
            ShownVersion version = each.next();
            if (version.mark.windowEndMillis() < oldest) {
                each.remove();
                version.groups.forEach(ModelScores::close);
                forget(whole, version.mark.version());
                forget(segments, version.mark.version());
            }
        }
    }

    private static void forget(Map<Series, Shown> shown, String version) {
        Iterator<Map.Entry<Series, Shown>> each = shown.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<Series, Shown> entry = each.next();
            if (entry.getKey().version().equals(version)) {
                entry.getValue().groups.forEach(ModelScores::close);
                each.remove();
            }
        }
    }

    private void show(ScoreMark mark) {
        Series series = mark.series();
        Map<Series, Shown> kind = mark.isWhole() ? whole : segments;
        Shown shown = kind.get(series);
        if (shown == null) {
            if (mark.isWhole() && isFull() && !segments.isEmpty()) {
                dropOneSegment();
            }
            if (isFull()) {
                notExported.inc();
                return;
            }
            shown = register(series);
            kind.put(series, shown);
        }
        if (shown.mark == null || mark.isNewerThan(shown.mark)) {
            shown.mark = mark;
            shown.value.set(mark.value());
            shown.criticalValue.set(mark.criticalValue());
        }
    }

    private boolean isFull() {
        return whole.size() + segments.size() >= limit;
    }

    private void dropOneSegment() {
        Iterator<Shown> each = segments.values().iterator();
        each.next().groups.forEach(ModelScores::close);
        each.remove();
    }

    private Shown register(Series series) {
        Shown shown = new Shown();
        MetricGroup group = JobMetric.DRIFT_SCORE.in(metrics, series.labels());
        group.gauge(JobMetric.DRIFT_SCORE.shortName(), shown.value);
        group.gauge(JobMetric.DRIFT_CRITICAL_VALUE.shortName(), shown.criticalValue);
        shown.groups.add(group);
        return shown;
    }

    /** Flink offers no other way to take a metric back before the operator ends. */
    private static void close(MetricGroup group) {
        if (group instanceof AbstractMetricGroup<?> closeable) {
            closeable.close();
        }
    }

    Collection<ScoreMark> scores() {
        List<ScoreMark> marks = new ArrayList<>();
        whole.values().forEach(shown -> marks.add(shown.mark));
        segments.values().forEach(shown -> marks.add(shown.mark));
        return marks;
    }

    Collection<VersionMark> versions() {
        return versions.values().stream().map(shown -> shown.mark).toList();
    }
}
