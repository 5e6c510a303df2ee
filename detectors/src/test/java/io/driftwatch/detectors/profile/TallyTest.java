package io.driftwatch.detectors.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
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
                .withMessage("Not a tally of version 1: first byte 7");
        byte[] bytes = Tally.of(new int[] {3}, new long[] {300}, 1, 2, 0.5, 1).toBytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatIllegalArgumentException().isThrownBy(() -> Tally.fromBytes(cut));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tally.fromBytes(Arrays.copyOf(bytes, bytes.length + 2)))
                .withMessageContaining("2 bytes too many");
    }

    @Test
    void answersGarbageWithAnIllegalArgumentOrATallyButNothingElse() {
        Random random = new Random(3);
        for (int round = 0; round < 100_000; round++) {
            byte[] bytes = new byte[1 + random.nextInt(24)];
            random.nextBytes(bytes);
            bytes[0] = 1;
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
        Tally tally = Tally.of(cells, counts, 0, 0, 0, 0);
        cells[0] = 9;
        counts[0] = 9;
        tally.cells()[0] = 9;
        tally.counts()[0] = 9;
        assertThat(tally).isEqualTo(Tally.of(new int[] {1}, new long[] {1}, 0, 0, 0, 0));
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
        return Tally.of(
                cells.keySet().stream().mapToInt(cell -> cell).toArray(),
                cells.values().stream().mapToLong(count -> count).toArray(),
                random.nextInt(3),
                random.nextInt(3),
                cells.isEmpty() ? 0 : random.nextInt(100) - 50,
                cells.isEmpty() ? 0 : random.nextInt(100));
    }
}
