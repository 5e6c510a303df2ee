package io.driftwatch.job.tally;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.profile.NumericCounter;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Tally;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.TestingConfig;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.decode.Observation;
import io.driftwatch.job.live.Live;
import io.driftwatch.job.profile.ModelProfiles;
import io.driftwatch.job.profile.ProfileFile;
import io.driftwatch.job.profile.ProfileSource;
import io.driftwatch.job.profile.ReferenceSample;
import io.driftwatch.job.profile.TestingProfiles;
import io.driftwatch.job.window.Panes;
import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.DeadLetterStage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;

class TallyOperatorTest {
    private static final ModelConfig MODEL =
            TestingConfig.model(
                    """
                    models:
                      - name: flights
                        profile: p.avro
                        version: v
                        streams: [{role: inference, topic: flights, event_time: at}]
                        window: {size: 2s, slide: 1s, lateness: 500ms}
                        segments: [origin]
                        features: {distance: {type: numeric}, origin: {type: categorical}}
                    """);
    private static final FieldPlan PLAN =
            FieldPlan.of(MODEL, MODEL.streams().get(0), MODEL.features());
    private static final Panes PANES = Panes.of(MODEL.window());
    private static final OutputTag<DeadLetter> LATE =
            new OutputTag<>("late", TypeInformation.of(DeadLetter.class));
    private static final OutputTag<DeadLetter> DEAD =
            new OutputTag<>("dead-letters", TypeInformation.of(DeadLetter.class));
    private static final ReferenceSample V1 =
            TestingProfiles.flights(SampleKey.whole("flights", "v1"));
    private static final byte[] PROFILES =
            TestingProfiles.file(
                    V1,
                    TestingProfiles.flights(SampleKey.whole("flights", "v2")),
                    TestingProfiles.flights(new SampleKey("flights", "v1", "origin", "JFK")));

    private static Live<List<KnownPlan>> live(FieldPlan plan, ProfileSource source) {
        return Live.ofAll(
                null, (applied, context) -> new KnownPlan(plan, () -> source.open(context)));
    }

    private static ProfileSource from(byte[] file) {
        return context ->
                ModelProfiles.shared(ProfileFile.digest(file), () -> ProfileFile.read(file));
    }

    private static TallyOperator operator() {
        return new TallyOperator(live(PLAN, from(PROFILES)), PANES, LATE, DEAD);
    }

    private static OneInputStreamOperatorTestHarness<Observation, PaneTally> harness()
            throws Exception {
        return new OneInputStreamOperatorTestHarness<>(operator());
    }

    private static OneInputStreamOperatorTestHarness<Observation, PaneTally> open()
            throws Exception {
        OneInputStreamOperatorTestHarness<Observation, PaneTally> harness = harness();
        harness.open();
        return harness;
    }

    private static Observation flight(long at, String version, double distance, String origin) {
        return new Observation(
                at,
                version,
                null,
                new double[] {distance},
                new String[] {origin},
                new String[] {origin},
                "flights",
                2,
                1000 + at,
                PLAN.layout());
    }

    private static void send(
            OneInputStreamOperatorTestHarness<Observation, PaneTally> harness, Observation flight)
            throws Exception {
        harness.processElement(flight, flight.eventTimeMillis());
    }

    private static SeriesKey series(String version, String feature) {
        return SampleKey.whole("flights", version).feature(feature, 0);
    }

    /** Series and pane to the sum of all parts. */
    private static Map<String, Tally> sums(Collection<PaneTally> parts) {
        Map<String, Tally> sums = new TreeMap<>();
        for (PaneTally part : parts) {
            sums.merge(
                    part.series() + "@" + part.paneStartMillis(),
                    Tally.fromBytes(part.tally()),
                    Tally::plus);
        }
        return sums;
    }

    private static Tally origins(int jfk, int lax, int missing, int unknown) {
        // Cells in code-point order: JFK, LAX, ÖRK, any other.
        List<int[]> cells = new ArrayList<>();
        for (int[] cell : new int[][] {{0, jfk}, {1, lax}, {3, unknown}}) {
            if (cell[1] > 0) {
                cells.add(cell);
            }
        }
        return Tally.of(
                cells.stream().mapToInt(c -> c[0]).toArray(),
                cells.stream().mapToLong(c -> c[1]).toArray(),
                missing,
                0,
                0,
                0);
    }

