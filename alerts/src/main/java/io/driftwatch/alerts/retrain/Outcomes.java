package io.driftwatch.alerts.retrain;

import io.driftwatch.alerts.config.Durations;
import io.driftwatch.alerts.retrain.RetrainingState.SeenVersion;
import io.driftwatch.alerts.rule.Figures;
import java.time.Instant;

/**
 * What becomes of requests after their submission: reports, new versions, and the passing of time.
 */
final class Outcomes {
    private final RetrainPolicy policy;
    private final RetrainingBook book;
    private final long nowMillis;

    Outcomes(RetrainPolicy policy, RetrainingBook book) {
        this.policy = policy;
        this.book = book;
        this.nowMillis = book.nowMillis();
    }

    /** Ends what has taken too long, and what has been well for long enough. */
    void passTime() {
        for (TrackedRequest request : book.requests()) {
            if (deadline(request) <= nowMillis) {
                endAtDeadline(request);
            }
        }
    }

    /** Returns when time alone changes a request; {@link Long#MAX_VALUE} if it never does. */
    long deadline(TrackedRequest request) {
        RetrainStatus status = request.currentStatus();
        if (status.isInFlight()) {
            return request.submittedMillis() + policy.lockTimeout().toMillis();
        }
        if (status == RetrainStatus.AWAITING_APPROVAL) {
            return request.sinceMillis() + policy.approvalExpiry().toMillis();
        }
        return request.isBeingJudged()
                ? request.newVersionMillis() + policy.settleTime().toMillis()
                : Long.MAX_VALUE;
    }

    private void endAtDeadline(TrackedRequest request) {
        TrackedRequest.Edit edit = request.edit();
        if (request.currentStatus().isInFlight()) {
            // Looking late must not make the cooldown longer.
            edit.completed(deadline(request), true).status(RetrainStatus.FAILED, nowMillis);
            String limit = Durations.format(policy.lockTimeout());
            book.change(edit.done(), "nothing was reported within " + limit);
        } else if (request.is(RetrainStatus.AWAITING_APPROVAL)) {
            String limit = Durations.format(policy.approvalExpiry());
            book.change(
                    edit.status(RetrainStatus.EXPIRED, nowMillis).done(),
                    "nobody decided within " + limit);
        } else {
            book.change(
                    edit.status(RetrainStatus.HELPED, nowMillis).done(),
                    "version "
                            + request.newVersion()
                            + " did without such an alert for "
                            + Durations.format(policy.settleTime()));
        }
    }

    /**
     * Looks whether an alert that asks for a retraining fires for a version that one has brought.
     */
    void judge() {
        for (TrackedRequest request : book.requests()) {
            if (request.isBeingJudged()) {
                book.alerts().stream()
                        .filter(alert -> alert.isFiring() && alert.asks())
                        .filter(alert -> alert.modelVersion().equals(request.newVersion()))
                        .findFirst()
                        .ifPresent(alert -> didNotHelp(request, alert.name()));
            }
        }
    }

    private void didNotHelp(TrackedRequest request, String alert) {
        book.change(
                request.edit().status(RetrainStatus.DID_NOT_HELP, nowMillis).done(),
                "the alert " + alert + " fires for version " + request.newVersion() + " too");
    }

    /** Takes in that a version was seen. */
    void seen(String version) {
        boolean isNew = book.version(version) == null;
        book.put(new SeenVersion(version, nowMillis, false));
        if (isNew) {
            book.submitted().stream()
                    .filter(request -> !request.modelVersion().equals(version))
                    .filter(Outcomes::mayHaveBrought)
                    .findFirst()
                    .ifPresent(request -> hasBrought(request, version));
            replaceOthers(version);
        }
    }

    private static boolean mayHaveBrought(TrackedRequest request) {
        return isUnderWay(request)
                || (request.is(RetrainStatus.SUCCEEDED) && request.newVersion() == null);
    }

    private static boolean isUnderWay(TrackedRequest request) {
        return request.currentStatus().isInFlight()
                || (request.is(RetrainStatus.FAILED) && request.isAssumed());
    }

