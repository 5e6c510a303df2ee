package io.driftwatch.job.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.detectors.dependence.Block;
import io.driftwatch.job.decode.Decoded;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeBlocksTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private static int block(String time) {
        return TimeBlocks.indexOf(Instant.parse(time).toEpochMilli(), HOUR);
    }

    @Test
    void countsRowsByHourAndBin() {
        IntValues rows = new IntValues();
        rows.add(block("1969-12-31T23:59:59.999Z"));
        rows.add(block("1970-01-01T00:00:00Z"));
        rows.add(block("1969-12-31T23:00:00Z"));
        rows.add(TimeBlocks.indexOf(Decoded.NO_TIME, HOUR));
        rows.add(block("1970-01-01T00:59:59.999Z"));
        rows.add(block("1970-01-01T00:30:00Z"));
        int[] bins = {1, 0, 1, 0, TimeBlocks.NONE, 2};

        List<Block> blocks = TimeBlocks.of(rows, 1, HOUR).count(3, row -> bins[row]);

        assertThat(blocks)
                .extracting(Block::start)
                .containsExactly(
                        Instant.parse("1969-12-31T23:00:00Z"),
                        Instant.parse("1970-01-01T00:00:00Z"));
        assertThat(blocks.get(0).binCounts()).containsExactly(0, 2, 0);
        assertThat(blocks.get(1).binCounts()).containsExactly(1, 0, 1);
    }

    @Test
    void leavesOutBlocksOfTooFewRows() {
        IntValues rows = new IntValues();
        for (int i = 0; i < 10; i++) {
            rows.add(i < 4 ? 7 : 8);
        }

        assertThat(TimeBlocks.of(rows, 4, HOUR).size()).isEqualTo(2);
        assertThat(TimeBlocks.of(rows, 5, HOUR).count(1, row -> 0))
                .extracting(Block::start)
                .containsExactly(Instant.parse("1970-01-01T08:00:00Z"));
    }

    @Test
    void takesATimeThatNoIntCanNumberForNone() {
        assertThat(TimeBlocks.indexOf(Long.MAX_VALUE, Duration.ofMillis(1)))
                .isEqualTo(TimeBlocks.NO_BLOCK);
        assertThat(TimeBlocks.of(new IntValues(), 1, HOUR).count(2, row -> 0)).isEmpty();
    }

    @Test
    void choosesAThousandOfManyBlocksWithoutPreferringAnHour() {
        IntValues rows = new IntValues();
        for (int hour = 0; hour < 24 * 365; hour++) {
            rows.add(hour);
        }

        List<Block> blocks = TimeBlocks.of(rows, 1, HOUR).count(1, row -> 0);

        assertThat(blocks).hasSize(TimeBlocks.MOST);
        int[] ofHour = new int[24];
        int[] ofQuarter = new int[4];
        for (Block block : blocks) {
            ofHour[block.start().atOffset(ZoneOffset.UTC).getHour()]++;
            ofQuarter[(block.start().atOffset(ZoneOffset.UTC).getDayOfYear() - 1) / 92]++;
        }
        assertThat(Arrays.stream(ofHour).min().orElseThrow()).as("of 42").isGreaterThan(22);
        assertThat(Arrays.stream(ofHour).max().orElseThrow()).as("of 42").isLessThan(62);
        assertThat(Arrays.stream(ofQuarter).min().orElseThrow()).as("of 250").isGreaterThan(200);
    }
}
