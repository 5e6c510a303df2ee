package io.driftwatch.job.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.deliver.DeliveryConfig;
import io.driftwatch.alerts.retrain.RetrainPolicy;
import io.driftwatch.alerts.retrain.RetrainPolicy.Approval;
import io.driftwatch.job.judge.TestingScores;
import io.driftwatch.job.live.TestingSettings;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Direction;
import io.driftwatch.schemas.RetrainCommand;
import io.driftwatch.schemas.RetrainCommandKind;
import io.driftwatch.schemas.RetrainRequest;
import io.driftwatch.schemas.RetrainStatusChange;
import io.driftwatch.schemas.Score;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** The guard rails in the state of a job; what they decide is tested without it. */
class RetrainFunctionTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final RetrainPolicy ASKS =
            RetrainPolicy.builder()
                    .enabled(true)
                    .dryRun(false)
                    .minDuration(Duration.ofHours(1))
                    .approval(Approval.MANUAL)
                    .build();

    private static final class Harness
            extends KeyedOneInputStreamOperatorTestHarness<String, RetrainEvent, RetrainRequest> {
        Harness(RetrainPolicy policy, OperatorSubtaskState state) throws Exception {
            super(
                    new KeyedProcessOperator<>(
                            new RetrainFunction(
                                    TestingSettings.retraining(
                                            policy, List.of(), DeliveryConfig.standard()))),
                    RetrainEvent::model,
                    Types.STRING);
            if (state != null) {
                initializeState(state);
            }
            open();
        }

        void alert(AlertState state, long sequence) throws Exception {
            alert(state, "v1", sequence);
        }

        void alert(AlertState state, String version, long sequence) throws Exception {
            Score score =
                    Score.newBuilder(TestingScores.score("distance", 1, 0.5, 0))
                            .setModelVersion(version)
                            .build();
            Alert alert =
                    Alert.newBuilder()
                            .setFingerprint("distance-" + version)
                            .setEpisode(1)
                            .setSequence(sequence)
                            .setState(state)
                            .setLabels(
                                    Map.of(
                                            "alertname", "Drift",
                                            "severity", "critical",
                                            "feature", "distance"))
                            .setAnnotations(Map.of())
                            .setScore(score)
                            .setThreshold(0.2)
                            .setDirection(Direction.above)
                            .setStartsAt(Instant.EPOCH)
                            .setRetrain(true)
                            .setReason("a test")
                            .build();
            processElement(RetrainEvent.of(alert), 0);
        }

        void say(RetrainCommandKind kind) throws Exception {
            RetrainCommand command =
                    RetrainCommand.newBuilder()
                            .setRequestId("distance-v1-1")
                            .setModel("flights")
                            .setKind(kind)
                            .setBy("ada")
                            .setAt(Instant.EPOCH)
                            .build();
            processElement(RetrainEvent.of(command), 0);
        }

        List<String> requests() {
            List<String> ids =
                    extractOutputValues().stream().map(RetrainRequest::getRequestId).toList();
            getOutput().clear();
            return ids;
        }

        List<String> statuses() {
            var changes = getSideOutput(RetrainFunction.CHANGES);
            if (changes == null) {
                return List.of();
            }
            List<String> statuses =
                    changes.stream()
                            .map(record -> record.getValue())
                            .map(RetrainStatusChange::getStatus)
                            .toList();
            changes.clear();
            return statuses;
        }
    }

    @Test
    void asksAPersonWhenTheAlertHasFiredLongEnoughAndSubmitsWhatIsApproved() throws Exception {
        try (Harness harness = new Harness(ASKS, null)) {
            harness.setProcessingTime(0);
            harness.alert(AlertState.firing, 1);
            assertThat(harness.statuses()).containsExactly("waiting");
            harness.setProcessingTime(HOUR - 1);
            assertThat(harness.statuses()).isEmpty();
            harness.setProcessingTime(HOUR);
            assertThat(harness.statuses()).containsExactly("awaiting_approval");
            assertThat(harness.requests()).isEmpty();

            harness.say(RetrainCommandKind.approve);
            assertThat(harness.requests()).containsExactly("distance-v1-1");
            assertThat(harness.statuses()).containsExactly("submitted");
            harness.say(RetrainCommandKind.running);
            harness.say(RetrainCommandKind.succeeded);
            assertThat(harness.statuses()).containsExactly("running", "succeeded");
        }
    }

    @Test
    void waitsOnAfterARestartAndIsNotAskedTwice() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness = new Harness(ASKS, null)) {
            harness.setProcessingTime(0);
            harness.alert(AlertState.firing, 1);
            harness.setProcessingTime(HOUR / 2);
            state = harness.snapshot(1, 0);
        }
        try (Harness harness = new Harness(ASKS, state)) {
            harness.setProcessingTime(HOUR / 2);
            harness.alert(AlertState.firing, 1);
            assertThat(harness.statuses()).isEmpty();
            harness.setProcessingTime(HOUR);
            assertThat(harness.statuses()).containsExactly("awaiting_approval");
            harness.say(RetrainCommandKind.approve);
            harness.say(RetrainCommandKind.approve);
            assertThat(harness.requests()).containsExactly("distance-v1-1");
        }
    }

    @Test
    void anAlertThatEndsBeforeItsTimeAsksForNothing() throws Exception {
        try (Harness harness = new Harness(ASKS, null)) {
            harness.setProcessingTime(0);
            harness.alert(AlertState.firing, 1);
            harness.alert(AlertState.resolved, 2);
            harness.setProcessingTime(2 * HOUR);
            assertThat(harness.statuses()).containsExactly("waiting", "withdrawn");
            assertThat(harness.requests()).isEmpty();
        }
    }

    @Test
    void aNewVersionInTheScoresClosesTheLoop() throws Exception {
        RetrainPolicy policy = RetrainPolicy.builder().enabled(true).dryRun(false).build();
        try (Harness harness = new Harness(policy, null)) {
            harness.setProcessingTime(1);
            harness.processElement(RetrainEvent.seen("flights", "v1"), 0);
            harness.alert(AlertState.firing, 1);
            assertThat(harness.requests()).containsExactly("distance-v1-1");
            harness.say(RetrainCommandKind.succeeded);
            harness.setProcessingTime(HOUR);
            harness.processElement(RetrainEvent.seen("flights", "v2"), 0);
            harness.processElement(RetrainEvent.seen("flights", "v1"), 0);
            assertThat(harness.statuses())
                    .as("the report, and that the new version is being judged")
                    .containsExactly("submitted", "succeeded", "succeeded");
            harness.setProcessingTime(26 * HOUR);
            assertThat(harness.statuses()).containsExactly("helped");
        }
    }

    @Test
    void aNewVersionThatDriftsAsWellDidNotHelp() throws Exception {
        RetrainPolicy policy = RetrainPolicy.builder().enabled(true).dryRun(false).build();
        try (Harness harness = new Harness(policy, null)) {
            harness.setProcessingTime(1);
            harness.alert(AlertState.firing, 1);
            harness.say(RetrainCommandKind.succeeded);
            harness.processElement(RetrainEvent.seen("flights", "v2"), 0);
            harness.statuses();
            harness.alert(AlertState.firing, "v2", 1);
            assertThat(harness.statuses()).contains("did_not_help");
        }
    }

    @Test
    void byDefaultNothingIsSubmitted() throws Exception {
        try (Harness harness = new Harness(RetrainPolicy.builder().enabled(true).build(), null)) {
            harness.setProcessingTime(1);
            harness.alert(AlertState.firing, 1);
            assertThat(harness.statuses()).containsExactly("dry_run");
            assertThat(harness.requests()).isEmpty();
        }
    }
}