    /** Of several requests the last one submitted gets the merit, or the blame. */
    private void hasBrought(TrackedRequest request, String version) {
        TrackedRequest.Edit edit = request.edit();
        if (isUnderWay(request)) {
            edit.completed(nowMillis, true).status(RetrainStatus.SUCCEEDED, nowMillis);
        }
        Instant until = Instant.ofEpochMilli(nowMillis).plus(policy.settleTime());
        book.change(
                edit.newVersion(version, nowMillis).done(),
                "version "
                        + version
                        + " was seen; whether it helps is known at "
                        + Figures.instant(until));
    }

    /** Only versions that were to be retrained: of others nobody knows that they are gone. */
    private void replaceOthers(String version) {
        for (TrackedRequest request : book.requests()) {
            boolean matters = request.currentStatus().isOpen() || request.wasSubmitted();
            String other = request.modelVersion();
            if (matters && !other.equals(version) && !book.isReplaced(other)) {
                book.put(new SeenVersion(other, nowMillis, true));
            }
        }
    }

    /**
     * Takes in a report.
     *
     * @return why it changes nothing; null if it does
     */
    String report(RetrainReport report) {
        TrackedRequest request = book.request(report.requestId());
        if (request == null) {
            return "no request " + report.requestId() + " is known";
        }
        if (!request.wasSubmitted()) {
            return "request " + request.id() + " is " + request.status() + ", not submitted";
        }
        TrackedRequest placed = withPlace(request, report);
        TrackedRequest after =
                isNews(request, report.state())
                        ? reported(placed, report.state())
                        : confirmed(placed, report.state());
        if (after.equals(request)) {
            return "request " + request.id() + " is " + request.status() + " already";
        }
        book.change(after, "reported as " + report.state().label() + reason(report));
        return null;
    }

    private static String reason(RetrainReport report) {
        return report.reason() == null ? "" : ": " + report.reason();
    }

    /** What comes late fills gaps only; what comes in time may know better. */
    private static TrackedRequest withPlace(TrackedRequest request, RetrainReport report) {
        boolean isLate = rank(report.state()) < rank(request.currentStatus());
        String id = better(request.externalId(), report.externalId(), isLate);
        return request.edit().external(id, better(request.url(), report.url(), isLate)).done();
    }

    private static String better(String before, String reported, boolean isLate) {
        return reported == null || (before != null && isLate) ? before : reported;
    }

    private static boolean isNews(TrackedRequest request, RunState state) {
        return rank(state) > rank(request.currentStatus())
                || (request.isAssumed() && isEnd(state) && request.is(endOf(opposite(state))));
    }

    /** What was assumed is no longer so when it is reported. */
    private static TrackedRequest confirmed(TrackedRequest request, RunState state) {
        boolean isSame = isEnd(state) && request.is(endOf(state));
        return isSame && request.isAssumed()
                ? request.edit().completed(request.completedMillis(), false).done()
                : request;
    }

    private static boolean isEnd(RunState state) {
        return state == RunState.SUCCEEDED || state == RunState.FAILED;
    }

    private static RunState opposite(RunState end) {
        return end == RunState.FAILED ? RunState.SUCCEEDED : RunState.FAILED;
    }

    private static RetrainStatus endOf(RunState end) {
        return end == RunState.FAILED ? RetrainStatus.FAILED : RetrainStatus.SUCCEEDED;
    }

    private TrackedRequest reported(TrackedRequest request, RunState state) {
        return switch (state) {
            case ACCEPTED -> request;
            case RUNNING -> request.edit().status(RetrainStatus.RUNNING, nowMillis).done();
            case SUCCEEDED ->
                    request.edit()
                            .completed(nowMillis, false)
                            .status(RetrainStatus.SUCCEEDED, nowMillis)
                            .done();
            case FAILED ->
                    request.edit()
                            .completed(nowMillis, false)
                            .newVersion(null, 0)
                            .status(RetrainStatus.FAILED, nowMillis)
                            .done();
        };
    }

    private static int rank(RunState state) {
        return switch (state) {
            case ACCEPTED -> 0;
            case RUNNING -> 1;
            case SUCCEEDED, FAILED -> 2;
        };
    }

    private static int rank(RetrainStatus status) {
        return switch (status) {
            case SUBMITTED -> 0;
            case RUNNING -> 1;
            case SUCCEEDED, FAILED -> 2;
            default -> 3;
        };
    }
}
