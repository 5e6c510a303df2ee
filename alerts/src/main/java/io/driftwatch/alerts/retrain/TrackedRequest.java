package io.driftwatch.alerts.retrain;

import io.driftwatch.schemas.RetrainRequest;

/**
 * A request and what has become of it. Flat because it is stored state; see {@link Retraining} for
 * what happens to it.
 *
 * @param request what to submit
 * @param status label of its {@link RetrainStatus}
 * @param guardRail label of the {@link GuardRail} that holds it back or has suppressed it; null
 *     without one, and for a request that was not looked at yet
 * @param sinceMillis since when it has its status
 * @param approvedBy who approved it; null if nobody has
 * @param submittedMillis when it was submitted, or would have been; 0 before that
 * @param completedMillis when the retraining was over; 0 before that
 * @param isAssumed whether nobody reported how the retraining ended
 * @param newVersion version of the model that it has brought; null if none was seen
 * @param newVersionMillis when that was seen; 0 if none was
 * @param externalId what the target calls the retraining; null until it is known
 * @param url where to look at it; null until it is known
 */
public record TrackedRequest(
        RetrainRequest request,
        String status,
        String guardRail,
        long sinceMillis,
        String approvedBy,
        long submittedMillis,
        long completedMillis,
        boolean isAssumed,
        String newVersion,
        long newVersionMillis,
        String externalId,
        String url) {

    static TrackedRequest asked(RetrainRequest request, long nowMillis) {
        String status = RetrainStatus.WAITING.label();
        return new TrackedRequest(
                request, status, null, nowMillis, null, 0, 0, false, null, 0, null, null);
    }

    /** Returns the id of the request. */
    public String id() {
        return request.getRequestId();
    }

    /**
     * Returns the status.
     *
     * @throws IllegalArgumentException if a later version of this program wrote one that this one
     *     does not know
     */
    public RetrainStatus currentStatus() {
        return RetrainStatus.ofLabel(status);
    }

    boolean is(RetrainStatus one) {
        return currentStatus() == one;
    }

    String modelVersion() {
        return request.getModelVersion();
    }

    /** Says whether it has gone to a target, which no dry run does. */
    boolean wasSubmitted() {
        return submittedMillis > 0 && !is(RetrainStatus.DRY_RUN);
    }

    /** Says whether it is still to be seen what the new version is worth. */
    boolean isBeingJudged() {
        return is(RetrainStatus.SUCCEEDED) && newVersion != null;
    }

    Edit edit() {
        return new Edit(this);
    }

    /** A copy that is being changed. */
    static final class Edit {
        private final RetrainRequest request;
        private RetrainStatus status;
        private String guardRail;
        private long sinceMillis;
        private String approvedBy;
        private long submittedMillis;
        private long completedMillis;
        private boolean isAssumed;
        private String newVersion;
        private long newVersionMillis;
        private String externalId;
        private String url;

        private Edit(TrackedRequest before) {
            request = before.request;
            status = before.currentStatus();
            guardRail = before.guardRail;
            sinceMillis = before.sinceMillis;
            approvedBy = before.approvedBy;
            submittedMillis = before.submittedMillis;
            completedMillis = before.completedMillis;
            isAssumed = before.isAssumed;
            newVersion = before.newVersion;
            newVersionMillis = before.newVersionMillis;
            externalId = before.externalId;
            url = before.url;
        }

        /** Gives it a status, which nothing holds back. */
        Edit status(RetrainStatus now, long nowMillis) {
            status = now;
            guardRail = null;
            sinceMillis = nowMillis;
            return this;
        }

        Edit guardRail(GuardRail rail) {
            guardRail = rail.label();
            return this;
        }

        Edit approvedBy(String person) {
            approvedBy = person;
            return this;
        }

        Edit submitted(long millis) {
            submittedMillis = millis;
            return this;
        }

        Edit completed(long millis, boolean assumed) {
            completedMillis = millis;
            isAssumed = assumed;
            return this;
        }

        Edit newVersion(String version, long millis) {
            newVersion = version;
            newVersionMillis = millis;
            return this;
        }

        Edit external(String id, String address) {
            externalId = id;
            url = address;
            return this;
        }

        TrackedRequest done() {
            return new TrackedRequest(
                    request,
                    status.label(),
                    guardRail,
                    sinceMillis,
                    approvedBy,
                    submittedMillis,
                    completedMillis,
                    isAssumed,
                    newVersion,
                    newVersionMillis,
                    externalId,
                    url);
        }
    }
}
