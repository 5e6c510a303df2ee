package io.driftwatch.job.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.job.decode.Decoded;
import io.driftwatch.job.decode.Observation;
import io.driftwatch.job.window.Panes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.junit.jupiter.api.Test;

class PaneWatermarksTest {
    private static final Panes PANES = new Panes(100, 50, 20);

    private final List<Long> sent = new ArrayList<>();
    private final WatermarkOutput output =
            new WatermarkOutput() {
                @Override
                public void emitWatermark(Watermark watermark) {
                    sent.add(watermark.getTimestamp());
                }

                @Override
                public void markIdle() {
                    throw new AssertionError("idleness is for Flink to find out");
                }

                @Override
                public void markActive() {
                    throw new AssertionError("idleness is for Flink to find out");
                }
            };

    private static Decoded at(long millis) {
        return Decoded.of(
                new Observation(
                        millis,
                        "v",
                        null,
                        new double[0],
                        new String[0],
                        new String[0],
                        "t",
                        0,
                        0,
                        1));
    }

    private void send(PaneWatermarks watermarks, long... times) {
        for (long time : times) {
            watermarks.onEvent(at(time), time, output);
        }
    }

    @Test
    void sendsTheFirstTimeAndThenPaneEndsAndLatenessEndsOnly() {
        send(new PaneWatermarks(PANES, 0), 10, 11, 20, 21, 49, 50, 51, 69, 70, 71, 99, 100, 250);

        // 9 is the first. Windows end at 50 and 100; lateness ends at 20, 70, 120, ...
        assertThat(sent).containsExactly(9L, 19L, 49L, 69L, 99L, 249L);
    }

    @Test
    void waitsForRecordsThatAreOutOfOrder() {
        send(new PaneWatermarks(PANES, 15), 10, 50, 64, 65, 84, 85);

        assertThat(sent).containsExactly(-6L, 34L, 49L, 69L);
    }

    @Test
    void neverGoesBack() {
        send(new PaneWatermarks(PANES, 0), 1000, 10, 999, 500, 1001, -5);

        assertThat(sent).containsExactly(999L);
    }

    @Test
    void isNotMovedByRecordsWithoutTime() {
        PaneWatermarks watermarks = new PaneWatermarks(PANES, 0);
        watermarks.onEvent(at(0), Decoded.NO_TIME, output);
        assertThat(sent).isEmpty();
        send(watermarks, 10);
        watermarks.onEvent(at(0), Decoded.NO_TIME, output);
        watermarks.onPeriodicEmit(output);

        assertThat(sent).containsExactly(9L);
    }

    @Test
    void decidesDueAndClosedAsAWatermarkForEveryRecordWould() {
        Random random = new Random(4);
        for (int round = 0; round < 300; round++) {
            long slide = random.nextLong(1, 41);
            Panes panes = new Panes(slide * random.nextLong(1, 5), slide, random.nextLong(100));
            long outOfOrderness = random.nextLong(30);
            PaneWatermarks watermarks = new PaneWatermarks(panes, outOfOrderness);
            sent.clear();
            long highest = Long.MIN_VALUE;
            long time = random.nextLong(-500, 500);
            for (int i = 0; i < 60; i++) {
                time += random.nextLong(-10, 30);
                send(watermarks, time);
                highest = Math.max(highest, time - outOfOrderness - 1);
                long last = sent.get(sent.size() - 1);
                assertThat(last).isLessThanOrEqualTo(highest);
                long end = panes.paneOf(time) + slide * random.nextLong(-4, 5);
                assertThat(panes.isDue(end, last)).isEqualTo(panes.isDue(end, highest));
                assertThat(panes.isClosed(end, last)).isEqualTo(panes.isClosed(end, highest));
            }
            assertThat(sent).isSorted().doesNotHaveDuplicates();
        }
    }
}
