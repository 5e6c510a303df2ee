package io.driftwatch.job.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.rule.NoDataRule;
import io.driftwatch.alerts.rule.Selector;
import io.driftwatch.alerts.rule.Severity;
import io.driftwatch.job.live.Live;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class NoDataOperatorTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private static final class Harness
            extends OneInputStreamOperatorTestHarness<StreamWindow, Alert> {
        Harness(boolean byWallClock, OperatorSubtaskState state, long now) throws Exception {
            this(byWallClock, state, now, Severity.CRITICAL);
        }

        Harness(boolean byWallClock, OperatorSubtaskState state, long now, Severity severity)
                throws Exception {
            super(
                    new NoDataOperator(
                            "flights",
                            List.of("inference", "labels"),
                            rules(
                                    new NoDataRule(
                                            "NoData",
                                            Duration.ofHours(2),
                                            severity,
                                            Selector.ALL,
                                            Map.of(),
                                            Map.of())),
                            byWallClock));
            getProcessingTimeService().setCurrentTime(now);
            if (state != null) {
                initializeState(state);
            }
            open();
        }

        private static Live<List<NoDataRule>> rules(NoDataRule... rules) {
            return Live.of(null, (applied, context) -> List.of(rules));
        }

        void hear(String stream, long windowEnd) throws Exception {
            processElement(new StreamWindow(stream, windowEnd), 0);
        }

        /** What came out since the last call, such as {@code labels firing at ...}. */
        List<String> alerts() {
            List<String> shown =
                    extractOutputValues().stream()
                            .map(
                                    alert ->
                                            alert.getLabels().get("stream")
                                                    + " "
                                                    + alert.getState()
                                                    + " at "
                                                    + alert.getScore().getWindowEnd())
                            .toList();
            getOutput().clear();
            return shown;
        }
    }

    @Test
    void eachStreamIsWatchedForItselfByTheWallClock() throws Exception {
        try (Harness harness = new Harness(true, null, 0)) {
            for (long hour = 1; hour <= 5; hour++) {
                harness.setProcessingTime(hour * HOUR);
                harness.hear("inference", hour * HOUR);
            }
            assertThat(harness.alerts()).containsExactly("labels firing at 1970-01-01T02:00:00Z");
            harness.hear("labels", 3 * HOUR);
            assertThat(harness.alerts()).containsExactly("labels resolved at 1970-01-01T05:00:00Z");
            harness.setProcessingTime(20 * HOUR);
            assertThat(harness.alerts())
                    .containsExactlyInAnyOrder(
                            "inference firing at " + at(harness, 7),
                            "labels firing at " + at(harness, 7));
        }
    }

    /** Timers of the harness run at the time that it is set to. */
    private static String at(Harness harness, long hour) {
        return Instant.ofEpochMilli(Math.max(harness.getProcessingTime(), hour * HOUR)).toString();
    }

    @Test
    void afterARestartSilenceCountsFromTheStart() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness = new Harness(true, null, 0)) {
            harness.setProcessingTime(HOUR);
            harness.hear("inference", HOUR);
            harness.setProcessingTime(2 * HOUR);
            assertThat(harness.alerts()).containsExactly("labels firing at 1970-01-01T02:00:00Z");
            state = harness.snapshot(1, 0);
        }
        try (Harness harness = new Harness(true, state, 10 * HOUR)) {
            harness.setProcessingTime(12 * HOUR - 1);
            assertThat(harness.alerts()).isEmpty();
            harness.setProcessingTime(12 * HOUR);
            assertThat(harness.alerts())
                    .as("labels fire already")
                    .containsExactly("inference firing at 1970-01-01T12:00:00Z");
            harness.hear("labels", 11 * HOUR);
            assertThat(harness.alerts()).containsExactly("labels resolved at 1970-01-01T12:00:00Z");
        }
    }

    @Test
    void inAReplayGapsOfTheDataCountAndNotHowLongItTakes() throws Exception {
        try (Harness harness = new Harness(false, null, 0)) {
            harness.hear("inference", HOUR);
            harness.setProcessingTime(1000 * HOUR);
            harness.hear("inference", 2 * HOUR);
            harness.hear("inference", 4 * HOUR);
            assertThat(harness.alerts()).as("two hours are not more than two").isEmpty();
            harness.hear("inference", 9 * HOUR);
            assertThat(harness.alerts())
                    .containsExactly(
                            "inference firing at 1970-01-01T06:00:00Z",
                            "inference resolved at 1970-01-01T09:00:00Z");
            harness.hear("inference", 3 * HOUR);
            assertThat(harness.alerts()).as("a late revision").isEmpty();
        }
    }

    @Test
    void anAlertOfARuleThatIsCalledOtherwiseAfterARestartEndsAndBeginsAnew() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness = new Harness(true, null, 0)) {
            harness.setProcessingTime(2 * HOUR);
            assertThat(harness.alerts()).hasSize(2);
            state = harness.snapshot(1, 0);
        }
        try (Harness harness = new Harness(true, state, 3 * HOUR, Severity.WARNING)) {
            assertThat(harness.extractOutputValues())
                    .hasSize(2)
                    .allSatisfy(
                            alert -> {
                                assertThat(alert.getState()).isEqualTo(AlertState.resolved);
                                assertThat(alert.getLabels()).containsEntry("severity", "critical");
                                assertThat(alert.getSequence()).isEqualTo(2);
                            });
            harness.alerts();
            harness.setProcessingTime(5 * HOUR);
            assertThat(harness.extractOutputValues())
                    .hasSize(2)
                    .allSatisfy(
                            alert -> {
                                assertThat(alert.getState()).isEqualTo(AlertState.firing);
                                assertThat(alert.getLabels()).containsEntry("severity", "warning");
                                assertThat(alert.getSequence()).isEqualTo(3);
                            });
        }
    }
}
