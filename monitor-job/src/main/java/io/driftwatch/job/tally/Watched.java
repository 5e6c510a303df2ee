package io.driftwatch.job.tally;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Since when a subtask counts each feature. One that is watched only since a configuration has
 * changed lacks the rows that were counted before, in all panes up to the newest of them.
 */
final class Watched {
    /** No pane has been counted. */
    static final long NO_PANE = Long.MIN_VALUE;

    private final long slideMillis;
    private final long sizeMillis;
    private final Map<String, Long> since = new HashMap<>();
    private long newestPane = NO_PANE;

    /** The latest of all times, so that it is seldom looked for a feature's own. */
    private long latest = Counts.ALWAYS;

    Watched(long sizeMillis, long slideMillis) {
        this.sizeMillis = sizeMillis;
        this.slideMillis = slideMillis;
    }

    /**
     * Takes up what subtasks have left at a checkpoint.
     *
     * @param newest the newest pane of each; none if nobody has left anything
     * @param features all that each of them watched
     */
    void restore(Iterable<Long> newest, Iterable<FeatureSince> features) {
        int subtasks = 0;
        for (long each : newest) {
            newestPane = Math.max(newestPane, each);
            subtasks++;
        }
        Map<String, Integer> times = new HashMap<>();
        for (FeatureSince each : features) {
            since.merge(each.feature(), each.sinceMillis(), Math::max);
            times.merge(each.feature(), 1, Integer::sum);
        }
        for (Map.Entry<String, Integer> each : times.entrySet()) {
            if (each.getValue() < subtasks) {
                since.merge(each.getKey(), next(), Math::max);
            }
        }
        findLatest();
    }

    /** Takes note of a pane in which a row was counted. */
    void counted(long pane) {
        newestPane = Math.max(newestPane, pane);
    }

    long newestPane() {
        return newestPane;
    }

    /** Watches these features from now on, and no others; returns those that are new. */
    Set<String> watch(List<String> features) {
        Set<String> added = new HashSet<>(features);
        added.removeAll(since.keySet());
        since.keySet().retainAll(features);
        for (String feature : added) {
            since.put(feature, next());
        }
        findLatest();
        return added;
    }

    private long next() {
        return newestPane == NO_PANE ? Counts.ALWAYS : newestPane + slideMillis;
    }

    private void findLatest() {
        latest = since.values().stream().mapToLong(Long::longValue).max().orElse(Counts.ALWAYS);
    }

    long since(String feature) {
        return since.get(feature);
    }

    /** The features that some window with this pane lacks rows of, and since when they do not. */
    Map<String, Long> partialIn(long pane) {
        long earliestWindow = pane + slideMillis - sizeMillis;
        if (latest <= earliestWindow) {
            return Map.of();
        }
        Map<String, Long> partial = new HashMap<>(since);
        partial.values().removeIf(time -> time <= earliestWindow);
        return partial;
    }

    List<FeatureSince> features() {
        List<FeatureSince> all = new ArrayList<>();
        since.forEach((feature, time) -> all.add(new FeatureSince(feature, time)));
        return all;
    }
}
