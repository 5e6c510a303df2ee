package io.driftwatch.detectors.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.driftwatch.detectors.FeatureType;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class NumericProfileTest {
    private static final double[] SAMPLE = {1, 2, 2, 3, 5, 8};

    @Test
    void givesEveryDistinctValueACellWhenThereAreFew() {
        NumericProfile profile = NumericProfile.of(SAMPLE, 2);
        assertThat(profile.exact()).isTrue();
        assertThat(profile.type()).isEqualTo(FeatureType.NUMERIC);
        assertThat(profile.cellCount()).isEqualTo(11);
        for (double value : SAMPLE) {
            assertThat(profile.isAtom(profile.cellOf(value))).isTrue();
            assertThat(profile.isAtom(profile.cellOf(value + 0.5))).isFalse();
        }
        assertThat(profile.reference().count()).isEqualTo(6);
        assertThat(profile.reference().countOf(profile.cellOf(2))).isEqualTo(2);
    }

    @Test
    void cutsManyDistinctValuesIntoCellsOfEqualShare() {
        double[] sample = Samples.normal(1, 40_000, 0, 1);
        NumericProfile profile = NumericProfile.of(sample, 10);
        assertThat(profile.exact()).isFalse();
        assertThat(profile.cellCount()).isBetween(200, 220);
        assertThat(profile.binCount()).isEqualTo(10);
        assertThat(profile.binned(profile.reference())).containsOnly(4_000);
        for (long count : profile.reference().counts()) {
            assertThat(count).isLessThanOrEqualTo(200);
        }
    }

    @Test
    void switchesLayoutAtTheLimit() {
        double[] atLimit = DoubleStream.iterate(0, x -> x + 1).limit(10_000).toArray();
        double[] beyond = DoubleStream.iterate(0, x -> x + 1).limit(10_001).toArray();
        assertThat(NumericProfile.of(atLimit, 10).exact()).isTrue();
        assertThat(NumericProfile.of(beyond, 10).exact()).isFalse();
    }

    @Test
    void countsValuesOutsideTheRangeExactlyInBothLayouts() {
        for (double[] sample : new double[][] {SAMPLE, Samples.normal(2, 30_000, 5, 2)}) {
            NumericProfile profile = NumericProfile.of(sample, 10);
            double minimum = Arrays.stream(sample).min().orElseThrow();
            double maximum = Arrays.stream(sample).max().orElseThrow();
            Tally tally =
                    Samples.count(
                            profile,
                            minimum,
                            maximum,
                            5,
                            Math.nextDown(minimum),
                            Math.nextUp(maximum),
                            -1e300,
                            1e300);
            assertThat(profile.outOfRange(tally)).isEqualTo(4);
            assertThat(profile.outOfRange(profile.reference())).isZero();
        }
    }

    @Test
    void keepsItsEdgesWhenMinimumOrMaximumIsTheLastDouble() {
        double[] sample = {-Double.MAX_VALUE, Double.MAX_VALUE, 0};
        NumericProfile profile = NumericProfile.of(sample, 2);
        assertThat(DoubleStream.of(profile.cellEdges()).allMatch(Double::isFinite)).isTrue();
        for (double value : sample) {
            assertThat(profile.isAtom(profile.cellOf(value))).isTrue();
        }
        assertThat(profile.outOfRange(profile.reference())).isZero();
    }

    @Test
    void takesGivenBinEdges() {
        NumericProfile profile = NumericProfile.of(SAMPLE, new double[] {-0.0, 2, 2.5, 100});
        assertThat(profile.binEdges()).containsExactly(0.0, 2, 2.5, 100);
        assertThat(profile.binned(profile.reference())).containsExactly(0, 3, 0, 3, 0);
        assertThat(profile.binned(Samples.count(profile, 2, 2.1, 2.5, 101)))
                .containsExactly(0, 1, 2, 0, 1);
    }

    @Test
    void refusesBinsThatMakeNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NumericProfile.of(SAMPLE, 1))
                .withMessageContaining("bins is 1, expected 2 to 10000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NumericProfile.of(SAMPLE, new double[0]))
                .withMessageContaining("no bin edges");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NumericProfile.of(SAMPLE, new double[] {1, 1}))
                .withMessageContaining("binEdges[1] is 1.0, not above");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NumericProfile.of(SAMPLE, new double[] {Double.NaN}))
                .withMessageContaining("binEdges[0] is NaN");
    }

    @Test
    void standsWithoutAFiniteValue() {
        NumericProfile profile =
                NumericProfile.of(new double[] {Double.NaN, Double.POSITIVE_INFINITY}, 10);
        assertThat(profile.cellCount()).isEqualTo(1);
        assertThat(profile.moments()).isEqualTo(Moments.UNKNOWN);
        assertThat(profile.reference().missing()).isEqualTo(1);
        assertThat(profile.reference().infinite()).isEqualTo(1);
        assertThat(restored(profile)).isEqualTo(profile);
    }

    @Test
    void doesNotModifyTheSample() {
        double[] sample = {3, -0.0, Double.NaN, 1};
        double[] copy = sample.clone();
        NumericProfile.of(sample, 2);
        assertThat(sample).isEqualTo(copy);
    }

    @Test
    void isTheSameAfterARoundTrip() {
        Random random = new Random(3);
        for (int round = 0; round < 300; round++) {
            double[] sample = Samples.nasty(random, random.nextInt(60));
            NumericProfile profile = NumericProfile.of(sample, 2 + random.nextInt(20));
            assertThat(restored(profile)).isEqualTo(profile).hasSameHashCodeAs(profile);
        }
        NumericProfile grid = NumericProfile.of(Samples.normal(4, 20_000, 0, 1), 10);
        assertThat(restored(grid)).isEqualTo(grid);
    }

    @Test
    void refusesToRestorePartsThatDoNotFit() {
        NumericProfile profile = NumericProfile.of(SAMPLE, new double[] {4});
        double[] edges = profile.cellEdges();
        double[] bins = profile.binEdges();
        Tally reference = profile.reference();
        Moments moments = profile.moments();

        double[] falling = edges.clone();
        falling[1] = falling[0];
        assertRefused("cellEdges[1]", falling, bins, reference, moments);
        double[] unknown = edges.clone();
        unknown[0] = Double.NaN;
        assertRefused("cellEdges[0] is NaN", unknown, bins, reference, moments);
        assertRefused(
                "binEdges[0] 4.5 is not among", edges, new double[] {4.5}, reference, moments);
        assertRefused("binEdges[1]", edges, new double[] {4, 3}, reference, moments);
        assertRefused(
                "counts cell 99",
                edges,
                bins,
                Tally.of(new int[] {99}, new long[] {1}, 0, 0, 0, 0),
                moments);
        assertRefused(
                "said to be exact",
                edges,
                bins,
                Tally.of(new int[] {2}, new long[] {1}, 0, 0, 0, 0),
                moments);
        assertRefused(
                "value below the minimum",
                edges,
                bins,
                reference,
                new Moments(1.5, 8, 3.5, 1, 3, 1));
        assertRefused("The maximum", edges, bins, reference, new Moments(1, 9, 3.5, 1, 3, 1));
        assertRefused(
                "values outside its own range",
                edges,
                bins,
                reference,
                new Moments(2, 8, 3.5, 1, 3, 1));
        assertRefused("no finite value", edges, bins, Tally.EMPTY, moments);
    }

    @Test
    void knowsTheSumOfEachCellOfItsReference() {
        NumericProfile exact = NumericProfile.of(SAMPLE, 2);
        double origin = exact.moments().origin();
        double scale = exact.moments().scale();
        assertThat(exact.reference().cellSums()).isEmpty();
        assertThat(exact.referenceCellSums())
                .containsExactly(
                        (1 - origin) / scale,
                        2 * (2 - origin) / scale,
                        (3 - origin) / scale,
                        (5 - origin) / scale,
                        (8 - origin) / scale);

        double[] sample = Samples.normal(5, 20_000, 7, 2);
        NumericProfile grid = NumericProfile.of(sample, 10);
        assertThat(grid.referenceCellSums()).isEqualTo(grid.reference().cellSums());
        assertThat(Arrays.stream(grid.referenceCellSums()).sum())
                .isCloseTo(grid.reference().sum(), within(1e-9));
        int last = grid.reference().size() - 1;
        double edge = grid.lowerEdge(grid.reference().cell(last));
        assertThat(grid.reference().cellSum(last))
                .isCloseTo(
                        Arrays.stream(sample)
                                .filter(x -> x > edge)
                                .map(x -> (x - grid.moments().origin()) / grid.moments().scale())
                                .sum(),
                        within(1e-9));
    }

    @Test
    void isTheSameAfterARoundTripWithItsSumsApart() {
        NumericProfile grid = NumericProfile.of(Samples.normal(6, 20_000, 7, 2), 10);
        Tally reference = grid.reference();
        Tally unsummed =
                Tally.of(
                        reference.cells(),
                        reference.counts(),
                        reference.missing(),
                        reference.infinite(),
                        reference.sum(),
                        reference.sumOfSquares());
        assertThat(restored(grid, unsummed, reference.cellSums()))
                .isEqualTo(grid)
                .hasSameHashCodeAs(grid);
        NumericProfile old = restored(grid, unsummed, new double[0]);
        assertThat(old.reference().hasCellSums()).isFalse();
        assertThat(old.referenceCellSums()).isEmpty();
        assertThat(old).isNotEqualTo(grid);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> restored(grid, unsummed, new double[] {1}))
                .withMessageContaining("1 sums of cells for");
        double[] wrong = reference.cellSums();
        wrong[3] = -wrong[3];
        assertThatIllegalArgumentException()
                .isThrownBy(() -> restored(grid, unsummed, wrong))
                .withMessageContaining("The sum of cell " + reference.cell(3));
        wrong[3] = Double.NaN;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> restored(grid, unsummed, wrong))
                .withMessageContaining("is NaN, which cannot be");
    }

    private static NumericProfile restored(
            NumericProfile profile, Tally reference, double[] cellSums) {
        return NumericProfile.restore(
                profile.cellEdges(),
                profile.binEdges(),
                profile.exact(),
                reference,
                profile.moments(),
                cellSums);
    }

    @Test
    void refusesMomentsThatAreNone() {
        double unknown = Double.NaN;
        assertMomentsRefused("scale is 0.0", 1, 2, 1.5, 1, 0);
        assertMomentsRefused("scale is NaN", 1, 2, 1.5, 1, unknown);
        assertMomentsRefused("minimum 3.0 is above", 3, 2, unknown, 1, 1);
        assertMomentsRefused("mean 7.0 is outside", 1, 2, 7, 1, 1);
        assertMomentsRefused("sd is -1.0", 1, 2, 1.5, -1, 1);
        assertMomentsRefused("maximum is Infinity", 1, Double.POSITIVE_INFINITY, 1.5, 1, 1);
    }

    @Test
    void knowsMomentsAtEveryScale() {
        for (double unit : new double[] {1e300, 1, 1e-300}) {
            Moments moments =
                    NumericProfile.of(new double[] {unit, 2 * unit, 3 * unit, 6 * unit}, 2)
                            .moments();
            assertThat(moments.mean() / unit).isBetween(3 - 1e-14, 3 + 1e-14);
            assertThat(moments.sd() / unit)
                    .isBetween(Math.sqrt(14 / 3.0) - 1e-14, Math.sqrt(14 / 3.0) + 1e-14);
            assertThat(moments.kurtosis()).isBetween(2 - 1e-12, 2 + 1e-12);
            assertThat(moments.scale() / unit).isBetween(0.5, 4.4);
        }
        Moments constant = NumericProfile.of(new double[] {0.1, 0.1, 0.1}, 2).moments();
        assertThat(constant.mean()).isEqualTo(0.1);
        assertThat(constant.sd()).isZero();
        assertThat(constant.kurtosis()).isNaN();
    }

    private static NumericProfile restored(NumericProfile profile) {
        return NumericProfile.restore(
                profile.cellEdges(),
                profile.binEdges(),
                profile.exact(),
                Tally.fromBytes(profile.reference().toBytes()),
                profile.moments());
    }

    private static void assertRefused(
            String message, double[] cells, double[] bins, Tally reference, Moments moments) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NumericProfile.restore(cells, bins, true, reference, moments))
                .withMessageContaining(message);
    }

    private static void assertMomentsRefused(
            String message, double minimum, double maximum, double mean, double sd, double scale) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Moments(minimum, maximum, mean, sd, 3, scale))
                .withMessageContaining(message);
    }

    @Test
    void profilesThatCountAlikeHaveTheSameLayoutAndOthersHaveNot() {
        NumericProfile profile = NumericProfile.of(new double[] {1, 2, 3, 4}, 2);
        NumericProfile again =
                NumericProfile.restore(
                        profile.cellEdges(),
                        profile.binEdges(),
                        profile.exact(),
                        profile.reference(),
                        profile.moments());

        assertThat(again.layout()).isEqualTo(profile.layout());
        assertThat(NumericProfile.of(new double[] {1, 2, 3, 5}, 2).layout())
                .isNotEqualTo(profile.layout());
    }
}
