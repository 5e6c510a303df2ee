package io.driftwatch.job.tally;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Tally;
import io.driftwatch.job.config.FeatureConfig;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.TestingConfig;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.decode.Observation;
import io.driftwatch.job.live.Live;
import io.driftwatch.job.profile.ModelProfiles;
import io.driftwatch.job.profile.ProfileFile;
import io.driftwatch.job.profile.TestingProfiles;
import io.driftwatch.job.window.Panes;
import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.DeadLetterStage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;

/** A tally of records of which some were read with other features than others. */
class ChangingFeaturesTest {
    private static final ModelConfig MODEL =
            TestingConfig.model(
                    """
                    models:
                      - name: flights
                        profile: p.avro
                        streams: [{role: inference, topic: flights, event_time: at}]
                        window: {size: 2s, slide: 1s, lateness: 500ms}
                        segments: [carrier]
                        features:
                          distance: {type: numeric}
                          fare: {type: numeric}
                          origin: {type: categorical}
                    """);
    private static final Panes PANES = Panes.of(MODEL.window());

    /** In the one a fare is the second number, in the other the first. */
    private static final FieldPlan ALL = plan("distance", "fare", "origin");

    private static final FieldPlan FARE = plan("fare");
    private static final FieldPlan UNKNOWN = plan("origin");

    private static final OutputTag<DeadLetter> LATE =
            new OutputTag<>("late", TypeInformation.of(DeadLetter.class));
    private static final OutputTag<DeadLetter> DEAD =
            new OutputTag<>("dead-letters", TypeInformation.of(DeadLetter.class));
    private static final SampleKey WHOLE = SampleKey.whole("flights", "default");
    private static final SampleKey DELTA = new SampleKey("flights", "default", "carrier", "DL");
    private static final byte[] PROFILES =
            TestingProfiles.file(
                    TestingProfiles.sample(WHOLE, features()),
                    TestingProfiles.sample(DELTA, features()));

    private static FieldPlan plan(String... names) {
        List<FeatureConfig> features = new ArrayList<>();
        for (String name : names) {
            features.add(MODEL.feature(name).orElseThrow());
        }
        return FieldPlan.of(MODEL, MODEL.streams().get(0), features);
    }

    private static Map<String, FeatureProfile> features() {
        Map<String, FeatureProfile> features = new LinkedHashMap<>();
        NumericProfile exact = NumericProfile.of(TestingProfiles.numbers(100), 10);
        features.put("distance", exact);
        features.put("fare", exact);
        features.put(
                "origin",
                TestingProfiles.flights(SampleKey.whole("flights", "v1")).feature("origin"));
        return features;
    }

    private static ModelProfiles profiles() throws IOException {
        return ModelProfiles.shared(ProfileFile.digest(PROFILES), () -> ProfileFile.read(PROFILES));
    }

    private static OneInputStreamOperatorTestHarness<Observation, PaneTally> harness(
            FieldPlan... known) throws Exception {
        Live<List<KnownPlan>> live =
                Live.of(
                        null,
                        (applied, context) -> {
                            List<KnownPlan> all = new ArrayList<>();
                            for (FieldPlan plan : known) {
                                all.add(new KnownPlan(plan, ChangingFeaturesTest::profiles));
                            }
                            return all;
                        });
        return new OneInputStreamOperatorTestHarness<>(new TallyOperator(live, PANES, LATE, DEAD));
    }

    /** As the decoder makes it of a record of which only the fare and the carrier matter. */
    private static Observation flight(FieldPlan plan, long at, double fare, String carrier) {
        double[] numbers = new double[plan.numeric().size()];
        java.util.Arrays.fill(numbers, 7);
        if (plan.numeric().contains("fare")) {
            numbers[plan.numeric().indexOf("fare")] = fare;
        }
        return new Observation(
                at,
                "default",
                null,
                numbers,
                new String[plan.categorical().size()],
                new String[] {carrier},
                "flights",
                2,
                at,
                plan.layout());
    }

