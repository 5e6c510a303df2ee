package io.driftwatch.job.tally;

/**
 * Since when a feature is counted, as a subtask remembers it over a restart.
 *
 * @param feature its name
 * @param sinceMillis start of the first pane all of whose rows it was counted in, or {@link
 *     Counts#ALWAYS}
 */
public record FeatureSince(String feature, long sinceMillis) {}
