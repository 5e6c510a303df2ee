package io.driftwatch.job.score;

import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.profile.Tally;
import io.driftwatch.detectors.statistic.Comparison;
import io.driftwatch.detectors.statistic.Measurement;
import io.driftwatch.detectors.statistic.Statistic;
import io.driftwatch.detectors.statistic.Statistics;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.profile.ModelProfiles;
import io.driftwatch.job.profile.ReferenceSample;
import io.driftwatch.job.tally.SeriesKey;
import io.driftwatch.job.window.WindowTally;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares windows of one model with its reference: every configured statistic, or why not. */
final class Scorer {
    private final ModelConfig model;
    private final ModelProfiles profiles;
    private final Map<String, List<Statistic>> statistics = new HashMap<>();

    Scorer(ModelConfig model, ModelProfiles profiles) {
        this.model = model;
        this.profiles = profiles;
    }

    List<Score> score(WindowTally window) {
        SeriesKey series = window.series();
        Tally tally = Tally.fromBytes(window.tally());
        ReferenceSample sample = profiles.find(series.sample());
        if (sample == null) {
            return List.of(withoutReference(window, tally));
        }
        FeatureProfile reference = sample.features().get(series.feature());
        if (reference == null || reference.layout() != series.layout()) {
            return List.of(
                    notEvaluable(
                            window,
                            SeriesKey.EVERY_FEATURE,
                            tally,
                            "the window was counted over the cells of another profile, which was in"
                                    + " use before the last restart"));
        }
        Comparison comparison =
                new Comparison(reference, tally, model.smoothing(), model.significance());
        return statistics(series.feature()).stream()
                .filter(statistic -> statistic.appliesTo(reference.type()))
                .map(statistic -> score(window, statistic.name(), statistic.measure(comparison)))
                .toList();
    }

    private List<Statistic> statistics(String feature) {
        return statistics.computeIfAbsent(
                feature,
                name ->
                        model.statisticsOf(name).stream()
                                .map(s -> Statistics.named(s).orElseThrow())
                                .toList());
    }

    private Score score(WindowTally window, String statistic, Measurement measured) {
        Score.Builder score =
                start(window, statistic)
                        .setCount(measured.count())
                        .setReferenceCount(measured.referenceCount());
        long needed = model.window().minCount();
        if (!measured.evaluated()) {
            return score.setStatus(ScoreStatus.not_evaluable).setReason(measured.reason()).build();
        }
        if (measured.count() < needed) {
            return score.setStatus(ScoreStatus.insufficient_data)
                    .setReason(
                            measured.count()
                                    + " values in the window, window.min_count asks for "
                                    + needed)
                    .build();
        }
        return score.setStatus(ScoreStatus.scored)
                .setValue(measured.value())
                .setLower(measured.lower())
                .setUpper(measured.upper())
                .setPValue(orNull(measured.pValue()))
                .setCriticalValue(orNull(measured.criticalValue()))
                .build();
    }

    private Score withoutReference(WindowTally window, Tally tally) {
        return notEvaluable(
                window,
                SeriesKey.EVERY_FEATURE,
                tally,
                "no reference profile for version '"
                        + window.series().version()
                        + "'; known are "
                        + profiles.versions()
                        + ". Build one with driftwatch profile");
    }

    private static Score notEvaluable(
            WindowTally window, String statistic, Tally tally, String reason) {
        return start(window, statistic)
                .setCount(tally.rows())
                .setReferenceCount(0)
                .setStatus(ScoreStatus.not_evaluable)
                .setReason(reason)
                .build();
    }

    private static Score.Builder start(WindowTally window, String statistic) {
        SeriesKey series = window.series();
        return Score.newBuilder()
                .setModel(series.model())
                .setModelVersion(series.version())
                .setSegment(series.sample().segment())
                .setFeature(series.feature())
                .setStatistic(statistic)
                .setWindowStart(Instant.ofEpochMilli(window.windowStartMillis()))
                .setWindowEnd(Instant.ofEpochMilli(window.windowEndMillis()))
                .setRevision(window.revision());
    }

    private static Double orNull(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
