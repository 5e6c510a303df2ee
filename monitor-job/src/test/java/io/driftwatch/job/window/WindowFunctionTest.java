package io.driftwatch.job.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.detectors.profile.Tally;
import io.driftwatch.job.tally.PaneTally;
import io.driftwatch.job.tally.SampleKey;
import io.driftwatch.job.tally.SeriesKey;
import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.DeadLetterStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.event.WatermarkEvent;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.io.PushingAsyncDataInput;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.StatusWatermarkValve;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowFunctionTest {
    private static final OutputTag<DeadLetter> LATE =
            new OutputTag<>("late", TypeInformation.of(DeadLetter.class));
    private static final SeriesKey DISTANCE =
            SampleKey.whole("flights", "v1").feature("distance", 1);
    private static final SeriesKey ORIGIN = SampleKey.whole("flights", "v1").feature("origin", 1);
    private static final int MAX_PARALLELISM = 720;

    /** Windows of two panes, each open for half a pane after its end. */
    private static final Panes SLIDING = new Panes(200, 100, 50);

    private static final Panes TUMBLING = new Panes(100, 100, 50);

    private static final class Harness
            extends KeyedOneInputStreamOperatorTestHarness<SeriesKey, PaneTally, WindowTally> {
        Harness(Panes panes, int parallelism, int subtask) throws Exception {
            super(
                    new WindowOperator(
                            new WindowFunction("flights", panes, LATE, List.of("distance"))),
                    PaneTally::series,
                    TypeInformation.of(SeriesKey.class),
                    MAX_PARALLELISM,
                    parallelism,
                    subtask);
        }

        static Harness open(Panes panes) throws Exception {
            return open(panes, null);
        }

        static Harness open(Panes panes, OperatorSubtaskState state) throws Exception {
            Harness harness = new Harness(panes, 1, 0);
            if (state != null) {
                harness.initializeState(state);
            }
            harness.open();
            return harness;
        }

        void count(SeriesKey series, long pane, int cell, long times) throws Exception {
            Tally tally = Tally.of(new int[] {cell}, new long[] {times}, 0, 0, 0, 0);
            processElement(new PaneTally(series, pane, tally.toBytes()), pane + 99);
        }

        /** What came out since the last call, such as {@code distance 0-100 r0 {3=2}}. */
        List<String> windows() {
            List<String> shown = extractOutputValues().stream().map(Harness::show).toList();
            getOutput().clear();
            return shown;
        }

        private static String show(WindowTally window) {
            Map<Integer, Long> cells = new TreeMap<>();
            Tally tally = Tally.fromBytes(window.tally());
            for (int i = 0; i < tally.size(); i++) {
                cells.put(tally.cell(i), tally.count(i));
            }
            return window.series().feature()
                    + " "
                    + window.windowStartMillis()
                    + "-"
                    + window.windowEndMillis()
                    + " r"
                    + window.revision()
                    + " "
                    + cells;
        }

        int late() {
            return getSideOutput(LATE) == null ? 0 : getSideOutput(LATE).size();
        }
    }

    @Test
    void addsThePartsOfATumblingWindow() throws Exception {
        try (Harness harness = Harness.open(TUMBLING)) {
            harness.count(DISTANCE, 0, 3, 1);
            harness.count(DISTANCE, 0, 3, 1);
            harness.count(DISTANCE, 0, 5, 7);
            harness.count(ORIGIN, 0, 1, 1);
            harness.count(DISTANCE, 100, 3, 4);
            harness.processWatermark(98);
            assertThat(harness.windows()).isEmpty();
            harness.processWatermark(99);
            assertThat(harness.windows())
                    .containsExactlyInAnyOrder(
                            "distance 0-100 r0 {3=2, 5=7}", "origin 0-100 r0 {1=1}");
            harness.processWatermark(Long.MAX_VALUE);
            assertThat(harness.windows()).containsExactly("distance 100-200 r0 {3=4}");
        }
    }

    /** What the next operator's subtask sees, put together as Flink does it. */
    private static final class NextOperator implements PushingAsyncDataInput.DataOutput<Object> {
        private final StatusWatermarkValve valve = new StatusWatermarkValve(2);
        private final List<String> seen = new ArrayList<>();

        /** Takes what a subtask has put out since the last call. */
        void take(Harness from, int subtask) throws Exception {
            for (Object each : from.getOutput()) {
                if (each instanceof Watermark watermark) {
                    valve.inputWatermark(watermark, subtask, this);
                } else if (each instanceof WatermarkStatus status) {
                    valve.inputWatermarkStatus(status, subtask, this);
                } else {
                    seen.add("a window");
                }
            }
            from.getOutput().clear();
        }

        @Override
        public void emitWatermark(Watermark watermark) {
            seen.add("watermark " + watermark.getTimestamp());
        }

        @Override
        public void emitRecord(StreamRecord<Object> record) {}

        @Override
        public void emitWatermarkStatus(WatermarkStatus status) {}

        @Override
        public void emitLatencyMarker(LatencyMarker marker) {}

        @Override
        public void emitRecordAttributes(RecordAttributes attributes) {}

        @Override
        public void emitWatermark(WatermarkEvent watermark) {}
    }

    @Test
    void afterIdlenessNoWatermarkOvertakesAWindowOfAnotherSubtask() throws Exception {
        try (Harness with = new Harness(TUMBLING, 2, 0);
                Harness without = new Harness(TUMBLING, 2, 1)) {
            with.open();
            without.open();
            SeriesKey series = subtaskOf(DISTANCE, 2) == 0 ? DISTANCE : ORIGIN;
            assertThat(subtaskOf(series, 2)).isZero();
            NextOperator next = new NextOperator();
            with.processWatermarkStatus(WatermarkStatus.IDLE);
            without.processWatermarkStatus(WatermarkStatus.IDLE);
            next.take(with, 0);
            next.take(without, 1);

            without.processWatermarkStatus(WatermarkStatus.ACTIVE);
            without.processWatermark(99);
            next.take(without, 1);
            with.processWatermarkStatus(WatermarkStatus.ACTIVE);
            with.count(series, 0, 3, 1);
            with.processWatermark(99);
            next.take(with, 0);

            assertThat(next.seen).containsExactly("a window", "watermark 99");
        }
    }

    @Test
    void addsThePanesOfASlidingWindow() throws Exception {
        try (Harness harness = Harness.open(SLIDING)) {
            harness.count(DISTANCE, -100, 1, 1);
            harness.count(DISTANCE, 0, 2, 1);
            harness.count(DISTANCE, 300, 3, 1);
            harness.processWatermark(Long.MAX_VALUE);

            assertThat(harness.windows())
                    .containsExactly(
                            "distance -200-0 r0 {1=1}",
                            "distance -100-100 r0 {1=1, 2=1}",
                            "distance 0-200 r0 {2=1}",
                            "distance 200-400 r0 {3=1}",
                            "distance 300-500 r0 {3=1}");
        }
    }

    @Test
    void revisesAWindowWhileItsLatenessLasts() throws Exception {
        try (Harness harness = Harness.open(TUMBLING)) {
            harness.count(DISTANCE, 0, 3, 1);
            harness.processWatermark(99);
            harness.windows();
            harness.processWatermark(148);
            harness.count(DISTANCE, 0, 4, 1);
            harness.count(DISTANCE, 0, 3, 1);
            assertThat(harness.windows())
                    .containsExactly(
                            "distance 0-100 r1 {3=1, 4=1}", "distance 0-100 r2 {3=2, 4=1}");
            harness.count(ORIGIN, 0, 1, 1); // late, but the first of its series
            assertThat(harness.windows()).containsExactly("origin 0-100 r0 {1=1}");
            assertThat(harness.late()).isZero();
        }
    }

    @Test
    void revisesOnlyTheWindowsThatAreStillOpen() throws Exception {
        try (Harness harness = Harness.open(SLIDING)) {
            harness.count(DISTANCE, 0, 3, 1);
            harness.processWatermark(199);
            assertThat(harness.windows())
                    .containsExactly("distance -100-100 r0 {3=1}", "distance 0-200 r0 {3=1}");
            harness.count(DISTANCE, 0, 3, 1);
            harness.count(DISTANCE, 100, 3, 1);

            assertThat(harness.windows())
                    .containsExactly("distance 0-200 r1 {3=2}", "distance 0-200 r2 {3=3}");
            harness.processWatermark(Long.MAX_VALUE);
            assertThat(harness.windows()).containsExactly("distance 100-300 r0 {3=1}");
        }
    }

    @Test
    void refusesPartsOfWindowsThatAreClosedAndSaysHowMuchThatWas() throws Exception {
        try (Harness harness = Harness.open(TUMBLING)) {
            harness.processWatermark(149);
            harness.count(DISTANCE, 0, 3, 12);

            assertThat(harness.windows()).isEmpty();
            DeadLetter late = harness.getSideOutput(LATE).remove().getValue();
            assertThat(late.getStage()).isEqualTo(DeadLetterStage.window);
            assertThat(late.getReason()).isEqualTo("late");
            assertThat(late.getModel()).isEqualTo("flights");
            assertThat(late.getRecords()).isEqualTo(12);
        }
    }

    @Test
    void oneFeatureSpeaksForAllThatAreLateWithTheSameRecords() throws Exception {
        try (Harness harness = Harness.open(TUMBLING)) {
            harness.processWatermark(149);
            harness.count(ORIGIN, 0, 3, 12);
            harness.count(new SeriesKey("flights", "v1", "origin", "JFK", "distance", 1), 0, 3, 4);
            assertThat(harness.late()).isZero();
            harness.count(SampleKey.whole("flights", "v9").everyFeature(), 0, 0, 5);
            harness.count(DISTANCE, 0, 3, 12);

            assertThat(harness.getSideOutput(LATE))
                    .extracting(late -> late.getValue().getRecords())
                    .containsExactly(5L, 12L);
        }
    }

    @ParameterizedTest(name = "size {0}, slide {1}, lateness {2}")
    @CsvSource({"100, 100, 0", "100, 100, 150", "300, 100, 0", "300, 100, 250", "200, 50, 75"})
    void keepsNothingOfWindowsThatAreClosed(long size, long slide, long lateness) throws Exception {
        try (Harness harness = Harness.open(new Panes(size, slide, lateness))) {
            harness.count(DISTANCE, 0, 3, 1);
            harness.count(ORIGIN, slide, 3, 1);
            harness.processWatermark(size - 1);
            harness.count(DISTANCE, slide, 3, 1);
            assertThat(harness.numKeyedStateEntries()).isPositive();
            harness.processWatermark(slide + size + lateness - 1);

            assertThat(harness.numKeyedStateEntries()).isZero();
            assertThat(harness.numEventTimeTimers()).isZero();
        }
    }

    @ParameterizedTest(name = "size {0}, slide {1}, lateness {2}")
    @CsvSource({"100, 100, 0", "100, 100, 130", "300, 100, 0", "300, 100, 130", "200, 50, 999"})
    void equalsASinglePassOverThePartsThatWereNotTooLate(long size, long slide, long lateness)
            throws Exception {
        Random random = new Random(size + slide + lateness);
        Panes panes = new Panes(size, slide, lateness);
        TreeMap<Long, Map<Integer, Long>> truth = new TreeMap<>();
        TreeMap<Long, String> last = new TreeMap<>();
        Map<Long, Integer> revisions = new TreeMap<>();
        int refused = 0;
        try (Harness harness = Harness.open(panes)) {
            long watermark = Long.MIN_VALUE;
            for (int i = 0; i < 2000; i++) {
                long now = i * 3L;
                long pane = Math.floorDiv(now - random.nextLong(600), slide) * slide;
                int cell = random.nextInt(5);
                boolean open = false;
                for (long end = pane + slide; end <= pane + size; end += slide) {
                    if (watermark < end - 1 + lateness) {
                        open = true;
                        truth.computeIfAbsent(end, e -> new TreeMap<>()).merge(cell, 1L, Long::sum);
                    }
                }
                refused += open ? 0 : 1;
                harness.count(DISTANCE, pane, cell, 1);
                if (random.nextInt(4) == 0 && now - 200 > watermark) {
                    watermark = now - 200;
                    harness.processWatermark(watermark);
                }
                if (random.nextInt(100) == 0) {
                    collect(harness, last, revisions);
                }
            }
            harness.processWatermark(Long.MAX_VALUE);
            collect(harness, last, revisions);
            assertThat(harness.late()).isEqualTo(refused);
            assertThat(harness.numKeyedStateEntries()).isZero();
        }
        TreeMap<Long, String> expected = new TreeMap<>();
        truth.forEach((end, cells) -> expected.put(end, cells.toString()));
        assertThat(last).isEqualTo(expected);
    }

    /** Keeps the last revision of each window, which must follow the one before. */
    private static void collect(
            Harness harness, Map<Long, String> last, Map<Long, Integer> revisions) {
        for (WindowTally window : harness.extractOutputValues()) {
            int before = revisions.getOrDefault(window.windowEndMillis(), -1);
            assertThat(window.revision()).isEqualTo(before + 1);
            revisions.put(window.windowEndMillis(), window.revision());
            String shown = Harness.show(window);
            last.put(window.windowEndMillis(), shown.substring(shown.indexOf('{')));
        }
        harness.getOutput().clear();
    }

    @Test
    void goesOnInTheMiddleOfAWindow() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness = Harness.open(SLIDING)) {
            harness.count(DISTANCE, 0, 3, 1);
            harness.processWatermark(120);
            harness.windows();
            harness.count(DISTANCE, 100, 3, 1);
            state = harness.snapshot(1, 1);
        }
        try (Harness harness = Harness.open(SLIDING, state)) {
            harness.count(DISTANCE, 100, 4, 1);
            harness.processWatermark(Long.MAX_VALUE);

            assertThat(harness.windows())
                    .containsExactly(
                            "distance 0-200 r0 {3=2, 4=1}", "distance 100-300 r0 {3=1, 4=1}");
        }
    }

    @Test
    void neverPublishesAWindowAsNewThatWasPublishedBeforeTheRestart() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness = Harness.open(TUMBLING)) {
            harness.count(DISTANCE, 0, 3, 1);
            harness.processWatermark(99);
            assertThat(harness.windows()).containsExactly("distance 0-100 r0 {3=1}");
            state = harness.snapshot(1, 1);
        }
        try (Harness harness = Harness.open(TUMBLING, state)) {
            // The watermark begins anew, and what was late is late again.
            harness.count(DISTANCE, 0, 3, 1);
            harness.processWatermark(99);
            assertThat(harness.windows()).containsExactly("distance 0-100 r1 {3=2}");
            harness.processWatermark(Long.MAX_VALUE);
            assertThat(harness.windows()).isEmpty();
        }
    }

    @Test
    void refusesAfterTheRestartWhatWasClosedBeforeAlthoughItKeepsNoStateOfIt() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness = Harness.open(TUMBLING)) {
            harness.count(DISTANCE, 0, 3, 1);
            harness.count(DISTANCE, 200, 3, 1);
            harness.processWatermark(149);
            harness.windows();
            state = harness.snapshot(1, 1);
        }
        try (Harness harness = Harness.open(TUMBLING, state)) {
            harness.count(DISTANCE, 0, 3, 1);
            harness.processWatermark(Long.MAX_VALUE);

            assertThat(harness.windows()).containsExactly("distance 200-300 r0 {3=1}");
            assertThat(harness.late()).isEqualTo(1);
        }
    }

    @Test
    void takesCountsThatWereUnderWayWhenAnotherSubtaskHadGoneFurther() throws Exception {
        OperatorSubtaskState[] states = new OperatorSubtaskState[2];
        for (int subtask = 0; subtask < 2; subtask++) {
            try (Harness harness = new Harness(TUMBLING, 2, subtask)) {
                harness.open();
                // The watermark 149 and counts before it are under way to the second subtask.
                harness.processWatermark(subtask == 0 ? 149 : 49);
                states[subtask] = harness.snapshot(1, 1);
            }
        }
        OperatorSubtaskState both = AbstractStreamOperatorTestHarness.repackageState(states);
        try (Harness harness = new Harness(TUMBLING, 1, 0)) {
            harness.initializeState(
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(
                            both, MAX_PARALLELISM, 2, 1, 0));
            harness.open();
            harness.count(DISTANCE, 0, 3, 1);
            harness.processWatermark(149);

            assertThat(harness.windows()).containsExactly("distance 0-100 r0 {3=1}");
            assertThat(harness.late()).isZero();
        }
    }

    @Test
    void goesOnAtAnotherParallelism() throws Exception {
        List<SeriesKey> series = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            series.add(SampleKey.whole("flights", "v" + i).feature("distance", 1));
        }
        OperatorSubtaskState[] states = new OperatorSubtaskState[2];
        for (int subtask = 0; subtask < 2; subtask++) {
            try (Harness harness = new Harness(TUMBLING, 2, subtask)) {
                harness.open();
                for (SeriesKey each : series) {
                    if (subtask == subtaskOf(each, 2)) {
                        harness.count(each, 0, 3, 1);
                        harness.count(each, -100, 3, 1);
                    }
                }
                harness.processWatermark(49);
                states[subtask] = harness.snapshot(1, 1);
            }
        }
        OperatorSubtaskState both = AbstractStreamOperatorTestHarness.repackageState(states);
        List<String> windows = new ArrayList<>();
        int late = 0;
        for (int subtask = 0; subtask < 3; subtask++) {
            try (Harness harness = new Harness(TUMBLING, 3, subtask)) {
                harness.initializeState(
                        AbstractStreamOperatorTestHarness.repartitionOperatorState(
                                both, MAX_PARALLELISM, 2, 3, subtask));
                harness.open();
                for (SeriesKey each : series) {
                    if (subtask == subtaskOf(each, 3)) {
                        harness.count(each, 0, 4, 1);
                        harness.count(each, -100, 4, 1); // closed at 49
                    }
                }
                harness.processWatermark(Long.MAX_VALUE);
                windows.addAll(harness.windows());
                late += harness.late();
            }
        }

        assertThat(windows)
                .containsExactlyInAnyOrderElementsOf(
                        series.stream().map(s -> "distance 0-100 r0 {3=1, 4=1}").toList());
        assertThat(late).isEqualTo(50);
    }

    private static int subtaskOf(SeriesKey series, int parallelism) {
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(
                series, MAX_PARALLELISM, parallelism);
    }
}
