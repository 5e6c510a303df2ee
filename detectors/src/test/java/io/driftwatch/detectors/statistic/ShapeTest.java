package io.driftwatch.detectors.statistic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void drawsBothSamplesAtOneScale() {
        Shape shape = Shape.of(new long[] {10, 10, 10, 10}, new long[] {0, 5, 30, 5}, true);

        assertThat(shape.reference()).isEqualTo("▃▃▃▃");
        assertThat(shape.window()).isEqualTo("▁▂█▂");
    }

    @Test
    void theSizeOfTheSamplesDoesNotMatter() {
        long[] counts = {1, 2, 3};
        long[] many = Arrays.stream(counts).map(c -> c * 1_000_000_000L).toArray();
        Shape shape = Shape.of(counts, many, true);

        assertThat(shape.reference()).isEqualTo(shape.window()).hasSize(3);
    }

    @Test
    void manyOrderedBinsGoTogetherWithTheirNeighbours() {
        long[] rising = LongStream.range(0, 1000).toArray();
        Shape shape = Shape.of(rising, rising, true);

        assertThat(shape.window()).hasSize(Shape.MOST_BARS).startsWith("▁").endsWith("█");
        assertThat(shape.window().chars().boxed().toList()).isSorted();
        long[] oneMore = LongStream.range(0, 21).toArray();
        assertThat(Shape.of(oneMore, oneMore, true).window()).hasSize(20);
    }

    @Test
    void ofManyCategoriesTheMostFrequentComeFirstAndTheRestLast() {
        long[] reference = new long[30];
        Arrays.fill(reference, 1);
        reference[29] = 100;
        reference[7] = 50;
        long[] window = new long[30];
        window[3] = 1;
        window[28] = 3;
        Shape shape = Shape.of(reference, window, false);

        assertThat(shape.reference()).hasSize(Shape.MOST_BARS).startsWith("▆▄▁");
        assertThat(shape.window()).startsWith("▁▁").endsWith("█");
    }

    @Test
    void oneBinIsOneCharacter() {
        assertThat(Shape.of(new long[] {5}, new long[] {9}, true)).isEqualTo(new Shape("█", "█"));
    }
}
