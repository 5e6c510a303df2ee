package io.driftwatch.detectors.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TallyTest {
    @Test
    void mergesInAnyOrderAndGrouping() {
        Random random = new Random(1);
        for (int round = 0; round < 2000; round++) {
            Tally a = any(random);
            Tally b = any(random);
            Tally c = any(random);
            assertThat(a.plus(b)).isEqualTo(b.plus(a));
            assertThat(a.plus(b).plus(c)).isEqualTo(a.plus(b.plus(c)));
            assertThat(a.plus(Tally.EMPTY)).isEqualTo(a).isEqualTo(Tally.EMPTY.plus(a));
            assertThat(a.plus(b).rows()).isEqualTo(a.rows() + b.rows());
        }
    }

    @Test
    void survivesARoundTripThroughBytes() {
        Random random = new Random(2);
        for (int round = 0; round < 2000; round++) {
            Tally tally = any(random);
            Tally read = Tally.fromBytes(tally.toBytes());
            assertThat(read).isEqualTo(tally).hasSameHashCodeAs(tally);
            assertThat(read.toBytes()).isEqualTo(tally.toBytes());
        }
        assertThat(Tally.fromBytes(Tally.EMPTY.toBytes())).isEqualTo(Tally.EMPTY);
    }

    @Test
    void survivesARoundTripAtTheLimits() {
        Tally huge =
                Tally.of(
                        new int[] {0, Integer.MAX_VALUE - 1},
                        new long[] {1, Long.MAX_VALUE - 3},
                        1,
                        1,
                        Double.NaN,
                        Double.POSITIVE_INFINITY);
        assertThat(Tally.fromBytes(huge.toBytes())).isEqualTo(huge);
        assertThat(huge.rows()).isEqualTo(Long.MAX_VALUE);
    }

    /** Written by the version before sums of cells; states and topics hold such bytes. */
    @Test
    void readsAndStillWritesTheFirstVersion() {
        byte[] bytes =
                HexFormat.of()
                        .parseHex(
                                "0107"
                                        + "02007f"
                                        + "01ac02ff7f"
                                        + "0102"
                                        + "3fe0000000000000"
                                        + "3ff0000000000000");
        Tally tally = Tally.of(new int[] {2, 3, 131}, new long[] {1, 300, 16_383}, 1, 2, 0.5, 1);
        assertThat(Tally.fromBytes(bytes)).isEqualTo(tally);
        assertThat(tally.toBytes()).isEqualTo(bytes);
    }

    @Test
    void keepsTheSumOfEachCellWhenBothHaveIt() {
        Tally one = Tally.of(new int[] {1, 4}, new long[] {2, 3}, 0, 0, 3, 9, new double[] {1, 2});
        Tally other =
                Tally.of(new int[] {0, 4}, new long[] {1, 1}, 0, 0, 3, 9, new double[] {-1, 4});
        Tally unsummed = Tally.of(new int[] {4}, new long[] {1}, 0, 0, 4, 16);
        Tally withoutValues = Tally.of(new int[0], new long[0], 3, 1, 0, 0);

        assertThat(one.plus(other).cellSums()).containsExactly(-1, 1, 6);
        assertThat(other.plus(one)).isEqualTo(one.plus(other));
        assertThat(one.plus(withoutValues).cellSums()).containsExactly(1, 2);
        assertThat(withoutValues.plus(one).cellSum(1)).isEqualTo(2);
        assertThat(one.plus(Tally.EMPTY)).isEqualTo(one).isEqualTo(Tally.EMPTY.plus(one));
        for (Tally mixed : List.of(one.plus(unsummed), unsummed.plus(one))) {
            assertThat(mixed.hasCellSums()).isFalse();
            assertThat(mixed.cellSums()).isEmpty();
            assertThat(mixed.sum()).isEqualTo(7);
            assertThatThrownBy(() -> mixed.cellSum(0)).isInstanceOf(IllegalStateException.class);
        }
        assertThat(one).isNotEqualTo(Tally.of(one.cells(), one.counts(), 0, 0, 3, 9));
    }

    @Test
    void refusesSumsThatAreNotOneForEachCell() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                Tally.of(
                                        new int[] {1, 2},
                                        new long[] {1, 1},
                                        0,
                                        0,
                                        0,
                                        0,
                                        new double[] {1}))
                .withMessage("2 cells, but 1 sums of cells");
    }

    /** The form in state and on the wire, of a default grid and of an exact layout. */
    @Test
    void takesAFewBytesForEachNonEmptyCellOfAMillionRows() {
        NumericProfile grid = NumericProfile.of(Samples.normal(1, 20_000, 0, 1), 10);
        NumericProfile exact = NumericProfile.of(Samples.normal(2, 10_000, 0, 1), 10);
        assertThat(grid.exact()).isFalse();
        assertThat(exact.exact()).isTrue();
        for (NumericProfile profile : List.of(grid, exact)) {
            for (int rows : new int[] {1, 100, 10_000, 1_000_000}) {
                for (boolean cellSums : new boolean[] {false, true}) {
                    NumericCounter counter = profile.newCounter(cellSums);
                    for (double value : Samples.normal(rows, rows, 0.1, 1.1)) {
                        counter.add(value);
                    }
                    counter.add(Double.NaN);
                    counter.add(Double.POSITIVE_INFINITY);
                    Tally tally = counter.drain();
                    int perCell = 4 + (cellSums ? 8 : 0);
                    assertThat(tally.hasCellSums()).isEqualTo(cellSums);
                    assertThat(tally.toBytes())
                            .hasSizeLessThanOrEqualTo(64 + perCell * tally.size());
                    assertThat(Tally.fromBytes(tally.toBytes())).isEqualTo(tally);
                }
            }
        }
    }

    /** Far apart and large: what takes most bytes, in any mixture. */
    @Test
    void takesAFewBytesForEachCellWhereverTheRowsLie() {
        Random random = new Random(4);
        for (int round = 0; round < 20_000; round++) {
            int size = 1 + random.nextInt(round % 2 == 0 ? 70 : 300);
            int distance = round % 3 == 0 ? 1 + random.nextInt(20_000 / size) : 20_000 / size;
            long most = Math.max(1, 1_000_000 / size);
            long floor = round % 5 == 0 ? Math.min(most, 16_384) : 1;
            int[] cells = new int[size];
            long[] counts = new long[size];
            long rest = 1_000_000;
            for (int i = 0; i < size; i++) {
                cells[i] = i * distance + random.nextInt(distance);
                long wanted = floor + random.nextInt((int) (2 * most));
                counts[i] = Math.max(1, Math.min(wanted, rest - size));
                rest -= counts[i];
            }
            double[] sums = random.doubles(size).toArray();
            Tally plain = Tally.of(cells, counts, 999_999, 999_999, 1, 1);
            Tally summed = Tally.of(cells, counts, 999_999, 999_999, 1, 1, sums);
            assertThat(plain.toBytes()).hasSizeLessThanOrEqualTo(64 + 4 * size);
            assertThat(summed.toBytes()).hasSizeLessThanOrEqualTo(64 + 12 * size);
            assertThat(Tally.fromBytes(plain.toBytes())).isEqualTo(plain);
            assertThat(Tally.fromBytes(summed.toBytes())).isEqualTo(summed);
        }
        // The first version would take 5 bytes for each of these.
        int[] cells = new int[61];
        long[] counts = new long[61];
        for (int i = 0; i < 61; i++) {
            cells[i] = 300 * i + 200;
            counts[i] = 16_393;
        }
        assertThat(Tally.of(cells, counts, 0, 0, 1, 1).toBytes()).hasSizeLessThan(64 + 4 * 61);
    }

    @Test
    void isCompact() {
        int[] cells = new int[200];
        long[] counts = new long[200];
        for (int i = 0; i < 200; i++) {
            cells[i] = 2 * i;
            counts[i] = 50;
        }
        assertThat(Tally.of(cells, counts, 0, 0, 1, 2).toBytes()).hasSizeLessThan(430);
    }

    @Test
    void refusesBytesThatAreNoTally() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tally.fromBytes(new byte[0]))
                .withMessage("Not a tally: no bytes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tally.fromBytes(new byte[] {7, 0, 0, 0}))
                .withMessage("Not a tally of version 1 or 2: first byte 7");
        int[] cells = {3};
        long[] counts = {30_000};
        for (Tally tally :
                List.of(
                        Tally.of(cells, new long[] {300}, 1, 2, 0.5, 1),
                        Tally.of(cells, counts, 1, 2, 0.5, 1),
                        Tally.of(cells, counts, 1, 2, 0.5, 1, new double[] {0.5}))) {
            byte[] bytes = tally.toBytes();
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThatIllegalArgumentException().isThrownBy(() -> Tally.fromBytes(cut));
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tally.fromBytes(Arrays.copyOf(bytes, bytes.length + 2)))
                    .withMessageContaining("2 bytes too many");
        }
    }

    @Test
    void answersGarbageWithAnIllegalArgumentOrATallyButNothingElse() {
        Random random = new Random(3);
        for (int round = 0; round < 100_000; round++) {
            byte[] bytes = new byte[1 + random.nextInt(24)];
            random.nextBytes(bytes);
            bytes[0] = (byte) (1 + round % 2);
            try {
                Tally tally = Tally.fromBytes(bytes);
                assertThat(Tally.fromBytes(tally.toBytes())).isEqualTo(tally);
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageStartingWith("Corrupt tally: ");
            }
        }
    }

    @Test
    void refusesPartsThatDoNotFit() {
        assertRefused("2 cells, but 1 counts", new int[] {1, 2}, new long[] {1}, 0, 0);
        assertRefused("cells[1] is 1", new int[] {1, 1}, new long[] {1, 1}, 0, 0);
        assertRefused("cells[0] is -1", new int[] {-1}, new long[] {1}, 0, 0);
        assertRefused("counts[0] is 0", new int[] {1}, new long[] {0}, 0, 0);
        assertRefused("missing is -1", new int[] {1}, new long[] {1}, -1, 0);
        assertRefused("sum to more", new int[] {1}, new long[] {Long.MAX_VALUE}, 1, 0);
        assertRefused("The sums 2.0 and 0.0", new int[0], new long[0], 1, 2.0);
    }

    @Test
    void refusesToMergeBeyondTheRangeOfLong() {
        Tally huge = Tally.of(new int[] {0}, new long[] {Long.MAX_VALUE}, 0, 0, 0, 0);
        assertThatIllegalArgumentException().isThrownBy(() -> huge.plus(huge));
    }

    @Test
    void cannotBeChangedThroughItsArrays() {
        int[] cells = {1};
        long[] counts = {1};
        double[] sums = {1};
        Tally tally = Tally.of(cells, counts, 0, 0, 0, 0, sums);
        cells[0] = 9;
        counts[0] = 9;
        sums[0] = 9;
        tally.cells()[0] = 9;
        tally.counts()[0] = 9;
        tally.cellSums()[0] = 9;
        assertThat(tally)
                .isEqualTo(Tally.of(new int[] {1}, new long[] {1}, 0, 0, 0, 0, new double[] {1}));
    }

    private static void assertRefused(
            String message, int[] cells, long[] counts, long missing, double sum) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tally.of(cells, counts, missing, 0, sum, 0))
                .withMessageContaining(message);
    }

    /** Sums are whole numbers, which doubles add exactly. */
    private static Tally any(Random random) {
        TreeMap<Integer, Long> cells = new TreeMap<>();
        int size = random.nextInt(12);
        for (int i = 0; i < size; i++) {
            cells.put(random.nextInt(1 << (1 + random.nextInt(20))), 1 + random.nextLong() % 1000);
        }
        cells.replaceAll((cell, count) -> Math.max(1, Math.abs(count)));
        boolean sums = random.nextBoolean();
        return Tally.of(
                cells.keySet().stream().mapToInt(cell -> cell).toArray(),
                cells.values().stream().mapToLong(count -> count).toArray(),
                random.nextInt(3),
                random.nextInt(3),
                cells.isEmpty() ? 0 : random.nextInt(100) - 50,
                cells.isEmpty() ? 0 : random.nextInt(100),
                random.ints(sums ? cells.size() : 0, -50, 50).asDoubleStream().toArray());
    }
}
