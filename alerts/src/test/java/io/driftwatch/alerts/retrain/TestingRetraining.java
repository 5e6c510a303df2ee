package io.driftwatch.alerts.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.ManualClock;
import io.driftwatch.alerts.TestingAlerts;
import io.driftwatch.alerts.config.Durations;
import io.driftwatch.alerts.rule.Fingerprint;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.RetrainRequest;
import io.driftwatch.schemas.Score;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The retraining of one model, and a clock that only moves from event to event. */
final class TestingRetraining {
    /** A Saturday, at midnight. */
    static final Instant START = Instant.parse("2001-06-16T00:00:00Z");

    private final ManualClock clock = new ManualClock(START);
    private final List<RetrainChange> changes = new ArrayList<>();
    private final List<RetrainRequest> submissions = new ArrayList<>();
    private Retraining retraining;
    private RetrainingState state;
    private long next = Retraining.NEVER;
    private String refusal;

    TestingRetraining(RetrainPolicy policy) {
        retraining = new Retraining(policy);
    }

    /** A policy that submits at once, whatever asks. */
    static RetrainPolicyBuilder eager() {
        return RetrainPolicy.builder().enabled(true).dryRun(false);
    }

    static Alert asking(String feature, long episode, long sequence) {
        return asking(feature, "default", AlertState.firing, episode, sequence);
    }

    static Alert over(String feature, long episode, long sequence) {
        return asking(feature, "default", AlertState.resolved, episode, sequence);
    }

    static Alert asking(
            String feature, String version, AlertState alertState, long episode, long sequence) {
        Alert alert = TestingAlerts.alert(feature, "warning", alertState, episode, sequence, 0.31);
        Map<String, String> labels = new TreeMap<>(alert.getLabels());
        labels.put("model_version", version);
        return Alert.newBuilder(alert)
                .setLabels(labels)
                .setFingerprint(Fingerprint.of(labels))
                .setScore(Score.newBuilder(alert.getScore()).setModelVersion(version).build())
                .setRetrain(true)
                .build();
    }

    static String id(Alert alert) {
        return alert.getFingerprint() + "-" + alert.getEpisode();
    }

    TestingRetraining with(RetrainPolicy policy) {
        retraining = new Retraining(policy);
        return this;
    }

    TestingRetraining alert(Alert alert) {
        return after(retraining.onAlert(state, alert, clock.millis()));
    }

    TestingRetraining approve(Alert alert) {
        return decide(new RetrainDecision(id(alert), true, "ada"));
    }

    TestingRetraining reject(Alert alert) {
        return decide(new RetrainDecision(id(alert), false, "ada"));
    }

    private TestingRetraining decide(RetrainDecision decision) {
        return after(retraining.onDecision(state, decision, clock.millis()));
    }

    TestingRetraining report(Alert alert, RunState runState) {
        return report(new RetrainReport(id(alert), runState, null, null, null));
    }

    TestingRetraining report(RetrainReport report) {
        return after(retraining.onReport(state, report, clock.millis()));
    }

    TestingRetraining version(String version) {
        return after(retraining.onVersion(state, version, clock.millis()));
    }

    /** Lets time pass, and looks whenever it was told to. */
    TestingRetraining pass(Duration time) {
        long end = clock.millis() + time.toMillis();
        while (next != Retraining.NEVER && next <= end) {
            clock.advance(Duration.ofMillis(next - clock.millis()));
            after(retraining.onTimer(state, clock.millis()));
        }
        clock.advance(Duration.ofMillis(end - clock.millis()));
        return this;
    }

    /** Lets time pass without a look, as in a job that stands still. */
    TestingRetraining sleep(Duration time) {
        clock.advance(time);
        return this;
    }

    private TestingRetraining after(Retraining.Step step) {
        state = step.state();
        changes.addAll(step.changes());
        submissions.addAll(step.submissions());
        next = step.nextMillis();
        refusal = step.refusal();
        if (next != Retraining.NEVER) {
            assertThat(next).as("no busy waiting").isGreaterThan(clock.millis());
        }
        return this;
    }

    /** What became of a request: when, status, and what held it back. */
    List<String> story(Alert alert) {
        return changes.stream()
                .filter(change -> change.requestId().equals(id(alert)))
                .map(TestingRetraining::line)
                .toList();
    }

    private static String line(RetrainChange change) {
        Duration since = Duration.ofMillis(change.atMillis() - START.toEpochMilli());
        String rail = change.guardRail() == null ? "" : " " + change.guardRail().label();
        return Durations.format(since) + " " + change.status().label() + rail;
    }

    /** Why the last change of a request came. */
    String reason(Alert alert) {
        return changes.stream()
                .filter(change -> change.requestId().equals(id(alert)))
                .reduce((first, second) -> second)
                .orElseThrow()
                .reason();
    }

    List<String> submitted() {
        return submissions.stream().map(RetrainRequest::getRequestId).toList();
    }

    List<RetrainChange> changes() {
        return changes;
    }

    RetrainingState state() {
        return state;
    }

    String refusal() {
        return refusal;
    }

    long nowMillis() {
        return clock.millis();
    }
}
