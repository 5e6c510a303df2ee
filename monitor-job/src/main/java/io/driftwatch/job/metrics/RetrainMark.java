package io.driftwatch.job.metrics;

import io.driftwatch.schemas.RetrainStatusChange;

/** What metrics show of a retrain request. */
public record RetrainMark(String requestId, String model, String status) {

    /** Takes from a change of a request what is shown of it. */
    public static RetrainMark of(RetrainStatusChange change) {
        return new RetrainMark(change.getRequestId(), change.getModel(), change.getStatus());
    }
}
