package io.driftwatch.alerts.retrain;

import java.util.Objects;

/**
 * What a person says to a request.
 *
 * @param requestId which request
 * @param isApproval whether it may be submitted; otherwise it never will be
 * @param by who says so
 */
public record RetrainDecision(String requestId, boolean isApproval, String by) {
    public RetrainDecision {
        Objects.requireNonNull(requestId, "requestId");
        Objects.requireNonNull(by, "by");
    }
}
