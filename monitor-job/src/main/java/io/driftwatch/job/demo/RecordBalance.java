package io.driftwatch.job.demo;

import io.driftwatch.job.RecordCounts;
import java.util.Locale;
import java.util.Map;

/**
 * Whether anything vanished between the producer and the windows.
 *
 * @param produced records that the broker acknowledged
 * @param tallied records that are in a window
 * @param late records that came after their windows were closed for good
 * @param deadLettered records that could not be used
 */
record RecordBalance(long produced, long tallied, long late, long deadLettered) {

    /** From the monitor job's accumulators. */
    static RecordBalance of(long produced, Map<String, Long> counts) {
        return new RecordBalance(
                produced,
                counts.getOrDefault(RecordCounts.TALLIED, 0L),
                counts.getOrDefault(RecordCounts.LATE, 0L),
                counts.getOrDefault(RecordCounts.DEAD_LETTERED, 0L));
    }

    boolean isEven() {
        return produced == tallied + late + deadLettered;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,d produced %s %,d tallied + %,d late + %,d dead-lettered  %s",
                produced,
                isEven() ? "=" : "is not",
                tallied,
                late,
                deadLettered,
                isEven() ? "✓" : "✗");
    }
}
