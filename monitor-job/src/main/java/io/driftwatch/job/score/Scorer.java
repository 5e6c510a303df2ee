package io.driftwatch.job.score;

import io.driftwatch.alerts.rule.Figures;
import io.driftwatch.alerts.rule.Rule;
import io.driftwatch.detectors.dependence.Dependence;
import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.profile.Tally;
import io.driftwatch.detectors.statistic.Comparison;
import io.driftwatch.detectors.statistic.Measurement;
import io.driftwatch.detectors.statistic.Shape;
import io.driftwatch.detectors.statistic.Statistic;
import io.driftwatch.detectors.statistic.Statistics;
import io.driftwatch.detectors.statistic.Trial;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.profile.ModelProfiles;
import io.driftwatch.job.profile.ReferenceSample;
import io.driftwatch.job.significance.TestPlan;
import io.driftwatch.job.tally.Counts;
import io.driftwatch.job.tally.SeriesKey;
import io.driftwatch.job.window.WindowTally;
import io.driftwatch.schemas.BinChange;
import io.driftwatch.schemas.ColumnRole;
import io.driftwatch.schemas.DriftSeverity;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Compares windows of one model with its reference: every configured statistic, or why not. */
final class Scorer {
    /** What chance explains as well as this needs no picture. */
    private static final double UNLIKELY = 0.05;

    private final ModelConfig model;
    private final List<Rule> rules;
    private final TestPlan plan;
    private final Baseline baseline;
    private final ModelProfiles profiles;
    private final Map<String, List<Statistic>> statistics = new HashMap<>();

    /** How many values each statistic of a series needs. */
    private final Map<SeriesKey, long[]> needed = new HashMap<>();

    Scorer(
            ModelConfig model,
            List<Rule> rules,
            TestPlan plan,
            Baseline baseline,
            ModelProfiles profiles) {
        this.model = model;
        this.rules = List.copyOf(rules);
        this.plan = plan;
        this.baseline = baseline;
        this.profiles = profiles;
    }

    /** Whether windows of a feature are scored; of versions without a reference they are told. */
    boolean isWatched(String feature) {
        return feature.equals(SeriesKey.EVERY_FEATURE) || model.isWatched(feature);
    }

