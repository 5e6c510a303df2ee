package io.driftwatch.alerts.rule;

import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Direction;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A rule that is breached when a stream is silent: when no window with data has come for some time.
 * Drift cannot be seen without data, and a monitor that sees nothing must not look like one that
 * sees no drift. Pure: time is an argument, and what is remembered goes in and comes out.
 *
 * @param alert name of the alert, unique among all rules
 * @param after how long a stream may be silent; longer than its windows are apart
 * @param severity how much it matters
 * @param models selects by model
 * @param labels further labels of the alert; copied
 * @param annotations text for people, which replaces our own of the same name; copied
 */
public record NoDataRule(
        String alert,
        Duration after,
        Severity severity,
        Selector models,
        Map<String, String> labels,
        Map<String, String> annotations)
        implements Serializable {
    private static final String STATISTIC = "no_data";
    private static final String WHOLE = "*";
    private static final String EVERY_VERSION = "*";

    public NoDataRule {
        Objects.requireNonNull(alert, "alert");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(models, "models");
        if (after.isNegative() || after.isZero()) {
            throw new IllegalArgumentException("NoDataRule: after is not positive");
        }
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    }

    /** Says whether an alert is of such a rule, and so about no value. */
    public static boolean isOf(Alert alert) {
        return alert.getScore().getStatistic().equals(STATISTIC);
    }

    /** Begins to watch a stream, as if it had just been heard of. */
    public NoDataState begin(String model, String stream, long nowMillis) {
        return new NoDataState(model, stream, alert, nowMillis, NoDataState.NONE, false, 0, 0, 0);
    }

    /** Goes on watching after the program itself was away, which is nobody's silence. */
    public static NoDataState resume(NoDataState state, long nowMillis) {
        return heard(state, Math.max(nowMillis, state.heardMillis()), state.windowEndMillis());
    }

    /** When to look, if nothing is heard before. */
    public long dueMillis(NoDataState state) {
        return state.heardMillis() + after.toMillis();
    }

    /**
     * Looks whether the stream has been silent for too long.
     *
     * @param nowMillis the present
     */
    public Step look(NoDataState state, long nowMillis) {
        if (state.isFiring() || nowMillis < dueMillis(state)) {
            return new Step(state, null);
        }
        long since =
                state.windowEndMillis() == NoDataState.NONE
                        ? state.heardMillis()
                        : state.windowEndMillis();
        NoDataState after =
                new NoDataState(
                        state.model(),
                        state.stream(),
                        state.alert(),
                        state.heardMillis(),
                        state.windowEndMillis(),
                        true,
                        state.episode() + 1,
                        state.sequence() + 1,
                        since);
        return new Step(after, alert(after, nowMillis));
    }

    /**
     * Hears of a window with data.
     *
     * @param windowEndMillis its end
     * @param nowMillis the present
     */
    public Step hear(NoDataState state, long windowEndMillis, long nowMillis) {
        long last = Math.max(windowEndMillis, state.windowEndMillis());
        if (!state.isFiring()) {
            return new Step(heard(state, nowMillis, last), null);
        }
        NoDataState after =
                new NoDataState(
                        state.model(),
                        state.stream(),
                        state.alert(),
                        nowMillis,
                        last,
                        false,
                        state.episode(),
                        state.sequence() + 1,
                        state.startsAtMillis());
        return new Step(after, alert(after, nowMillis));
    }

    /** Returns a state after its alert was ended from outside; episodes and sequence go on. */
    public static NoDataState ended(NoDataState state) {
        return new NoDataState(
                state.model(),
                state.stream(),
                state.alert(),
                state.heardMillis(),
                state.windowEndMillis(),
                false,
                state.episode(),
                state.sequence() + 1,
                state.startsAtMillis());
    }

    private static NoDataState heard(NoDataState state, long nowMillis, long windowEndMillis) {
        return new NoDataState(
                state.model(),
                state.stream(),
                state.alert(),
                nowMillis,
                windowEndMillis,
                state.isFiring(),
                state.episode(),
                state.sequence(),
                state.startsAtMillis());
    }

    /** Returns what the alert about a stream is called for ever. */
    public String fingerprint(String model, String stream) {
        return Fingerprint.of(allLabels(model, stream));
    }

    private Map<String, String> allLabels(String model, String stream) {
        Map<String, String> all = new TreeMap<>(labels);
        all.put("alertname", alert);
        all.put("severity", severity.label());
        all.put("model", model);
        all.put("model_version", EVERY_VERSION);
        all.put("feature", WHOLE);
        all.put("statistic", STATISTIC);
        all.put("stream", stream);
        return all;
    }

    private Alert alert(NoDataState state, long nowMillis) {
        Map<String, String> all = allLabels(state.model(), state.stream());
        Instant now = Instant.ofEpochMilli(nowMillis);
        Instant since = Instant.ofEpochMilli(state.startsAtMillis());
        return Alert.newBuilder()
                .setFingerprint(Fingerprint.of(all))
                .setEpisode(state.episode())
                .setSequence(state.sequence())
                .setState(state.isFiring() ? AlertState.firing : AlertState.resolved)
                .setLabels(new LinkedHashMap<>(all))
                .setAnnotations(annotations(state, since))
                .setScore(score(state, since, now))
                .setThreshold((double) after.toMillis())
                .setDirection(Direction.above)
                .setStartsAt(since)
                .setEndsAt(state.isFiring() ? null : now)
                .setReason(state.isFiring() ? "the stream is silent" : "the stream is heard again")
                .build();
    }

    private Map<String, String> annotations(NoDataState state, Instant since) {
        String subject = "the " + state.stream() + " of " + state.model();
        Map<String, String> all = new TreeMap<>();
        all.put(
                "summary",
                state.isFiring()
                        ? subject
                                + " are silent: no window with data since "
                                + Figures.instant(since)
                                + "; drift cannot be seen meanwhile"
                        : subject
                                + " are heard again, after silence since "
                                + Figures.instant(since));
        all.putAll(annotations);
        return new LinkedHashMap<>(all);
    }

    private static Score score(NoDataState state, Instant since, Instant now) {
        return Score.newBuilder()
                .setModel(state.model())
                .setModelVersion(EVERY_VERSION)
                .setSegment(Map.of())
                .setFeature(WHOLE)
                .setStatistic(STATISTIC)
                .setValue(null)
                .setCount(0)
                .setReferenceCount(0)
                .setWindowStart(since)
                .setWindowEnd(now)
                .setStatus(ScoreStatus.insufficient_data)
                .setReason("no data")
                .setRevision(0)
                .build();
    }

    /**
     * What follows from an event.
     *
     * @param state what to remember
     * @param transition the change to emit; null if nothing changed
     */
    public record Step(NoDataState state, Alert transition) {}
}
