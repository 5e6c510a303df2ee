package io.driftwatch.alerts.retrain;

import java.util.Objects;

/**
 * What a target, or the user's own pipeline, says of a request.
 *
 * @param requestId which request
 * @param state how it is
 * @param externalId what the target calls the retraining; null if it did not say
 * @param url where to look at it; null if it did not say
 * @param reason in words; null for none
 */
public record RetrainReport(
        String requestId, RunState state, String externalId, String url, String reason) {
    public RetrainReport {
        Objects.requireNonNull(requestId, "requestId");
        Objects.requireNonNull(state, "state");
    }
}