    /** The scores of one window of one feature, or one that says why there are none. */
    List<Score> score(WindowTally window) {
        SeriesKey series = window.series();
        Counts counts = Counts.fromBytes(window.tally());
        Tally tally = counts.tally();
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
                                    + " use before this one"));
        }
        if (!counts.areWhole(window.windowStartMillis())) {
            return List.of(
                    notEvaluable(
                            window,
                            SeriesKey.EVERY_FEATURE,
                            tally,
                            "the feature is watched only since a part of the window had been"
                                    + " counted; it is scored in windows that begin at "
                                    + Figures.instant(Instant.ofEpochMilli(counts.sinceMillis()))
                                    + " or later"));
        }
        Dependence dependence = sample.dependenceOf(series.feature());
        if (baseline == Baseline.REFERENCE) {
            return score(window, tally, reference, dependence);
        }
        try {
            return score(window, tally, reference.without(tally), dependence);
        } catch (IllegalArgumentException e) {
            return List.of(notEvaluable(window, SeriesKey.EVERY_FEATURE, tally, e.getMessage()));
        }
    }

    private List<Score> score(
            WindowTally window, Tally tally, FeatureProfile reference, Dependence dependence) {
        Comparison comparison =
                new Comparison(
                        reference,
                        tally,
                        model.smoothing(),
                        plan.level(),
                        dependence.overdispersion());
        List<Statistic> all = statistics(window.series().feature());
        long[] counts =
                needed.computeIfAbsent(window.series(), series -> needed(series, all, comparison));
        List<Score> scores = new ArrayList<>(all.size());
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).appliesTo(reference.type())) {
                scores.add(score(window, all.get(i), comparison, dependence, counts[i]));
            }
        }
        return scores;
    }

    private long[] needed(SeriesKey series, List<Statistic> all, Comparison comparison) {
        FeatureProfile reference = comparison.reference();
        if (reference.reference().count() == 0) {
            return new long[all.size()];
        }
        Trial trial = Trial.planned(reference, 1, plan.level(), comparison.overdispersion());
        return all.stream()
                .mapToLong(
                        statistic ->
                                statistic.appliesTo(reference.type())
                                        ? statistic.smallestWindow(
                                                trial,
                                                TestPlan.threshold(
                                                        judging(series.feature()),
                                                        series.sample(),
                                                        series.feature(),
                                                        statistic.name()))
                                        : 0)
                .toArray();
    }

    private List<Rule> judging(String feature) {
        String role = model.roleOf(feature);
        return rules.stream().filter(rule -> rule.selectsRole(role)).toList();
    }

    private List<Statistic> statistics(String feature) {
        return statistics.computeIfAbsent(
                feature,
                name ->
                        model.statisticsOf(name).stream()
                                .map(s -> Statistics.named(s).orElseThrow())
                                .toList());
    }

    private Score score(
            WindowTally window,
            Statistic statistic,
            Comparison comparison,
            Dependence dependence,
            long needed) {
        Measurement measured = statistic.measure(comparison);
        long least = model.window().isAuto() ? needed : model.window().minCount();
        Score.Builder score =
                start(window, statistic.name())
                        .setCount(measured.count())
                        .setReferenceCount(measured.referenceCount())
                        .setNeededCount(least == Long.MAX_VALUE ? null : (Long) least)
                        .setOverdispersion(
                                dependence.isMeasured() ? dependence.overdispersion() : null);
        if (!measured.evaluated()) {
            return score.setStatus(ScoreStatus.not_evaluable).setReason(measured.reason()).build();
        }
        if (measured.count() < least) {
            return score.setStatus(ScoreStatus.insufficient_data)
                    .setReason(tooFew(statistic, measured, least))
                    .build();
        }
        score.setStatus(ScoreStatus.scored)
                .setValue(measured.value())
                .setLower(measured.lower())
                .setUpper(measured.upper())
                .setPValue(orNull(measured.pValue()))
                .setCriticalValue(orNull(measured.criticalValue()))
                .setNullLevel(orNull(measured.noise().level()))
                .setExcess(orNull(measured.excess()))
                .setMinimumDetectable(orNull(measured.noise().detectable()))
                .setSeverity(severity(statistic, measured));
        if (statistic.explainedByBins()) {
            comparison
                    .largestChange()
                    .ifPresent(
                            change ->
                                    score.setLargestChange(
                                            new BinChange(
                                                    change.bin(),
                                                    change.share(),
                                                    change.referenceShare())));
            if (!(measured.pValue() > UNLIKELY)) {
                comparison.shape().ifPresent(shape -> score.setShape(shape(shape)));
            }
        }
        return score.build();
    }

    private static io.driftwatch.schemas.Shape shape(Shape shape) {
        return new io.driftwatch.schemas.Shape(shape.reference(), shape.window());
    }

    private ColumnRole role(String feature) {
        if (feature.equals(SeriesKey.EVERY_FEATURE)) {
            return ColumnRole.unknown;
        }
        return ColumnRole.valueOf(model.roleOf(feature));
    }

    private String tooFew(Statistic statistic, Measurement measured, long least) {
        String window = measured.count() + " values in the window, ";
        if (!model.window().isAuto()) {
            return window + "window.min_count asks for " + least;
        }
        return least == Long.MAX_VALUE
                ? window
                        + "but with only "
                        + measured.referenceCount()
                        + " in the reference no window is large enough: chance alone exceeds the"
                        + " rule's threshold; use a larger reference or a higher threshold"
                : window
                        + statistic.name()
                        + " needs "
                        + least
                        + ": with fewer, chance alone explains what the rules ask for; use larger"
                        + " windows";
    }

    private DriftSeverity severity(Statistic statistic, Measurement measured) {
        double size = statistic.psiEquivalent(measured);
        if (Double.isNaN(size)) {
            return null;
        }
        boolean significant = measured.pValue() <= plan.familyLevel();
        return DriftSeverity.valueOf(
                model.significance()
                        .severity()
                        .of(significant, size)
                        .name()
                        .toLowerCase(Locale.ROOT));
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

    private Score notEvaluable(WindowTally window, String statistic, Tally tally, String reason) {
        return start(window, statistic)
                .setCount(tally.rows())
                .setReferenceCount(0)
                .setStatus(ScoreStatus.not_evaluable)
                .setReason(reason)
                .build();
    }

    private Score.Builder start(WindowTally window, String statistic) {
        SeriesKey series = window.series();
        return Score.newBuilder()
                .setModel(series.model())
                .setModelVersion(series.version())
                .setSegment(series.sample().segment())
                .setFeature(series.feature())
                .setStatistic(statistic)
                .setRole(role(series.feature()))
                .setWindowStart(Instant.ofEpochMilli(window.windowStartMillis()))
                .setWindowEnd(Instant.ofEpochMilli(window.windowEndMillis()))
                .setRevision(window.revision());
    }

    private static Double orNull(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
