package io.driftwatch.detectors.dependence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Seasons found, and not found, by {@link DependenceEstimator}. */
class SeasonalityTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int BINS = 8;

    private static double nothing(OffsetDateTime unused) {
        return 0;
    }

    private static double daylight(OffsetDateTime time) {
        return Math.sin(2 * Math.PI * time.getHour() / 24);
    }

    private static double weekend(OffsetDateTime time) {
        return time.getDayOfWeek().compareTo(DayOfWeek.SATURDAY) >= 0 ? 1 : 0;
    }

    /**
     * Counts of which the first bin gains at the cost of the last one where the tilt is above 0.
     */
    private static long[] counts(SplittableRandom random, int rows, double tilt) {
        double edge = (1 + Math.max(-1, Math.min(1, tilt))) / BINS;
        long[] counts = new long[BINS];
        for (int i = 0; i < rows; i++) {
            double value = random.nextDouble();
            int bin = (int) (value * BINS);
            if (bin == 0 || bin == BINS - 1) {
                bin = random.nextDouble() * 2 / BINS < edge ? 0 : BINS - 1;
            }
            counts[bin]++;
        }
        return counts;
    }

    private static List<Block> blocks(
            SplittableRandom random,
            Duration length,
            int number,
            ToDoubleFunction<OffsetDateTime> tilt) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            Instant start = START.plus(length.multipliedBy(i));
            double tilted = tilt.applyAsDouble(start.atOffset(ZoneOffset.UTC));
            blocks.add(new Block(start, counts(random, 300, tilted)));
        }
        return blocks;
    }

    private static Dependence estimate(
            Duration length, int number, ToDoubleFunction<OffsetDateTime> tilt) {
        SplittableRandom random = new SplittableRandom(11);
        return DependenceEstimator.estimate(blocks(random, length, number, tilt), length);
    }

    @Test
    void findsThatAFeatureVariesWithTheHourOfDay() {
        Dependence found = estimate(HOUR, 24 * 20, time -> 0.3 * daylight(time));

        assertThat(found.season()).isEqualTo(Season.HOUR_OF_DAY);
        assertThat(found.seasonRatio()).isGreaterThan(3);
        assertThat(found.overdispersion()).isGreaterThan(1.1);
    }

    @Test
    void findsThatAFeatureVariesWithTheDayOfTheWeek() {
        Dependence found = estimate(HOUR, 24 * 21, time -> 0.3 * weekend(time));

        assertThat(found.season()).isEqualTo(Season.DAY_OF_WEEK);
        assertThat(found.seasonRatio()).isGreaterThan(3);
    }

    @Test
    void findsDaysOfTheWeekInBlocksOfADay() {
        assertThat(estimate(Duration.ofDays(1), 40, SeasonalityTest::weekend).season())
                .isEqualTo(Season.DAY_OF_WEEK);
    }

    @Test
    void namesTheSeasonThatVariesMore() {
        assertThat(
                        estimate(HOUR, 24 * 28, time -> 0.5 * daylight(time) + 0.05 * weekend(time))
                                .season())
                .isEqualTo(Season.HOUR_OF_DAY);
        assertThat(
                        estimate(HOUR, 24 * 28, time -> 0.05 * daylight(time) + 0.5 * weekend(time))
                                .season())
                .isEqualTo(Season.DAY_OF_WEEK);
    }

    @Test
    void needsTwoDaysForHoursAndTwoWeeksForDays() {
        assertThat(estimate(HOUR, 47, SeasonalityTest::daylight).season()).isEqualTo(Season.NONE);
        assertThat(estimate(HOUR, 48, SeasonalityTest::daylight).season())
                .isEqualTo(Season.HOUR_OF_DAY);
        assertThat(estimate(Duration.ofHours(12), 27, SeasonalityTest::weekend).season())
                .isEqualTo(Season.NONE);
        assertThat(estimate(Duration.ofHours(12), 28, SeasonalityTest::weekend).season())
                .isEqualTo(Season.DAY_OF_WEEK);
    }

    @Test
    void looksForNoSeasonShorterThanItsBlocks() {
        assertThat(estimate(Duration.ofHours(13), 300, SeasonalityTest::daylight).season())
                .isEqualTo(Season.NONE);
        assertThat(estimate(Duration.ofHours(25), 300, SeasonalityTest::weekend).season())
                .isEqualTo(Season.NONE);
    }

    private interface Reference {
        List<Block> blocks(SplittableRandom random);
    }

    private static int seasonsIn(int references, Reference reference) {
        int found = 0;
        for (int seed = 0; seed < references; seed++) {
            List<Block> blocks = reference.blocks(new SplittableRandom(seed));
            if (DependenceEstimator.estimate(blocks, HOUR).season() != Season.NONE) {
                found++;
            }
        }
        return found;
    }

    @Test
    void inventsNoSeasonInIndependentRows() {
        assertThat(
                        seasonsIn(
                                1_000,
                                random -> blocks(random, HOUR, 24 * 15, SeasonalityTest::nothing)))
                .isLessThanOrEqualTo(7);
    }

    @Test
    void inventsNoSeasonInBlocksThatVaryTogether() {
        assertThat(
                        seasonsIn(
                                1_000,
                                random ->
                                        blocks(
                                                random,
                                                HOUR,
                                                24 * 15,
                                                time -> 0.4 * random.nextGaussian())))
                .isLessThanOrEqualTo(7);
    }

    @Test
    void takesDaysThatDifferByChanceForNoDaysOfTheWeek() {
        assertThat(
                        seasonsIn(
                                1_000,
                                random -> {
                                    double[] ofDay = new double[22];
                                    Arrays.setAll(ofDay, i -> 0.4 * random.nextGaussian());
                                    return blocks(
                                            random,
                                            HOUR,
                                            24 * 21,
                                            time -> ofDay[time.getDayOfMonth() % 22]);
                                }))
                .isLessThanOrEqualTo(7);
    }
}