    @Test
    void countsEachFeatureOfEachVersionAndSegmentByPane() throws Exception {
        try (var harness = open()) {
            send(harness, flight(0, "v1", 7, "JFK"));
            send(harness, flight(999, "v1", 7, "LAX"));
            send(harness, flight(1000, "v1", 1e9, "XXX"));
            send(harness, flight(5, "v2", Double.NaN, null));
            assertThat(harness.extractOutputValues()).isEmpty();
            harness.processWatermark(10_000);

            Map<String, Tally> sums = sums(harness.extractOutputValues());

            assertThat(sums.get(series("v1", "origin") + "@0")).isEqualTo(origins(1, 1, 0, 0));
            assertThat(sums.get(series("v1", "origin") + "@1000")).isEqualTo(origins(0, 0, 0, 1));
            assertThat(sums.get(series("v2", "origin") + "@0")).isEqualTo(origins(0, 0, 1, 0));
            SeriesKey jfk = new SeriesKey("flights", "v1", "origin", "JFK", "origin", 0);
            assertThat(sums.get(jfk + "@0")).isEqualTo(origins(1, 0, 0, 0));
            // Exact cells: value k has cell 2k - 1, what is beyond 100 has cell 200.
            Tally distance = sums.get(series("v1", "distance") + "@0");
            assertThat(distance.cells()).containsExactly(13);
            assertThat(distance.counts()).containsExactly(2);
            assertThat(sums.get(series("v1", "distance") + "@1000").cells()).containsExactly(200);
            assertThat(sums.get(series("v2", "distance") + "@0").missing()).isEqualTo(1);
            assertThat(sums).hasSize(8);
        }
    }

    @Test
    void handsOnAPaneWhenTheWatermarkReachesItsLastInstant() throws Exception {
        try (var harness = open()) {
            send(harness, flight(10, "v1", 1, null));
            send(harness, flight(1010, "v1", 1, null));
            harness.processWatermark(998);
            assertThat(harness.extractOutputValues()).isEmpty();

            harness.processWatermark(999);

            assertThat(harness.extractOutputValues())
                    .extracting(PaneTally::paneStartMillis)
                    .containsOnly(0L);
            assertThat(harness.extractOutputStreamRecords())
                    .extracting(StreamRecord::getTimestamp)
                    .containsOnly(999L);
        }
    }

    @Test
    void equalsAnIndependentCountWhateverTheOrder() throws Exception {
        Random random = new Random(11);
        NumericProfile profile = (NumericProfile) V1.feature("distance");
        Map<Long, NumericCounter> expected = new TreeMap<>();
        try (var harness = open()) {
            long watermark = 0;
            for (int i = 0; i < 5000; i++) {
                long at = watermark + random.nextInt(5000);
                double value = random.nextInt(130) - 10;
                send(harness, flight(at, "v1", value, null));
                expected.computeIfAbsent(at - at % 1000, p -> profile.newCounter()).add(value);
                if (i % 97 == 0) {
                    watermark += random.nextInt(1500);
                    harness.processWatermark(watermark);
                }
                if (i % 701 == 0) {
                    harness.prepareSnapshotPreBarrier(i);
                }
            }
            harness.endInput();

            Map<String, Tally> sums = sums(harness.extractOutputValues());
            long rows = 0;
            for (Map.Entry<Long, NumericCounter> pane : expected.entrySet()) {
                Tally truth = pane.getValue().drain();
                Tally found = sums.get(series("v1", "distance") + "@" + pane.getKey());
                assertThat(found.cells()).isEqualTo(truth.cells());
                assertThat(found.counts()).isEqualTo(truth.counts());
                assertThat(found.sum())
                        .isCloseTo(truth.sum(), org.assertj.core.api.Assertions.within(1e-9));
                rows += found.rows();
            }
            assertThat(rows).isEqualTo(5000);
            assertThat(harness.getSideOutput(LATE)).isNull();
        }
    }