    private static void send(
            OneInputStreamOperatorTestHarness<Observation, PaneTally> harness, Observation flight)
            throws Exception {
        harness.processElement(flight, flight.eventTimeMillis());
    }

    /** Feature of the whole or a segment, and pane, to the sum of all parts. */
    private static Map<String, Counts> sums(Collection<PaneTally> parts) {
        Map<String, Counts> sums = new TreeMap<>();
        for (PaneTally part : parts) {
            sums.merge(
                    part.series().segmentValue()
                            + part.series().feature()
                            + "@"
                            + part.paneStartMillis(),
                    Counts.fromBytes(part.tally()),
                    Counts::plus);
        }
        return sums;
    }

    /** The cell of a fare: value k has cell 2k - 1. */
    private static int cell(double fare) {
        return (int) (2 * fare - 1);
    }

    @Test
    void everyRecordIsCountedAsItWasReadHoweverTheyAreMixed() throws Exception {
        Random random = new Random(5);
        Map<Long, TreeMap<Integer, Long>> fares = new TreeMap<>();
        Map<Long, Long> distances = new TreeMap<>();
        long all = 0;
        try (var harness = harness(FARE, ALL)) {
            harness.open();
            long watermark = 0;
            FieldPlan plan = ALL;
            for (int i = 0; i < 6000; i++) {
                plan = random.nextInt(50) == 0 ? (plan.equals(ALL) ? FARE : ALL) : plan;
                long at = watermark + random.nextInt(4000);
                long pane = at - at % 1000;
                double fare = 1 + random.nextInt(99);
                send(harness, flight(plan, at, fare, random.nextBoolean() ? "DL" : "AA"));
                fares.computeIfAbsent(pane, p -> new TreeMap<>()).merge(cell(fare), 1L, Long::sum);
                distances.merge(pane, plan.equals(ALL) ? 1L : 0L, Long::sum);
                all++;
                if (i % 97 == 0) {
                    watermark += random.nextInt(1500);
                    harness.processWatermark(watermark);
                }
                if (i % 701 == 0) {
                    harness.prepareSnapshotPreBarrier(i);
                }
            }
            harness.endInput();

            Map<String, Counts> sums = sums(harness.extractOutputValues());
            long rows = 0;
            for (long pane : fares.keySet()) {
                Tally found = sums.get("fare@" + pane).tally();
                TreeMap<Integer, Long> counted = new TreeMap<>();
                for (int i = 0; i < found.size(); i++) {
                    counted.put(found.cell(i), found.count(i));
                }
                assertThat(counted).isEqualTo(fares.get(pane));
                assertThat(sums.get("fare@" + pane).sinceMillis())
                        .as("of what was counted all the time")
                        .isEqualTo(Counts.ALWAYS);
                Tally distance =
                        sums.getOrDefault("distance@" + pane, new Counts(Tally.EMPTY, 0)).tally();
                assertThat(distance.rows()).isEqualTo(distances.get(pane));
                assertThat(distance.size())
                        .as("cells of the distance, which is always 7")
                        .isLessThanOrEqualTo(1);
                rows += found.rows();
            }
            assertThat(rows).isEqualTo(all);
            assertThat(harness.getSideOutput(DEAD)).isNull();
        }
    }

