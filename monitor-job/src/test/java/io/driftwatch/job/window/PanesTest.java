package io.driftwatch.job.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.job.config.WindowConfig;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PanesTest {
    private static final Panes PANES = new Panes(60, 20, 5);

    @ParameterizedTest(name = "{0} lies in the pane from {1}")
    @CsvSource({"0, 0", "1, 0", "19, 0", "20, 20", "-1, -20", "-20, -20", "-21, -40", "59, 40"})
    void panesAreAlignedToTheEpoch(long time, long pane) {
        assertThat(PANES.paneOf(time)).isEqualTo(pane);
    }

    @Test
    void takesItsLengthsFromTheConfiguration() {
        WindowConfig window =
                new WindowConfig(
                        Duration.ofHours(1), Duration.ofMinutes(10), Duration.ofSeconds(3), 200);

        assertThat(Panes.of(window)).isEqualTo(new Panes(3_600_000, 600_000, 3000));
    }

    @ParameterizedTest(name = "window to {0} at watermark {1}: due {2}, closed {3}")
    @CsvSource({
        "60, 58, false, false",
        "60, 59, true, false",
        "60, 63, true, false",
        "60, 64, true, true",
        "0, -2, false, false",
        "0, -1, true, false",
        "0, 4, true, true",
        "60, -9223372036854775808, false, false",
        "60, 9223372036854775807, true, true"
    })
    void aWindowIsDueAtItsLastInstantAndClosedWhenItsLatenessIsOver(
            long end, long watermark, boolean due, boolean closed) {
        assertThat(PANES.isDue(end, watermark)).isEqualTo(due);
        assertThat(PANES.isClosed(end, watermark)).isEqualTo(closed);
    }

    @Test
    void everyTimeLiesInAllWindowsFromItsPanesFirstToItsLast() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            long slide = random.nextLong(1, 51);
            Panes panes = new Panes(slide * random.nextLong(1, 7), slide, 0);
            long time = random.nextLong(-100_000, 100_000);
            long pane = panes.paneOf(time);
            assertThat(pane).isLessThanOrEqualTo(time);
            assertThat(time).isLessThan(pane + slide);
            for (long end = -slide * 7 + pane; end <= pane + slide * 14; end += slide) {
                boolean holds = panes.windowStart(end) <= time && time < end;
                boolean between =
                        panes.firstWindowEnd(pane) <= end && end <= panes.lastWindowEnd(pane);
                assertThat(holds).isEqualTo(between);
            }
        }
    }
}
