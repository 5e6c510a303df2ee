package io.driftwatch.job.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.route.Grouper;
import io.driftwatch.alerts.route.Route;
import io.driftwatch.job.judge.TestingScores;
import io.driftwatch.job.route.RouteFunction.TimeDomain;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Direction;
import io.driftwatch.schemas.Notification;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RouteFunctionTest {
    private static final Route ROUTE =
            new Route(
                    "team",
                    List.of("model"),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(5),
                    Duration.ofHours(4));

    private static final class Harness
            extends KeyedOneInputStreamOperatorTestHarness<String, Alert, Notification> {
        Harness(TimeDomain time) throws Exception {
            super(
                    new KeyedProcessOperator<>(new RouteFunction(ROUTE, time)),
                    alert -> new Grouper(ROUTE).groupKey(alert),
                    Types.STRING);
        }

        static Harness open(TimeDomain time, OperatorSubtaskState state) throws Exception {
            Harness harness = new Harness(time);
            if (state != null) {
                harness.initializeState(state);
            }
            harness.open();
            return harness;
        }

        void alert(String feature, AlertState state, int window, long sequence) throws Exception {
            alert(feature, state, window, 1, sequence);
        }

        void alert(String feature, AlertState state, int window, long episode, long sequence)
                throws Exception {
            Map<String, String> labels = Map.of("model", "flights", "feature", feature);
            Alert alert =
                    Alert.newBuilder()
                            .setFingerprint(feature)
                            .setEpisode(episode)
                            .setSequence(sequence)
                            .setState(state)
                            .setLabels(labels)
                            .setAnnotations(Map.of())
                            .setScore(TestingScores.score(feature, window, 0.5, 0))
                            .setThreshold(0.2)
                            .setDirection(Direction.above)
                            .setStartsAt(TestingScores.end(0))
                            .setReason("a test")
                            .build();
            processElement(alert, TestingScores.end(window).toEpochMilli() - 1);
        }

        void watermark(Instant time) throws Exception {
            processWatermark(time.toEpochMilli());
        }

        /** What came out since the last call, such as {@code firing [distance] at ...}. */
        List<String> notifications() {
            List<String> shown =
                    extractOutputValues().stream()
                            .map(
                                    n ->
                                            n.getStatus()
                                                    + " "
                                                    + n.getAlerts().stream()
                                                            .map(Alert::getFingerprint)
                                                            .toList()
                                                    + " at "
                                                    + n.getCreatedAt())
                            .toList();
            getOutput().clear();
            return shown;
        }
    }

    @Test
    void gathersByTheWallClock() throws Exception {
        try (Harness harness = Harness.open(TimeDomain.WALL_CLOCK, null)) {
            harness.setProcessingTime(1000);
            harness.alert("distance", AlertState.firing, 0, 1);
            harness.setProcessingTime(20_000);
            harness.alert("origin", AlertState.firing, 0, 1);
            harness.setProcessingTime(30_999);
            assertThat(harness.notifications()).isEmpty();
            harness.setProcessingTime(31_000);
            assertThat(harness.notifications())
                    .containsExactly("firing [distance, origin] at 1970-01-01T00:00:31Z");
            harness.alert("distance", AlertState.resolved, 1, 2);
            harness.alert("origin", AlertState.resolved, 1, 2);
            harness.setProcessingTime(331_000);
            assertThat(harness.notifications())
                    .containsExactly("resolved [distance, origin] at 1970-01-01T00:05:31Z");
            assertThat(harness.numKeyedStateEntries()).isZero();
            assertThat(harness.numProcessingTimeTimers()).isZero();
        }
    }

    @Test
    void repeatsByTheWallClock() throws Exception {
        try (Harness harness = Harness.open(TimeDomain.WALL_CLOCK, null)) {
            harness.setProcessingTime(0);
            harness.alert("distance", AlertState.firing, 0, 1);
            for (long minute = 1; minute <= 500; minute++) {
                harness.setProcessingTime(minute * 60_000);
            }
            assertThat(harness.notifications())
                    .containsExactly(
                            "firing [distance] at 1970-01-01T00:00:30Z",
                            "firing [distance] at 1970-01-01T04:00:30Z",
                            "firing [distance] at 1970-01-01T08:00:30Z");
        }
    }

    @Test
    void goesOnAfterARestart() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness = Harness.open(TimeDomain.WALL_CLOCK, null)) {
            harness.setProcessingTime(1000);
            harness.alert("distance", AlertState.firing, 0, 1);
            state = harness.snapshot(1, 1);
        }
        try (Harness harness = Harness.open(TimeDomain.WALL_CLOCK, state)) {
            harness.alert("distance", AlertState.firing, 0, 1); // the same change again
            harness.setProcessingTime(50_000);
            assertThat(harness.notifications())
                    .containsExactly("firing [distance] at 1970-01-01T00:00:31Z");
        }
    }

    @Test
    void gathersByTheTimeOfTheData() throws Exception {
        try (Harness harness = Harness.open(TimeDomain.EVENT_TIME, null)) {
            harness.alert("distance", AlertState.firing, 0, 1);
            harness.watermark(TestingScores.end(0).plusSeconds(29));
            assertThat(harness.notifications()).isEmpty();
            harness.watermark(TestingScores.end(0).plusSeconds(30));
            assertThat(harness.notifications())
                    .containsExactly("firing [distance] at 2001-06-15T01:00:30Z");
            harness.watermark(TestingScores.end(5));
            assertThat(harness.notifications())
                    .containsExactly("firing [distance] at 2001-06-15T05:00:30Z");
            harness.alert("distance", AlertState.resolved, 5, 2);
            harness.watermark(TestingScores.end(6));
            assertThat(harness.notifications())
                    .containsExactly("resolved [distance] at 2001-06-15T06:00:30Z");
            assertThat(harness.numKeyedStateEntries()).isZero();
            assertThat(harness.numEventTimeTimers()).isZero();
        }
    }

    @Test
    void tellsWhatWouldHaveBeenToldAlthoughNoWatermarkCameBetween() throws Exception {
        try (Harness harness = Harness.open(TimeDomain.EVENT_TIME, null)) {
            harness.alert("distance", AlertState.firing, 0, 1);
            harness.alert("distance", AlertState.resolved, 3, 2);
            harness.alert("distance", AlertState.firing, 8, 2, 3);
            harness.processWatermark(Long.MAX_VALUE);

            assertThat(harness.notifications())
                    .containsExactly(
                            "firing [distance] at 2001-06-15T01:00:30Z",
                            "resolved [distance] at 2001-06-15T04:00:30Z",
                            "firing [distance] at 2001-06-15T09:00:30Z");
        }
    }

    @Test
    void endsWithTheDataAlthoughAnAlertStillFires() throws Exception {
        try (Harness harness = Harness.open(TimeDomain.EVENT_TIME, null)) {
            harness.alert("distance", AlertState.firing, 0, 1);
            harness.processWatermark(Long.MAX_VALUE);

            assertThat(harness.notifications())
                    .containsExactly("firing [distance] at 2001-06-15T01:00:30Z");
            assertThat(harness.numEventTimeTimers()).isZero();
        }
    }

    @Test
    void saysNothingOfAlertsThatOnlyPend() throws Exception {
        try (Harness harness = Harness.open(TimeDomain.EVENT_TIME, null)) {
            harness.alert("distance", AlertState.pending, 0, 1);
            harness.alert("distance", AlertState.resolved, 1, 2);
            harness.processWatermark(Long.MAX_VALUE);

            assertThat(harness.notifications()).isEmpty();
            assertThat(harness.numKeyedStateEntries()).isZero();
        }
    }
}