    @Test
    void givesLateRecordsAwayWithTheirPlace() throws Exception {
        try (var harness = open()) {
            harness.processWatermark(2498);
            send(harness, flight(0, "v1", 1, null)); // its last window ends at 2000, closed at 2499
            harness.processWatermark(2499);
            send(harness, flight(1, "v1", 1, null));
            send(harness, flight(1000, "v1", 1, null));
            harness.processWatermark(10_000);

            assertThat(sums(harness.extractOutputValues()))
                    .containsOnlyKeys(
                            series("v1", "distance") + "@0",
                            series("v1", "distance") + "@1000",
                            series("v1", "origin") + "@0",
                            series("v1", "origin") + "@1000");
            DeadLetter late = harness.getSideOutput(LATE).remove().getValue();
            assertThat(harness.getSideOutput(LATE)).isEmpty();
            assertThat(late.getStage()).isEqualTo(DeadLetterStage.tally);
            assertThat(late.getReason()).isEqualTo("late");
            assertThat(late.getModel()).isEqualTo("flights");
            assertThat(late.getTopic()).isEqualTo("flights");
            assertThat(late.getPartition()).isEqualTo(2);
            assertThat(late.getOffset()).isEqualTo(1001);
            assertThat(late.getEventTime().toEpochMilli()).isEqualTo(1);
            assertThat(late.getRecords()).isEqualTo(1);
            assertThat(late.getDetail())
                    .contains("flights-2@1001")
                    .contains("event time 1970-01-01T00:00:00.001Z")
                    .contains("watermark 1970-01-01T00:00:02.499Z")
                    .contains("window.lateness");
        }
    }

    @Test
    void countsUnknownVersionsApart() throws Exception {
        try (var harness = open()) {
            send(harness, flight(0, "v9", 1, "JFK"));
            send(harness, flight(1, "v1", 1, null));
            send(harness, flight(2, "v9", 2, "JFK"));
            harness.processWatermark(10_000);

            Map<String, Tally> sums = sums(harness.extractOutputValues());

            assertThat(sums.get(series("v9", SeriesKey.EVERY_FEATURE) + "@0").rows()).isEqualTo(2);
            assertThat(sums).hasSize(3);
        }
    }

    @Test
    void countsTooManyUnknownVersionsTogether() throws Exception {
        try (var harness = open()) {
            for (int i = 0; i < 1000; i++) {
                send(harness, flight(0, "garbage-" + i, 1, null));
            }
            send(harness, flight(0, "garbage-7", 1, null));
            harness.processWatermark(10_000);

            Map<String, Tally> sums = sums(harness.extractOutputValues());

            assertThat(sums).hasSize(101);
            assertThat(sums.get(series("garbage-7", "*") + "@0").rows()).isEqualTo(2);
            assertThat(sums.get(series("(other versions)", "*") + "@0").rows()).isEqualTo(900);
        }
    }

    @Test
    void leavesNothingForTheCheckpointSoThatPartsAddUpToTheTruth() throws Exception {
        OperatorSubtaskState state;
        List<PaneTally> parts = new ArrayList<>();
        try (var harness = open()) {
            send(harness, flight(0, "v1", 1, "JFK"));
            send(harness, flight(1500, "v1", 2, "JFK"));
            harness.prepareSnapshotPreBarrier(1);
            state = harness.snapshot(1, 1);
            parts.addAll(harness.extractOutputValues());
            send(harness, flight(3, "v1", 3, "JFK")); // after the barrier: sent again
        }
        try (var harness = harness()) {
            harness.initializeState(state);
            harness.open();
            send(harness, flight(3, "v1", 3, "JFK"));
            harness.endInput();
            parts.addAll(harness.extractOutputValues());
        }

        assertThat(sums(parts).get(series("v1", "origin") + "@0")).isEqualTo(origins(2, 0, 0, 0));
        assertThat(sums(parts).get(series("v1", "origin") + "@1000"))
                .isEqualTo(origins(1, 0, 0, 0));
    }

