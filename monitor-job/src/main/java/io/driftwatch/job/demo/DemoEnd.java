package io.driftwatch.job.demo;

import io.driftwatch.job.RecordCounts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Brings both jobs to a point where everything can be counted.
 *
 * @param monitor the monitor job
 * @param notifier the notify job
 * @param reader reads what they write
 * @param story is told by the reader
 * @param savepoints where they leave their state
 */
record DemoEnd(
        DemoCluster.Job monitor,
        DemoCluster.Job notifier,
        TopicReader reader,
        Story story,
        Path savepoints) {
    private static final Duration COUNTING = Duration.ofSeconds(60);
    private static final Duration TELLING = Duration.ofSeconds(15);

    /** Longer than the example's route waits for anything. */
    private static final Duration QUIET = Duration.ofMillis(1500);

    private static final int CATCHING_UP_SECONDS = 15;

    /** What is known at the end. */
    record Outcome(RecordBalance balance, boolean allTold) {}

    /** Stops the jobs in order: first time runs out for the one, then the other has told all. */
    Outcome stop(long produced) throws Exception {
        try (Patience patience = new Patience()) {
            // A job that is stopped reads no further, so all must have been read before.
            patience.until(() -> count(RecordCounts.IN) >= produced, COUNTING);
            monitor.stop(savepoints, true);
            RecordBalance balance = RecordBalance.of(produced, monitor.counts());
            boolean allTold = isAllTold(patience);
            notifier.stop(savepoints, false);
            return new Outcome(balance, allTold);
        }
    }

    /** Counts while the jobs run on; the last windows stay open. */
    Outcome count(long produced) throws Exception {
        try (Patience patience = new Patience()) {
            patience.until(() -> RecordBalance.of(produced, monitor.counts()).isEven(), COUNTING);
            RecordBalance balance = RecordBalance.of(produced, monitor.counts());
            return new Outcome(balance, isAllTold(patience));
        }
    }

    private long count(String name) throws Exception {
        monitor.requireHealth();
        return monitor.counts().getOrDefault(name, 0L);
    }

    private boolean isAllTold(Patience patience) throws Exception {
        reader.caughtUp().get(CATCHING_UP_SECONDS, TimeUnit.SECONDS);
        return patience.until(
                () -> {
                    notifier.requireHealth();
                    return story.isAllTold(QUIET);
                },
                TELLING);
    }
}
