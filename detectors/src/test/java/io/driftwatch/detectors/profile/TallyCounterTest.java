package io.driftwatch.detectors.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TallyCounterTest {
    private static final double[] REFERENCE = {1, 2, 3};

    @Test
    void countsEveryKindOfValue() {
        NumericProfile profile = NumericProfile.of(REFERENCE, 2);
        Tally tally =
                Samples.count(
                        profile,
                        2,
                        Double.NaN,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        2.5,
                        2);
        assertThat(tally.count()).isEqualTo(3);
        assertThat(tally.missing()).isEqualTo(1);
        assertThat(tally.infinite()).isEqualTo(2);
        assertThat(tally.rows()).isEqualTo(6);
        assertThat(tally.countOf(profile.cellOf(2))).isEqualTo(2);
        assertThat(tally.sum() * profile.moments().scale()).isEqualTo(0.5);
        assertThat(tally.sumOfSquares()).isEqualTo(0.25);
    }

    @Test
    void startsAgainFromZeroAfterDraining() {
        NumericCounter counter = NumericProfile.of(REFERENCE, 2).newCounter();
        assertThat(counter.isEmpty()).isTrue();
        counter.add(7);
        counter.add(Double.NaN);
        assertThat(counter.isEmpty()).isFalse();
        assertThat(counter.rows()).isEqualTo(2);
        assertThat(counter.drain().rows()).isEqualTo(2);
        assertThat(counter.isEmpty()).isTrue();
        assertThat(counter.drain()).isEqualTo(Tally.EMPTY);
    }

    @Test
    void countsAColumnOfABlockAsItCountsItsValuesOneByOne() {
        NumericProfile profile = NumericProfile.of(REFERENCE, 2);
        SplittableRandom random = new SplittableRandom(3);
        double[] odd = {Double.NaN, 1e308, -1e308, -0.0, Double.NEGATIVE_INFINITY, 4.5};
        double[] block = new double[7 * 50];
        for (int i = 0; i < block.length; i++) {
            block[i] = i % 5 == 0 ? odd[random.nextInt(odd.length)] : random.nextInt(6);
        }
        for (boolean cellSums : new boolean[] {false, true}) {
            NumericCounter columns = profile.newCounter(cellSums);
            NumericCounter values = profile.newCounter(cellSums);

            columns.addColumn(block, 3, 7, 0);
            assertThat(columns.isEmpty()).isTrue();
            columns.addColumn(block, 3, 7, 49);
            for (int row = 0; row < 49; row++) {
                values.add(block[7 * row + 3]);
            }

            assertThat(columns.rows()).isEqualTo(49);
            assertThat(columns.drain()).isEqualTo(values.drain());
        }
    }

    @Test
    void losesNothingWhenItsIntCountersAreFull() {
        NumericProfile profile = NumericProfile.of(REFERENCE, 2);
        NumericCounter small =
                new NumericCounter(
                        new CellLookup(profile.cellEdges()),
                        profile.cellCount(),
                        profile.moments(),
                        4);
        NumericCounter large = profile.newCounter();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 23; i++) {
                double value = i % 5 == 0 ? Double.NaN : i % 4;
                small.add(value);
                large.add(value);
                assertThat(small.rows()).isEqualTo(i + 1);
            }
            assertThat(small.drain()).isEqualTo(large.drain());
            assertThat(small.isEmpty()).isTrue();
        }
    }

    @Test
    void sumsTheValuesOfEachCellOnlyWhenAskedTo() {
        NumericProfile profile = NumericProfile.of(REFERENCE, 2);
        NumericCounter summing = profile.newCounter(true);
        NumericCounter plain = profile.newCounter(false);
        double[] values = {1.25, 1.5, 2, 7, Double.NaN, -4, Double.POSITIVE_INFINITY, 1.75};
        for (int round = 0; round < 2; round++) {
            for (double value : values) {
                summing.add(value);
                plain.add(value);
            }
            Tally sums = summing.drain();
            Tally counts = plain.drain();
            double origin = profile.moments().origin();
            double scale = profile.moments().scale();
            // In the order of the cells: below 1, between 1 and 2, 2 itself, above 3.
            assertThat(sums.cellSums())
                    .containsExactly(
                            (-4 - origin) / scale,
                            (1.25 + 1.5 + 1.75 - 3 * origin) / scale,
                            (2 - origin) / scale,
                            (7 - origin) / scale);
            assertThat(counts.hasCellSums()).isFalse();
            assertThat(counts)
                    .isEqualTo(
                            Tally.of(
                                    sums.cells(),
                                    sums.counts(),
                                    sums.missing(),
                                    sums.infinite(),
                                    sums.sum(),
                                    sums.sumOfSquares()));
        }
        summing.add(Double.NaN);
        plain.add(Double.NaN);
        assertThat(summing.drain()).isEqualTo(plain.drain());
    }

    @Test
    void takesNegativeZeroForZero() {
        NumericProfile profile = NumericProfile.of(new double[] {-0.0, 0.0, 1}, 2);
        assertThat(Samples.count(profile, -0.0)).isEqualTo(Samples.count(profile, 0.0));
        assertThat(profile.cellEdges()).doesNotContain(-0.0);
    }

    @Test
    void countsCategories() {
        CategoricalProfile profile = CategoricalProfile.of(Map.of("a", 3L, "b", 1L), 2);
        assertThat(Samples.count(profile, "b", null, "b", "nobody knows"))
                .isEqualTo(Tally.of(new int[] {1, 2}, new long[] {2, 1}, 1, 0, 0, 0));
        assertThat(profile.categories()).isEqualTo(List.of("a", "b"));
    }

    @Test
    void survivesValuesAcrossTheWholeRangeOfDoubles() {
        double[] wide = {-1.7e308, -1.7e308, -1.7e308, 1.7e308};
        NumericProfile profile = NumericProfile.of(wide, 2);
        assertThat(profile.reference().sum()).isFinite();
        assertThat(profile.reference().sumOfSquares()).isFinite();
    }
}
