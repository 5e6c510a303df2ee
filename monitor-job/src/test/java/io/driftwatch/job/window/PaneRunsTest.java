package io.driftwatch.job.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.detectors.profile.Tally;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PaneRunsTest {
    private final Map<Long, byte[]> panes = new HashMap<>();
    private int reads;

    private byte[] read(long index) {
        reads++;
        return panes.get(index);
    }

    private static byte[] tally(int cell, long count) {
        return Tally.of(new int[] {cell}, new long[] {count}, 1, 0, 0.5 * count, 0).toBytes();
    }

    private Tally addedOneByOne(long first, long end) {
        Tally sum = null;
        for (long pane = first; pane < end; pane++) {
            if (panes.containsKey(pane)) {
                Tally part = Tally.fromBytes(panes.get(pane));
                sum = sum == null ? part : sum.plus(part);
            }
        }
        return sum;
    }

    @Test
    void givesNothingForPanesThatHoldNothing() throws Exception {
        PaneRuns runs = new PaneRuns();

        assertThat(runs.sum(-3, 17, this::read)).isNull();
        assertThat(runs.sum(5, 5, this::read)).isNull();
    }

    @Test
    void addsWindowsAsAddingPaneByPaneDoesWhileTheyChangeAndAreForgotten() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        for (int size : new int[] {1, 2, 5, 8, 60, 63}) {
            panes.clear();
            PaneRuns runs = new PaneRuns();
            for (long end = -70; end < 200; end++) {
                if (random.nextInt(5) > 0) {
                    panes.put(end - 1, tally(random.nextInt(9), 1 + random.nextInt(1000)));
                    runs.changed(end - 1);
                }
                long late = end - 1 - random.nextInt(size);
                if (random.nextInt(3) == 0) {
                    panes.put(late, tally(random.nextInt(9), 1 + random.nextInt(1000)));
                    runs.changed(late);
                }

                byte[] sum = runs.sum(end - size, end, this::read);

                Tally expected = addedOneByOne(end - size, end);
                assertThat(sum == null ? null : Tally.fromBytes(sum)).isEqualTo(expected);
                panes.remove(end - size);
                runs.forget(end - size + 1);
            }
        }
    }

    @Test
    void readsAPaneAFewTimesHoweverManyWindowsHoldIt() throws Exception {
        PaneRuns runs = new PaneRuns();
        int windows = 10_000;
        for (long end = 360; end < 360 + windows; end++) {
            panes.put(end - 1, tally(1, 1));
            runs.changed(end - 1);
            runs.sum(end - 360, end, this::read);
            runs.forget(end - 359);
        }

        assertThat(reads).isLessThan(5 * windows);
    }
}