    @Test
    void aNewFeatureIsWholeFromTheFirstWindowAfterWhatWasCountedWithoutIt() throws Exception {
        try (var harness = harness(ALL, FARE)) {
            harness.open();
            send(harness, flight(FARE, 0, 1, "AA"));
            send(harness, flight(FARE, 1200, 1, "DL"));
            harness.prepareSnapshotPreBarrier(1);
            send(harness, flight(ALL, 300, 1, "AA")); // out of order
            send(harness, flight(ALL, 1300, 1, "AA"));
            send(harness, flight(ALL, 2000, 1, "AA"));
            send(harness, flight(ALL, 3000, 1, "AA"));
            harness.endInput();

            Map<String, Counts> sums = sums(harness.extractOutputValues());

            assertThat(sums.get("distance@0").sinceMillis()).isEqualTo(2000);
            assertThat(sums.get("distance@0").tally().rows()).isEqualTo(1);
            assertThat(sums.get("distance@1000").sinceMillis()).isEqualTo(2000);
            assertThat(sums.get("distance@2000").sinceMillis())
                    .as("a window with this pane begins a second before")
                    .isEqualTo(2000);
            assertThat(sums.get("distance@2000").areWhole(1000)).isFalse();
            assertThat(sums.get("distance@2000").areWhole(2000)).isTrue();
            assertThat(sums.get("distance@3000").sinceMillis()).isEqualTo(Counts.ALWAYS);
            assertThat(sums.get("fare@1000").sinceMillis()).isEqualTo(Counts.ALWAYS);
            assertThat(sums.get("fare@1000").tally().rows()).isEqualTo(2);
            Counts segment = sums.get("DLdistance@1000");
            assertThat(segment.sinceMillis())
                    .as("another subtask may count it, and cannot know that one is missing here")
                    .isEqualTo(2000);
            assertThat(segment.tally()).isEqualTo(Tally.EMPTY);
        }
    }

    @Test
    void aRestartForgetsNeitherWhatIsMissingNorWhatWasWatched() throws Exception {
        OperatorSubtaskState changedBefore;
        OperatorSubtaskState notYetChanged;
        try (var harness = harness(ALL, FARE)) {
            harness.open();
            send(harness, flight(FARE, 1000, 1, "AA"));
            send(harness, flight(ALL, 3000, 1, "AA"));
            harness.prepareSnapshotPreBarrier(1);
            changedBefore = harness.snapshot(1, 1);
        }
        try (var harness = harness(FARE)) {
            harness.open();
            send(harness, flight(FARE, 4000, 1, "AA"));
            harness.prepareSnapshotPreBarrier(1);
            notYetChanged = harness.snapshot(1, 1);
        }
        OperatorSubtaskState both =
                AbstractStreamOperatorTestHarness.repackageState(changedBefore, notYetChanged);
        Map<OperatorSubtaskState, Long> since =
                Map.of(changedBefore, 2000L, notYetChanged, 5000L, both, 5000L);
        for (OperatorSubtaskState state : since.keySet()) {
            try (var harness = harness(ALL, FARE)) {
                harness.initializeState(state);
                harness.open();
                send(harness, flight(ALL, 1500, 1, "AA"));
                harness.endInput();

                Map<String, Counts> sums = sums(harness.extractOutputValues());
                assertThat(sums.get("distance@1000").sinceMillis()).isEqualTo(since.get(state));
                assertThat(sums.get("fare@1000").sinceMillis()).isEqualTo(Counts.ALWAYS);
            }
        }
        try (var harness = harness(FARE)) {
            harness.initializeState(notYetChanged);
            harness.open();
            send(harness, flight(FARE, 1500, 1, "AA"));
            harness.endInput();
            assertThat(sums(harness.extractOutputValues()).get("fare@1000").sinceMillis())
                    .isEqualTo(Counts.ALWAYS);
        }
    }

    @Test
    void whatWasReadByAnUnknownConfigurationIsADeadLetterRatherThanMiscounted() throws Exception {
        try (var harness = harness(ALL, FARE)) {
            harness.open();
            send(harness, flight(ALL, 0, 1, "AA"));
            send(harness, flight(UNKNOWN, 1, 1, "AA"));
            send(harness, flight(ALL, 2, 1, "AA"));
            harness.endInput();

            DeadLetter dead = harness.getSideOutput(DEAD).remove().getValue();
            assertThat(harness.getSideOutput(DEAD)).isEmpty();
            assertThat(dead.getStage()).isEqualTo(DeadLetterStage.tally);
            assertThat(dead.getReason()).isEqualTo("unknown_configuration");
            assertThat(dead.getOffset()).isEqualTo(1);
            assertThat(sums(harness.extractOutputValues()).get("fare@0").tally().rows())
                    .isEqualTo(2);
        }
    }
}
