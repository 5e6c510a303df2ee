package io.driftwatch.alerts.retrain;

/**
 * One change of a request's status, for people and programs that follow it.
 *
 * @param requestId which request
 * @param model the model
 * @param status what it is now
 * @param guardRail what holds it back or has suppressed it; null unless something does
 * @param reason why, in words
 * @param atMillis when
 * @param externalId what the target calls the retraining; null until it is known
 * @param url where to look at it; null until it is known
 */
public record RetrainChange(
        String requestId,
        String model,
        RetrainStatus status,
        GuardRail guardRail,
        String reason,
        long atMillis,
        String externalId,
        String url) {
    static RetrainChange of(TrackedRequest request, String reason, long nowMillis) {
        return new RetrainChange(
                request.id(),
                request.request().getModel(),
                request.currentStatus(),
                GuardRail.ofLabel(request.guardRail()),
                reason,
                nowMillis,
                request.externalId(),
                request.url());
    }
}
