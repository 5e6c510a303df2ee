package io.driftwatch.job.judge;

import io.driftwatch.schemas.Score;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.state.MapState;

/** How many rows the latest windows of a sample held, so that a loss of rows can be told. */
final class WindowVolumes {
    private static final int KEPT = 8;
    private static final int FEWEST = 3;

    /** Rows by last millisecond of the window. */
    private final MapState<Long, Long> rows;

    WindowVolumes(MapState<Long, Long> rows) {
        this.rows = rows;
    }

    /**
     * The volume of a window.
     *
     * @param rows the most that any score counts
     * @param usual the median of the windows before; null if too few are known
     */
    record Volume(long rows, Long usual) {}

    /**
     * Takes in a window and compares it with those before.
     *
     * @param window its last millisecond
     * @param scores all of its scores; not empty
     */
    Volume note(long window, List<Score> scores) throws Exception {
        long now = scores.stream().mapToLong(Score::getCount).max().orElseThrow();
        TreeMap<Long, Long> known = new TreeMap<>();
        for (Map.Entry<Long, Long> entry : rows.entries()) {
            known.put(entry.getKey(), entry.getValue());
        }
        List<Long> before = known.headMap(window).values().stream().sorted().toList();
        known.put(window, now);
        rows.put(window, now);
        while (known.size() > KEPT) {
            rows.remove(known.pollFirstEntry().getKey());
        }
        return new Volume(now, before.size() < FEWEST ? null : before.get(before.size() / 2));
    }
}
