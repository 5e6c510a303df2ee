package io.driftwatch.job.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.driftwatch.detectors.dependence.Block;
import io.driftwatch.detectors.dependence.Dependence;
import io.driftwatch.detectors.dependence.DependenceEstimator;
import io.driftwatch.detectors.dependence.Season;
import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.TestingConfig;
import io.driftwatch.job.decode.Decoded;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.decode.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReferenceBuilderTest {
    private static final Instant START = Instant.parse("2001-06-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int ROWS = 100;
    private static final ModelConfig MODEL =
            TestingConfig.model(
                    """
                    models:
                      - name: flights
                        profile: p.avro
                        streams:
                          - {role: inference, topic: f, event_time: at}
                          - {role: labels, topic: l, event_time: at}
                        window: {size: 1h, min_count: 50}
                        segments: [region]
                        features:
                          distance: {type: numeric}
                          origin: {type: categorical, categories: 2}
                          delay: {type: numeric, role: label}
                    """);
    private static final FieldPlan PLAN =
            FieldPlan.of(MODEL, MODEL.streams().get(0), MODEL.features());

    private final ReferenceBuilder builder = new ReferenceBuilder(MODEL, MODEL.features());
    private final Random random = new Random(4);

    private void add(long millis, double distance, String origin, String region) {
        builder.add(
                PLAN,
                new Observation(
                        millis,
                        "v1",
                        null,
                        new double[] {distance},
                        new String[] {origin},
                        new String[] {region},
                        "t",
                        0,
                        0,
                        PLAN.layout()));
    }

    private String origin() {
        int origin = random.nextInt(10);
        return origin < 5 ? "JFK" : origin < 8 ? "LAX" : origin == 8 ? "SFO" : null;
    }

    private List<ReferenceSample> build() {
        return builder.build(START, "a test");
    }

    /** Rows of so many hours; every row of the segment "east" is there three times. */
    private void hours(int hours) {
        for (int hour = 0; hour < hours; hour++) {
            for (int i = 0; i < ROWS; i++) {
                long millis = START.plus(HOUR.multipliedBy(hour)).toEpochMilli() + i;
                double distance = random.nextGaussian();
                String origin = origin();
                boolean east = i % 2 == 0;
                for (int copy = 0; copy < (east ? 3 : 1); copy++) {
                    add(millis, distance, origin, east ? "east" : "west");
                }
            }
        }
    }

    @Test
    void measuresNothingWithoutEventTimes() {
        for (int i = 0; i < 3_000; i++) {
            add(Decoded.NO_TIME, random.nextGaussian(), origin(), null);
        }

        ReferenceSample sample = build().get(0);

        assertThat(sample.blockMillis()).isZero();
        assertThat(sample.dependence().values()).containsOnly(Dependence.UNKNOWN);
        assertThat(sample.dependence().keySet())
                .containsExactlyInAnyOrder("distance", "origin", "delay");
    }

    @Test
    void measuresNothingInTooFewHoursOrTooSmallOnes() {
        hours(19);
        for (int hour = 19; hour < 40; hour++) {
            for (int i = 0; i < 49; i++) {
                add(START.plus(HOUR.multipliedBy(hour)).toEpochMilli(), 1, "JFK", null);
            }
        }

        assertThat(build())
                .hasSize(3)
                .allSatisfy(
                        sample -> {
                            assertThat(sample.blockMillis()).isZero();
                            assertThat(sample.dependenceOf("distance"))
                                    .isEqualTo(Dependence.UNKNOWN);
                        });
    }

    @Test
    void measuresEverySampleAndFeatureApart() {
        hours(400);

        List<ReferenceSample> samples = build();

        assertThat(samples)
                .extracting(s -> s.key().segmentValue())
                .containsExactly("", "east", "west");
        assertThat(samples).allSatisfy(s -> assertThat(s.blockMillis()).isEqualTo(3_600_000));
        for (String feature : List.of("distance", "origin")) {
            assertThat(samples.get(1).dependenceOf(feature).overdispersion())
                    .as(feature)
                    .isCloseTo(3, within(0.3));
            assertThat(samples.get(2).dependenceOf(feature).overdispersion())
                    .as(feature)
                    .isLessThan(1.15);
            assertThat(samples.get(0).dependenceOf(feature).overdispersion())
                    .as(feature)
                    .isCloseTo((150 * 3 + 50) / 200.0, within(0.25));
            assertThat(samples.get(0).dependenceOf(feature).blocks()).isEqualTo(400);
            assertThat(samples.get(0).dependenceOf(feature).season()).isEqualTo(Season.NONE);
        }
        assertThat(samples.get(0).dependenceOf("delay")).isEqualTo(Dependence.UNKNOWN);
    }

    @Test
    void countsTheBinsOfItsProfiles() {
        List<Double> distances = new ArrayList<>();
        List<String> origins = new ArrayList<>();
        for (int row = 0; row < 30 * 60; row++) {
            distances.add(
                    row % 50 == 0 ? Double.NaN : row % 51 == 0 ? 1.0 / 0 : random.nextGaussian());
            origins.add(origin());
            add(
                    START.plus(HOUR.multipliedBy(row % 30)).toEpochMilli(),
                    distances.get(row),
                    origins.get(row),
                    null);
        }

        ReferenceSample sample = build().get(0);

        NumericProfile numeric = (NumericProfile) sample.feature("distance");
        CategoricalProfile categorical = (CategoricalProfile) sample.feature("origin");
        assertThat(categorical.categories()).containsExactly("JFK", "LAX");
        assertThat(categorical.hasOther()).isTrue();
        List<Block> numericBlocks = new ArrayList<>();
        List<Block> categoricalBlocks = new ArrayList<>();
        for (int hour = 0; hour < 30; hour++) {
            var numbers = numeric.newCounter();
            var texts = categorical.newCounter();
            for (int row = hour; row < distances.size(); row += 30) {
                numbers.add(distances.get(row));
                texts.add(origins.get(row));
            }
            Instant start = START.plus(HOUR.multipliedBy(hour));
            numericBlocks.add(new Block(start, numeric.binned(numbers.drain())));
            categoricalBlocks.add(new Block(start, categorical.binned(texts.drain())));
        }
        assertThat(sample.dependenceOf("distance"))
                .isEqualTo(DependenceEstimator.estimate(numericBlocks, HOUR));
        assertThat(sample.dependenceOf("origin"))
                .isEqualTo(DependenceEstimator.estimate(categoricalBlocks, HOUR));
        assertThat(sample.dependenceOf("origin").isMeasured()).isTrue();
    }

    @Test
    void tellsOfNoUnlistedRowsWhereAllCategoriesAreToldApart() {
        hours(1);

        assertThat(builder.unlisted()).isEmpty();
    }
}