    @Test
    void remembersWhatWasLateWhateverTheParallelismAfterARestart() throws Exception {
        OperatorSubtaskState[] states = new OperatorSubtaskState[2];
        long[] watermarks = {2600, 3700};
        for (int subtask = 0; subtask < 2; subtask++) {
            try (var harness =
                    new OneInputStreamOperatorTestHarness<>(operator(), 720, 2, subtask)) {
                harness.open();
                harness.processWatermark(watermarks[subtask]);
                harness.prepareSnapshotPreBarrier(1);
                states[subtask] = harness.snapshot(1, 1);
            }
        }
        OperatorSubtaskState both = AbstractStreamOperatorTestHarness.repackageState(states);
        for (int parallelism : new int[] {1, 2, 3}) {
            for (int subtask = 0; subtask < parallelism; subtask++) {
                OperatorSubtaskState part =
                        AbstractStreamOperatorTestHarness.repartitionOperatorState(
                                both, 720, 2, parallelism, subtask);
                try (var harness =
                        new OneInputStreamOperatorTestHarness<>(
                                operator(), 720, parallelism, subtask)) {
                    harness.initializeState(part);
                    harness.open();
                    send(harness, flight(500, "v1", 1, null)); // closed at 2499
                    send(harness, flight(1500, "v1", 1, null)); // closed at 3499
                    harness.endInput();

                    assertThat(harness.getSideOutput(LATE)).hasSize(1);
                    assertThat(sums(harness.extractOutputValues()))
                            .containsKey(series("v1", "distance") + "@1000")
                            .hasSize(2);
                }
            }
        }
    }

    @Test
    void handsEverythingOnAtTheEndOfTheInput() throws Exception {
        try (var harness = open()) {
            send(harness, flight(0, "v1", 1, null));
            send(harness, flight(5000, "v1", 1, null));
            harness.endInput();

            assertThat(sums(harness.extractOutputValues())).hasSize(4);
        }
    }

    @Test
    void handsOpenPanesOnEarlyRatherThanFillMemory() throws Exception {
        int features = 40;
        Map<String, FeatureProfile> wide = new LinkedHashMap<>();
        StringBuilder columns = new StringBuilder();
        NumericProfile exact = NumericProfile.of(TestingProfiles.numbers(10_000), 10);
        for (int i = 0; i < features; i++) {
            wide.put("f" + i, exact);
            columns.append("      f").append(i).append(": {type: numeric}\n");
        }
        ModelConfig model =
                TestingConfig.model(
                        """
                        models:
                          - name: flights
                            profile: p.avro
                            streams: [{role: inference, topic: flights, event_time: at}]
                            window: {size: 1s}
                            features:
                        """
                                + columns);
        FieldPlan plan = FieldPlan.of(model, model.streams().get(0), model.features());
        byte[] profiles =
                TestingProfiles.file(
                        TestingProfiles.sample(SampleKey.whole("flights", "default"), wide));
        int panes = 60; // of 800,000 counters each: 192 MB if all stayed open
        try (var harness =
                new OneInputStreamOperatorTestHarness<>(
                        new TallyOperator(
                                live(plan, from(profiles)),
                                Panes.of(model.window()),
                                LATE,
                                DEAD,
                                16 << 20))) {
            harness.open();
            for (int i = 0; i < 2 * panes; i++) {
                double[] values = new double[features];
                java.util.Arrays.fill(values, i);
                Observation wideRow =
                        new Observation(
                                i % panes * 1000L,
                                "default",
                                null,
                                values,
                                new String[0],
                                new String[0],
                                "t",
                                0,
                                i,
                                plan.layout());
                harness.processElement(wideRow, wideRow.eventTimeMillis());
            }
            assertThat(harness.extractOutputValues()).isNotEmpty();
            harness.endInput();

            Map<Long, Long> rows = new HashMap<>();
            for (PaneTally part : harness.extractOutputValues()) {
                rows.merge(part.paneStartMillis(), Tally.fromBytes(part.tally()).rows(), Long::sum);
            }
            assertThat(rows).hasSize(panes);
            assertThat(new TreeSet<>(rows.values())).containsExactly(2L * features);
        }
    }
}
