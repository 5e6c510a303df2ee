package io.driftwatch.detectors.dependence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;

class DependenceEstimatorTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int BINS = 10;
    private static final int ROWS = 300;

    /** How many copies there are of each row, and by how much the mean of a block wanders. */
    private record Rows(int copies, double wander) {}

    private static final Rows INDEPENDENT = new Rows(1, 0);

    /** Rows of a normal law in bins of equal share, the mean shifted by {@code shift}. */
    private static long[] counts(SplittableRandom random, Rows rows, double shift) {
        long[] counts = new long[BINS];
        double mean = shift + rows.wander() * random.nextGaussian();
        for (int i = 0; i < ROWS / rows.copies(); i++) {
            counts[bin(mean + random.nextGaussian())] += rows.copies();
        }
        return counts;
    }

    private static int bin(double value) {
        double[] deciles = {
            -1.2815515655,
            -0.8416212336,
            -0.5244005127,
            -0.2533471031,
            0,
            0.2533471031,
            0.5244005127,
            0.8416212336,
            1.2815515655
        };
        int bin = 0;
        while (bin < deciles.length && deciles[bin] < value) {
            bin++;
        }
        return bin;
    }

    private static List<Block> blocks(SplittableRandom random, int number, Rows rows) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            blocks.add(new Block(START.plus(HOUR.multipliedBy(i)), counts(random, rows, 0)));
        }
        return blocks;
    }

    private static List<Block> blocks(long[]... counts) {
        List<Block> blocks = new ArrayList<>();
        for (long[] each : counts) {
            blocks.add(new Block(START.plus(HOUR.multipliedBy(blocks.size())), each));
        }
        return blocks;
    }

    private static double meanOverdispersion(int references, int number, Rows rows) {
        double sum = 0;
        for (int seed = 0; seed < references; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            sum +=
                    DependenceEstimator.estimate(blocks(random, number, rows), HOUR)
                            .overdispersion();
        }
        return sum / references;
    }

    @Test
    void refusesBlocksOverDifferentBins() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                DependenceEstimator.estimate(
                                        blocks(new long[] {1, 2}, new long[] {1}), HOUR))
                .withMessageContaining("has 1 bins, the first one 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Block(START, new long[] {1, -2}))
                .withMessageContaining("binCounts[1] of the block at 2026-03-01T00:00:00Z is -2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DependenceEstimator.estimate(List.of(), Duration.ZERO))
                .withMessageContaining("block length");
    }

    @Test
    void saysNothingOfFewerThanTwentyBlocks() {
        SplittableRandom random = new SplittableRandom(1);
        List<Block> nineteen = blocks(random, 19, INDEPENDENT);

        assertThat(DependenceEstimator.estimate(List.of(), HOUR)).isEqualTo(Dependence.UNKNOWN);
        assertThat(DependenceEstimator.estimate(nineteen, HOUR)).isEqualTo(Dependence.UNKNOWN);
        assertThat(DependenceEstimator.estimate(blocks(random, 20, INDEPENDENT), HOUR).blocks())
                .isEqualTo(20);
    }

    @Test
    void takesNoNoticeOfEmptyBlocksAndBins() {
        List<Block> full = blocks(new SplittableRandom(2), 40, new Rows(3, 0.2));
        List<Block> padded = new ArrayList<>();
        for (Block block : full) {
            long[] wider = new long[BINS + 2];
            System.arraycopy(block.binCounts(), 0, wider, 1, BINS);
            padded.add(new Block(block.start(), wider));
            padded.add(new Block(block.start().plusSeconds(1800), new long[BINS + 2]));
        }

        Dependence found = DependenceEstimator.estimate(padded, HOUR);

        assertThat(found).isEqualTo(DependenceEstimator.estimate(full, HOUR));
        assertThat(found.blocks()).isEqualTo(40);
        assertThat(found.isMeasured()).isTrue();
    }

    @Test
    void saysNothingWhereAllValuesAreInOneBin() {
        long[][] counts = new long[30][];
        Arrays.setAll(counts, i -> new long[] {0, i + 1, 0});

        assertThat(DependenceEstimator.estimate(blocks(counts), HOUR))
                .isEqualTo(Dependence.UNKNOWN);
    }

    @Test
    void agreesWithTheChiSquareOfEachBlockAgainstAllOthers() {
        List<Block> blocks = blocks(new SplittableRandom(3), 25, new Rows(4, 0));
        double sum = 0;
        for (int i = 0; i < blocks.size(); i++) {
            long[] others = new long[BINS];
            for (int j = 0; j < blocks.size(); j++) {
                for (int bin = 0; j != i && bin < BINS; bin++) {
                    others[bin] += blocks.get(j).binCounts()[bin];
                }
            }
            sum +=
                    ChiSquareTest.withDefaults()
                            .test(new long[][] {blocks.get(i).binCounts(), others})
                            .getStatistic();
        }

        assertThat(DependenceEstimator.estimate(blocks, HOUR).overdispersion())
                .isCloseTo(sum / 25 / (BINS - 1), within(1e-9));
    }

    @Test
    void isAboutOneForIndependentRows() {
        assertThat(meanOverdispersion(300, 200, INDEPENDENT)).isBetween(1.0, 1.03);
    }

    @Test
    void isAboutTheNumberOfCopiesOfEachRow() {
        assertThat(meanOverdispersion(100, 100, new Rows(2, 0))).isCloseTo(2, within(0.04));
        assertThat(meanOverdispersion(100, 100, new Rows(5, 0))).isCloseTo(5, within(0.1));
    }

    @Test
    void growsWithTheEffectsOfBlocks() {
        double little = meanOverdispersion(50, 100, new Rows(1, 0.05));
        double much = meanOverdispersion(50, 100, new Rows(1, 0.2));
        assertThat(little).isGreaterThan(1.05);
        assertThat(much).isGreaterThan(1.5 * little);
    }

    /** Alarms per window of the chi-square test at 0.001, without and with the overdispersion. */
    private static double[] falseAlarms(Rows rows) {
        double critical = ChiSquaredDistribution.of(BINS - 1).inverseSurvivalProbability(0.001);
        int references = 300;
        int windows = 200;
        double[] alarms = new double[2];
        for (int seed = 0; seed < references; seed++) {
            SplittableRandom random = new SplittableRandom(1_000 + seed);
            List<Block> blocks = blocks(random, 100, rows);
            double phi = DependenceEstimator.estimate(blocks, HOUR).overdispersion();
            double[] reference = new double[BINS];
            for (Block block : blocks) {
                for (int bin = 0; bin < BINS; bin++) {
                    reference[bin] += block.binCounts()[bin];
                }
            }
            for (int i = 0; i < windows; i++) {
                double chiSquare = chiSquare(reference, counts(random, rows, 0));
                alarms[0] += chiSquare > critical ? 1 : 0;
                alarms[1] += chiSquare / phi > critical ? 1 : 0;
            }
        }
        alarms[0] /= (double) references * windows;
        alarms[1] /= (double) references * windows;
        return alarms;
    }

    private static double chiSquare(double[] reference, long[] window) {
        double rows = Arrays.stream(reference).sum();
        double count = Arrays.stream(window).sum();
        double sum = 0;
        for (int bin = 0; bin < BINS; bin++) {
            double difference = reference[bin] * count - window[bin] * rows;
            sum += difference * difference / (rows * count * (reference[bin] + window[bin]));
        }
        return sum;
    }

    @Test
    void keepsTheFalseAlarmRateWithCopiedRows() {
        double[] two = falseAlarms(new Rows(2, 0));
        assertThat(two[0]).as("X2 alone, 2 copies").isBetween(0.09, 0.16);
        assertThat(two[1]).as("X2 / phi, 2 copies").isBetween(0.0005, 0.0022);
        double[] five = falseAlarms(new Rows(5, 0));
        assertThat(five[0]).as("X2 alone, 5 copies").isBetween(0.7, 0.85);
        assertThat(five[1]).as("X2 / phi, 5 copies").isBetween(0.0005, 0.0025);
    }

    @Test
    void costsNothingWithIndependentRows() {
        double[] alarms = falseAlarms(INDEPENDENT);
        assertThat(alarms[0]).isBetween(0.0005, 0.0018);
        assertThat(alarms[1]).isBetween(0.0003, 0.0015);
    }
}
