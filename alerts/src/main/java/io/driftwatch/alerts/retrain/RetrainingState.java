package io.driftwatch.alerts.retrain;

import java.util.List;

/**
 * What is remembered of the retraining of one model. Flat and lenient because it is stored state:
 * lists that another version did not write are empty. See {@link Retraining} for what happens to
 * it.
 *
 * @param alerts the newest change of each alert that asks for a retraining or stands in its way
 * @param requests requests that are not over, and of those that are the ones that still matter, in
 *     the order in which they came; copied
 * @param versions versions of the model that were seen, the latest last; copied
 */
public record RetrainingState(
        List<WatchedAlert> alerts, List<TrackedRequest> requests, List<SeenVersion> versions) {
    public RetrainingState {
        alerts = alerts == null ? List.of() : List.copyOf(alerts);
        requests = requests == null ? List.of() : List.copyOf(requests);
        versions = versions == null ? List.of() : List.copyOf(versions);
    }

    /** Returns what is known of a model at first. */
    public static RetrainingState empty() {
        return new RetrainingState(List.of(), List.of(), List.of());
    }

    /**
     * A version of the model that was seen. Flat because it is stored state.
     *
     * @param version its name
     * @param seenMillis when it was last said to be seen
     * @param isReplaced whether a newer version has taken its place
     */
    public record SeenVersion(String version, long seenMillis, boolean isReplaced) {}

    /**
     * The newest change of an alert. Flat because it is stored state.
     *
     * @param fingerprint names the alert
     * @param name what to call it in words
     * @param modelVersion version of the model that it is about; {@code *} for every version
     * @param episode its episode
     * @param sequence place of the change among all changes of the alert
     * @param isFiring whether it fires
     * @param asks whether it asks for a retraining when it fires
     * @param excludes whether nothing is submitted while it fires
     * @param firingSinceMillis when it was heard to fire; 0 if it does not
     * @param changedMillis when the change came
     */
    public record WatchedAlert(
            String fingerprint,
            String name,
            String modelVersion,
            long episode,
            long sequence,
            boolean isFiring,
            boolean asks,
            boolean excludes,
            long firingSinceMillis,
            long changedMillis) {}
}
