package io.driftwatch.standalone;

import io.driftwatch.job.config.TopicsConfig;
import io.driftwatch.job.it.TopicReader;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;

/** What the jobs have written, and in which respects it is not what it must be. */
final class Results implements AutoCloseable {
    private static final Set<String> FROM_SUMS = Set.of("mean");
    private static final double CLOSE = 1e-9;

    /** The place of a letter that holds no record but a notification. */
    static final String NOT_FROM_A_TOPIC = "-1@-1";

    private final List<String> features;
    private final Set<String> sometimes;
    private final TopicReader<Score> scores;
    private final TopicReader<Alert> alerts;
    private final TopicReader<DeadLetter> deadLetters;
    private final TopicReader<DeadLetter> late;
    private final TopicReader<Delivery> deliveries;

    /**
     * @param features those that are watched, each of which has a score in every window
     */
    Results(String servers, TopicsConfig topics, List<String> features) {
        this(servers, topics, features, Set.of());
    }

    /**
     * @param sometimes those that are watched for a part of the time: what is scored of them must
     *     be whole windows
     */
    Results(String servers, TopicsConfig topics, List<String> features, Set<String> sometimes) {
        this.features = features;
        this.sometimes = sometimes;
        scores = new TopicReader<>(servers, topics.scores(), Score.class);
        alerts = new TopicReader<>(servers, topics.alerts(), Alert.class);
        deadLetters = new TopicReader<>(servers, topics.deadLetters(), DeadLetter.class);
        late = new TopicReader<>(servers, topics.late(), DeadLetter.class);
        deliveries = new TopicReader<>(servers, topics.deliveries(), Delivery.class);
    }

    List<Score> scores() {
        return scores.all();
    }

    List<Alert> alerts() {
        return alerts.all();
    }

    List<Delivery> deliveries() {
        return deliveries.all();
    }

    /**
     * Waits until every window up to the given one has been scored, and gives the differences from
     * an independent count; none if all is well.
     *
     * @param counted rows by segment and window
     */
    Map<String, String> differences(Map<String, Map<Instant, Long>> counted, Instant last)
            throws TimeoutException {
        Map<String, Long> wanted = new TreeMap<>();
        counted.forEach(
                (segment, windows) ->
                        windows.forEach(
                                (window, rows) -> {
                                    if (!window.isAfter(last)) {
                                        for (String feature : features) {
                                            wanted.put(series(segment, feature, window), rows);
                                        }
                                    }
                                }));
        Set<String> missing = new TreeSet<>(wanted.keySet());
        int[] seen = {0};
        try {
            scores.until(
                    all -> {
                        all.subList(seen[0], all.size())
                                .forEach(score -> missing.remove(series(score)));
                        seen[0] = all.size();
                        return missing.isEmpty();
                    });
        } catch (TimeoutException e) {
            // What is missing is said below, and better.
        }
        Map<String, String> differences = new TreeMap<>();
        missing.forEach(
                series ->
                        differences.put(
                                series,
                                "was never scored; it has " + wanted.get(series) + " rows"));
        for (Score score : scores.all()) {
            Long rows = wanted.get(series(score));
            if (sometimes.contains(score.getFeature())) {
                if (score.getStatus() == ScoreStatus.not_evaluable) {
                    continue;
                }
                rows = wanted.get(series(score, features.get(0)));
            }
            boolean inRange = !score.getWindowStart().isAfter(last);
            if (inRange && (rows == null || score.getCount() != rows)) {
                differences.put(
                        series(score),
                        "has " + rows + " rows in the topic, and " + score.getCount() + " counted");
            } else if (score.getRevision() != 0) {
                differences.put(series(score), "was revised, though nothing late was to count");
            }
        }
        differences.putAll(contradictions());
        return differences;
    }

    private static String series(Score score) {
        return series(score, score.getFeature());
    }

    /** The same sample's series of another feature. */
    private static String series(Score score, String feature) {
        return series(String.valueOf(score.getSegment()), feature, score.getWindowStart());
    }

    private static String series(String segment, String feature, Instant window) {
        return window + " " + segment + " " + feature;
    }

