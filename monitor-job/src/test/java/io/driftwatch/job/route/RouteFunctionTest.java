package io.driftwatch.job.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.route.InhibitRule;
import io.driftwatch.alerts.route.Inhibitors;
import io.driftwatch.alerts.route.Matcher;
import io.driftwatch.alerts.route.Route;
import io.driftwatch.alerts.route.RouteTree;
import io.driftwatch.alerts.route.TimeInterval;
import io.driftwatch.alerts.route.TimeIntervals;
import io.driftwatch.job.judge.TestingScores;
import io.driftwatch.job.live.TestingSettings;
import io.driftwatch.job.route.RouteFunction.TimeDomain;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Direction;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.Silence;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;
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

    private static final RouteTree TREE = RouteTree.of(ROUTE);

    private static final class Harness
            extends KeyedBroadcastOperatorTestHarness<String, Routed, Muting, Notification> {
        private final RouteTree routes;
        private final Inhibitors inhibitors;

        Harness(RouteTree routes, List<InhibitRule> inhibitRules, TimeDomain time)
                throws Exception {
            super(
                    new CoBroadcastWithKeyedOperator<>(
                            new RouteFunction(TestingSettings.routing(routes, inhibitRules), time),
                            List.of(RouteFunction.INHIBITORS, RouteFunction.SILENCES)),
                    Routed::group,
                    Types.STRING,
                    /* maxParallelism= */ 1,
                    /* numSubtasks= */ 1,
                    /* subtaskIndex= */ 0);
            this.routes = routes;
            this.inhibitors = new Inhibitors(inhibitRules);
        }

        static Harness open(TimeDomain time, OperatorSubtaskState state) throws Exception {
            return open(TREE, List.of(), time, state);
        }

        static Harness open(
                RouteTree routes,
                List<InhibitRule> inhibitRules,
                TimeDomain time,
                OperatorSubtaskState state)
                throws Exception {
            Harness harness = new Harness(routes, inhibitRules, time);
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
            long timestamp = TestingScores.end(window).toEpochMilli() - 1;
            if (inhibitors.isSource(alert)) {
                processBroadcastElement(Muting.by(alert), timestamp);
            }
            List<Routed> routed = new ArrayList<>();
            new RoutesFunction(TestingSettings.routing(routes, List.of()))
                    .flatMap(alert, new ListCollector<>(routed));
            for (Routed each : routed) {
                processElement(each, timestamp);
            }
        }

        int numKeyedStateEntries() {
            return ((HeapKeyedStateBackend<?>)
                            ((AbstractStreamOperator<?>) getTwoInputOperator())
                                    .<String>getKeyedStateBackend())
                    .numKeyValueStateEntries();
        }

        void watermark(Instant time) throws Exception {
            super.watermark(time.toEpochMilli());
        }

        /** What came out since the last call, such as {@code firing [distance] at ...}. */
        List<String> notifications() {
            List<String> shown =
                    extractOutputValues().stream()
                            .map(
                                    n ->
                                            (n.getReceiver().equals("team")
                                                            ? ""
                                                            : n.getReceiver() + ": ")
                                                    + n.getStatus()
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

    private static Silence silence(long untilMillis) {
        return Silence.newBuilder()
                .setId("quiet")
                .setMatchers(List.of("feature=\"distance\""))
                .setStartsAt(Instant.EPOCH)
                .setEndsAt(Instant.ofEpochMilli(untilMillis))
                .setCreatedBy("me")
                .setComment("a test")
                .setUpdatedAt(Instant.EPOCH)
                .build();
    }

    @Test
    void whatIsSilencedIsNotToldUntilTheSilenceEnds() throws Exception {
        try (Harness harness = Harness.open(TimeDomain.WALL_CLOCK, null)) {
            harness.setProcessingTime(0);
            harness.processBroadcastElement(Muting.by(silence(1_000_000)), 0);
            harness.alert("distance", AlertState.firing, 0, 1);
            harness.alert("origin", AlertState.firing, 0, 1);
            harness.setProcessingTime(900_000);
            assertThat(harness.notifications())
                    .containsExactly("firing [origin] at 1970-01-01T00:00:30Z");
            harness.setProcessingTime(1_300_000);
            assertThat(harness.notifications())
                    .containsExactly("firing [distance, origin] at 1970-01-01T00:20:30Z");
        }
    }

    @Test
    void aSilenceHoldsAtOnceAndAfterARestartAndIsLiftedByANewerOneOfItsId() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness = Harness.open(TimeDomain.WALL_CLOCK, null)) {
            harness.setProcessingTime(0);
            harness.alert("distance", AlertState.firing, 0, 1);
            harness.setProcessingTime(29_999);
            harness.processBroadcastElement(Muting.by(silence(Long.MAX_VALUE / 2)), 0);
            harness.setProcessingTime(40_000);
            assertThat(harness.notifications()).isEmpty();
            state = harness.snapshot(1, 1);
        }
        try (Harness harness = Harness.open(TimeDomain.WALL_CLOCK, state)) {
            harness.setProcessingTime(400_000);
            assertThat(harness.notifications()).isEmpty();
            harness.processBroadcastElement(Muting.by(silence(400_000)), 0);
            harness.setProcessingTime(1_000_000);
            assertThat(harness.notifications())
                    .containsExactly("firing [distance] at 1970-01-01T00:10:30Z");
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
            harness.watermark(Long.MAX_VALUE);

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
            harness.watermark(Long.MAX_VALUE);

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
            harness.watermark(Long.MAX_VALUE);

            assertThat(harness.notifications()).isEmpty();
            assertThat(harness.numKeyedStateEntries()).isZero();
        }
    }

    private static Route below(String id, String receiver, TimeIntervals... muted) {
        return new Route(
                "{}/" + id,
                id,
                receiver,
                List.of("model"),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                Duration.ofHours(4),
                List.of(muted),
                List.of());
    }

    private static RouteTree child(String matcher, boolean continues, Route route) {
        return new RouteTree(Matcher.parseAll(matcher), continues, route, List.of());
    }

    @Test
    void anAlertGoesToAGroupOfEachRouteThatTakesIt() throws Exception {
        RouteTree tree =
                new RouteTree(
                        List.of(),
                        false,
                        ROUTE,
                        List.of(
                                child("feature=distance", true, below("1", "log")),
                                child("feature=~\"d.*\"", false, below("2", "pager"))));
        try (Harness harness = Harness.open(tree, List.of(), TimeDomain.WALL_CLOCK, null)) {
            harness.setProcessingTime(0);
            harness.alert("distance", AlertState.firing, 0, 1);
            harness.alert("delay", AlertState.firing, 0, 1);
            harness.alert("origin", AlertState.firing, 0, 1);
            harness.setProcessingTime(30_000);

            assertThat(harness.notifications())
                    .containsExactlyInAnyOrder(
                            "log: firing [distance] at 1970-01-01T00:00:30Z",
                            "pager: firing [delay, distance] at 1970-01-01T00:00:30Z",
                            "firing [origin] at 1970-01-01T00:00:30Z");
        }
    }

    @Test
    void saysNothingWithinTimesThatMuteAndAllOfItAfterwards() throws Exception {
        TimeInterval.Range firstHour = new TimeInterval.Range(0, 60);
        TimeIntervals muted =
                new TimeIntervals(
                        "first hour",
                        List.of(
                                new TimeInterval(
                                        List.of(firstHour),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        ZoneOffset.UTC)));
        RouteTree tree = RouteTree.of(below("1", "team", muted));
        try (Harness harness = Harness.open(tree, List.of(), TimeDomain.WALL_CLOCK, null)) {
            harness.setProcessingTime(0);
            harness.alert("distance", AlertState.firing, 0, 1);
            for (long second = 0; second <= 2 * 3600; second += 30) {
                harness.setProcessingTime(second * 1000);
            }

            assertThat(harness.notifications())
                    .containsExactly("firing [distance] at 1970-01-01T01:00:30Z");
        }
    }

    private static final List<InhibitRule> OUTAGE =
            List.of(
                    new InhibitRule(
                            Matcher.parseAll("feature=outage"),
                            Matcher.parseAll("feature!=outage"),
                            List.of("model")));

    @Test
    void aFiringAlertInhibitsOthersUntilItsEndAlsoAfterARestart() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness = Harness.open(TREE, OUTAGE, TimeDomain.WALL_CLOCK, null)) {
            harness.setProcessingTime(0);
            harness.alert("distance", AlertState.firing, 0, 1);
            harness.alert("outage", AlertState.firing, 0, 1);
            harness.setProcessingTime(30_000);
            assertThat(harness.notifications())
                    .containsExactly("firing [outage] at 1970-01-01T00:00:30Z");
            state = harness.snapshot(1, 1);
        }
        try (Harness harness = Harness.open(TREE, OUTAGE, TimeDomain.WALL_CLOCK, state)) {
            harness.alert("origin", AlertState.firing, 1, 1);
            harness.setProcessingTime(330_000);
            assertThat(harness.notifications()).isEmpty();

            harness.alert("outage", AlertState.resolved, 2, 2);
            harness.setProcessingTime(630_000);
            assertThat(harness.notifications())
                    .containsExactly("firing [distance, origin, outage] at 1970-01-01T00:10:30Z");
        }
    }

    @Test
    void inAReplayAnInhibitorCountsFromItsOwnTimeAlthoughItIsReadAhead() throws Exception {
        try (Harness harness = Harness.open(TREE, OUTAGE, TimeDomain.EVENT_TIME, null)) {
            harness.alert("distance", AlertState.firing, 0, 1);
            harness.alert("outage", AlertState.firing, 5, 1);
            harness.alert("origin", AlertState.firing, 6, 1);
            harness.watermark(TestingScores.end(7));

            assertThat(harness.notifications())
                    .containsExactly(
                            "firing [distance] at 2001-06-15T01:00:30Z",
                            "firing [distance] at 2001-06-15T05:00:30Z",
                            "firing [outage] at 2001-06-15T06:00:30Z");
        }
    }

    @Test
    void aGroupWhoseRouteIsNoMoreIsForgotten() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness = Harness.open(TimeDomain.WALL_CLOCK, null)) {
            harness.setProcessingTime(1000);
            harness.alert("distance", AlertState.firing, 0, 1);
            state = harness.snapshot(1, 1);
        }
        RouteTree other = RouteTree.of(below("new", "others"));
        try (Harness harness = Harness.open(other, List.of(), TimeDomain.WALL_CLOCK, state)) {
            harness.setProcessingTime(50_000);

            assertThat(harness.notifications()).isEmpty();
            assertThat(harness.numKeyedStateEntries()).isZero();
        }
    }

    @Test
    void aGroupEndsWhatIsGroupedOtherwiseSinceAndSaysSo() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness = Harness.open(TimeDomain.WALL_CLOCK, null)) {
            harness.setProcessingTime(0);
            harness.alert("distance", AlertState.firing, 0, 1);
            harness.setProcessingTime(30_000);
            assertThat(harness.notifications())
                    .containsExactly("firing [distance] at 1970-01-01T00:00:30Z");
            state = harness.snapshot(1, 0);
        }
        Route byFeature =
                new Route(
                        "team",
                        List.of("model", "feature"),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(5),
                        Duration.ofHours(4));
        try (Harness harness =
                Harness.open(RouteTree.of(byFeature), List.of(), TimeDomain.WALL_CLOCK, state)) {
            harness.setProcessingTime(40_000);
            harness.alert("distance", AlertState.resolved, 1, 2);
            for (long minute = 1; minute <= 600; minute++) {
                harness.setProcessingTime(minute * 60_000);
            }
            assertThat(harness.notifications())
                    .singleElement()
                    .asString()
                    .startsWith("resolved [distance] at ");
            assertThat(harness.numKeyedStateEntries()).isZero();
        }
    }
}