    /** Sinks write at least once: what stands there twice must be the same. */
    private Map<String, String> contradictions() {
        Map<String, String> found = new TreeMap<>();
        Map<String, Score> first = new TreeMap<>();
        for (Score score : scores.all()) {
            Score before = first.putIfAbsent(key(score), score);
            if (before != null && !same(before, score)) {
                found.put(key(score), "is both " + before + " and " + score);
            }
        }
        Map<String, Alert> alertsBefore = new TreeMap<>();
        for (Alert alert : alerts.all()) {
            Alert before = alertsBefore.putIfAbsent(key(alert), alert);
            if (before != null && !before.equals(alert)) {
                found.put(key(alert), "is both " + before + " and " + alert);
            }
        }
        return found;
    }

    /**
     * Whether both say the same. What is worked out from counts is equal to the last digit; what is
     * worked out from sums of values depends in its last digits on the order of addition.
     */
    static boolean same(Score one, Score other) {
        if (!FROM_SUMS.contains(one.getStatistic())) {
            return one.equals(other);
        }
        return bare(one).equals(bare(other))
                && close(one.getValue(), other.getValue())
                && close(one.getPValue(), other.getPValue())
                && close(one.getCriticalValue(), other.getCriticalValue())
                && close(one.getMinimumDetectable(), other.getMinimumDetectable())
                && close(one.getExcess(), other.getExcess());
    }

    private static Score bare(Score score) {
        return Score.newBuilder(score)
                .setValue(null)
                .setLower(null)
                .setUpper(null)
                .setPValue(null)
                .setCriticalValue(null)
                .setMinimumDetectable(null)
                .setExcess(null)
                .build();
    }

    private static boolean close(Double one, Double other) {
        if (one == null || other == null) {
            return Objects.equals(one, other);
        }
        return Math.abs(one - other) <= CLOSE * Math.max(Math.abs(one), Math.abs(other));
    }

    /** What makes a change of an alert the same change. */
    static String key(Alert alert) {
        return alert.getFingerprint()
                + " episode "
                + alert.getEpisode()
                + " sequence "
                + alert.getSequence();
    }

    /** How many scores there are when what is repeated counts once. */
    long distinctScores() {
        return scores.all().stream().map(Results::key).distinct().count();
    }

    /** The same of changes of alerts. */
    long distinctAlerts() {
        return alerts.all().stream().map(Results::key).distinct().count();
    }

    private static String key(Score score) {
        return series(score) + " " + score.getStatistic() + " " + score.getRevision();
    }

    /** Scores by what names them, up to a window. */
    static Map<String, Score> scoresUntil(List<Score> all, Instant last) {
        Map<String, Score> found = new TreeMap<>();
        for (Score score : all) {
            if (!score.getWindowStart().isAfter(last)) {
                found.put(series(score) + " " + score.getStatistic(), score);
            }
        }
        return found;
    }

    /** Changes of alerts by what names them, of windows up to the given one. */
    static Map<String, Alert> alertsUntil(List<Alert> all, Instant last) {
        Map<String, Alert> found = new TreeMap<>();
        for (Alert alert : all) {
            if (!alert.getScore().getWindowStart().isAfter(last)) {
                found.put(key(alert), alert);
            }
        }
        return found;
    }

    /** The places of letters once each of the wanted ones has come, as partition@offset. */
    Set<String> lateUntil(Set<String> wanted) throws TimeoutException {
        return placesUntil(late, wanted);
    }

    Set<String> deadUntil(Set<String> wanted) throws TimeoutException {
        return placesUntil(deadLetters, wanted);
    }

    private static Set<String> placesUntil(TopicReader<DeadLetter> letters, Set<String> wanted)
            throws TimeoutException {
        return places(letters.until(all -> places(all).containsAll(wanted)));
    }

    private static Set<String> places(List<DeadLetter> letters) {
        Set<String> places = new TreeSet<>();
        letters.forEach(each -> places.add(each.getPartition() + "@" + each.getOffset()));
        return places;
    }

    @Override
    public void close() {
        scores.close();
        alerts.close();
        deadLetters.close();
        late.close();
        deliveries.close();
    }
}
