package io.driftwatch.alerts.retrain;

import io.driftwatch.alerts.retrain.GuardRails.Hold;
import io.driftwatch.alerts.retrain.RetrainPolicy.Approval;
import io.driftwatch.alerts.retrain.RetrainingState.WatchedAlert;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.RetrainRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Decides when alerts get the retraining of one model that they ask for. Pure: time is an argument,
 * and what is remembered goes in and comes out.
 *
 * <ul>
 *   <li>An alert asks once in each episode. Its request waits for as long as a {@link GuardRail}
 *       holds it back, and is submitted when none does and the alert still fires; {@link
 *       RetrainStatus} lists every way that a request can go.
 *   <li>Requests go in the order in which they came, one at a time; one that waits does not hold up
 *       those behind it for which nothing speaks against.
 *   <li>An approval holds for its request alone, takes it past the circuit breaker too, and past no
 *       other guard rail. The circuit breaker closes when a retraining is of use again.
 *   <li>When a new version of the model is seen, the versions that requests were made for are
 *       replaced: what was not submitted for them is superseded, and their alerts neither ask nor
 *       stand in the way. A version that is seen again counts again.
 *   <li>Changes of alerts that come twice or late, and decisions and reports that come too late or
 *       name no request, change nothing.
 *   <li>While it is not enabled, alerts ask for nothing, and what fires then does not ask later.
 * </ul>
 *
 * <p>Every argument but a state is not null. The present never goes back.
 */
public final class Retraining {
    /** Stands for no time to look again. */
    public static final long NEVER = -1;

    private final RetrainPolicy policy;

    public Retraining(RetrainPolicy policy) {
        this.policy = Objects.requireNonNull(policy, "policy");
    }

    /**
     * Takes in a change of an alert of the model.
     *
     * @param stateOrNull what the last step gave; null at first
     * @param nowMillis the present
     */
    public Step onAlert(RetrainingState stateOrNull, Alert alert, long nowMillis) {
        return step(stateOrNull, nowMillis, book -> hear(book, alert));
    }

    /**
     * Looks what the passing of time has changed.
     *
     * @param stateOrNull what the last step gave; null at first
     * @param nowMillis the present
     */
    public Step onTimer(RetrainingState stateOrNull, long nowMillis) {
        return step(stateOrNull, nowMillis, book -> null);
    }

    /**
     * Takes in what a person decided.
     *
     * @param stateOrNull what the last step gave; null at first
     * @param nowMillis the present
     */
    public Step onDecision(RetrainingState stateOrNull, RetrainDecision decision, long nowMillis) {
        return step(stateOrNull, nowMillis, book -> decide(book, decision));
    }

    /**
     * Takes in what a target or a pipeline says.
     *
     * @param stateOrNull what the last step gave; null at first
     * @param nowMillis the present
     */
    public Step onReport(RetrainingState stateOrNull, RetrainReport report, long nowMillis) {
        return step(stateOrNull, nowMillis, book -> new Outcomes(policy, book).report(report));
    }

    /**
     * Takes in that a version of the model was seen in the stream. To be called when one is seen
     * for the first time, and again when one that was replaced is in use after all.
     *
     * @param stateOrNull what the last step gave; null at first
     * @param nowMillis the present
     */
    public Step onVersion(RetrainingState stateOrNull, String version, long nowMillis) {
        Objects.requireNonNull(version, "version");
        return step(
                stateOrNull,
                nowMillis,
                book -> {
                    new Outcomes(policy, book).seen(version);
                    return null;
                });
    }

    /**
     * Works in an event: first what was due before it, then itself, then what follows from it.
     *
     * @param event gives why it changes nothing; null if it does
     */
    private Step step(
            RetrainingState stateOrNull, long nowMillis, Function<RetrainingBook, String> event) {
        RetrainingState state = stateOrNull == null ? RetrainingState.empty() : stateOrNull;
        RetrainingBook book = new RetrainingBook(policy, state, nowMillis);
        Outcomes outcomes = new Outcomes(policy, book);
        outcomes.passTime();
        String refusal = event.apply(book);
        outcomes.judge();
        long next = goOn(book, outcomes);
        return book.close(next, refusal);
    }

    private String hear(RetrainingBook book, Alert alert) {
        WatchedAlert before = book.alert(alert.getFingerprint());
        if (before != null && alert.getSequence() <= before.sequence()) {
            return "the change of alert " + alert.getFingerprint() + " is not its newest";
        }
        WatchedAlert after = watched(before, alert, book.nowMillis());
        // An end that comes before its beginning has to be known when that comes.
        if (before != null || after.asks() || after.excludes()) {
            book.put(after);
        }
        if (policy.enabled() && RetrainRequests.isAskedBy(alert)) {
            ask(book, alert);
        }
        return null;
    }

    private WatchedAlert watched(WatchedAlert before, Alert alert, long nowMillis) {
        boolean fires = alert.getState() == AlertState.firing;
        boolean goesOn =
                before != null && before.isFiring() && before.episode() == alert.getEpisode();
        long since = goesOn ? before.firingSinceMillis() : nowMillis;
        return new WatchedAlert(
                alert.getFingerprint(),
                name(alert.getLabels()),
                alert.getScore().getModelVersion(),
                alert.getEpisode(),
                alert.getSequence(),
                fires,
                alert.getRetrain(),
                policy.excludes(alert.getLabels()),
                fires ? since : 0,
                nowMillis);
    }

    private static String name(Map<String, String> labels) {
        return labels.getOrDefault("alertname", "") + " of " + labels.getOrDefault("feature", "*");
    }

    private void ask(RetrainingBook book, Alert alert) {
        Instant now = Instant.ofEpochMilli(book.nowMillis());
        RetrainRequest request = RetrainRequests.of(alert, now);
        TrackedRequest before = book.request(request.getRequestId());
        if (before != null && !before.currentStatus().canBeAskedAgain()) {
            return;
        }
        book.remove(request.getRequestId());
        TrackedRequest asked = TrackedRequest.asked(request, book.nowMillis());
        Optional<Hold> refusal = new GuardRails(policy, book).refusal(alert);
        if (refusal.isPresent()) {
            end(book, asked, RetrainStatus.SUPPRESSED, refusal.get());
        } else {
            book.put(asked);
        }
    }

    private static void end(
            RetrainingBook book, TrackedRequest request, RetrainStatus status, Hold hold) {
        TrackedRequest.Edit edit = request.edit().status(status, book.nowMillis());
        book.change(edit.guardRail(hold.rail()).done(), hold.words());
    }

    private static void end(
            RetrainingBook book, TrackedRequest request, RetrainStatus status, String reason) {
        book.change(request.edit().status(status, book.nowMillis()).done(), reason);
    }

    private static String decide(RetrainingBook book, RetrainDecision decision) {
        TrackedRequest request = book.request(decision.requestId());
        if (request == null) {
            return "no request " + decision.requestId() + " is known";
        }
        if (!request.currentStatus().isOpen()) {
            return "request " + request.id() + " is " + request.status() + " already";
        }
        if (!decision.isApproval()) {
            end(book, request, RetrainStatus.REJECTED, "rejected by " + decision.by());
            return null;
        }
        if (request.approvedBy() != null) {
            return "request " + request.id() + " was approved by " + request.approvedBy();
        }
        // What holds it back now is told anew, with who approved it.
        book.put(
                request.edit()
                        .approvedBy(decision.by())
                        .status(RetrainStatus.WAITING, book.nowMillis())
                        .done());
        return null;
    }

    /**
     * Submits what may be submitted.
     *
     * @return when to look again
     */
    private long goOn(RetrainingBook book, Outcomes outcomes) {
        GuardRails rails = new GuardRails(policy, book);
        long next = Long.MAX_VALUE;
        for (TrackedRequest request : book.requests()) {
            if (request.currentStatus().isOpen()) {
                long until = goOn(book, rails, request);
                next = until == NEVER ? next : Math.min(next, until);
            }
        }
        for (TrackedRequest request : book.requests()) {
            next = Math.min(next, outcomes.deadline(request));
        }
        return next == Long.MAX_VALUE ? NEVER : next;
    }

    private long goOn(RetrainingBook book, GuardRails rails, TrackedRequest request) {
        if (endIfPointless(book, request) || isBeingDecided(request)) {
            return NEVER;
        }
        Optional<Hold> hold = rails.hold(request, book.firingAlert(request));
        if (hold.isPresent()) {
            holdBack(book, request, hold.get());
            return hold.get().untilMillis();
        }
        if (policy.approval() == Approval.MANUAL && request.approvedBy() == null) {
            end(book, request, RetrainStatus.AWAITING_APPROVAL, "a person must approve it");
        } else {
            submit(book, request);
        }
        rails.lookAgain();
        return NEVER;
    }

    private boolean endIfPointless(RetrainingBook book, TrackedRequest request) {
        WatchedAlert alert = book.alert(request.request().getAlert().getFingerprint());
        if (!policy.enabled()) {
            end(book, request, RetrainStatus.SUPPRESSED, "retraining is switched off");
        } else if (book.isReplaced(request.modelVersion())) {
            String words = "version " + request.modelVersion() + " was replaced by a newer one";
            end(book, request, RetrainStatus.SUPERSEDED, words);
        } else if (alert != null
                && alert.isFiring()
                && alert.episode() > request.request().getAlert().getEpisode()) {
            end(book, request, RetrainStatus.SUPERSEDED, "the alert asks in a newer episode");
        } else if (book.firingAlert(request) == null) {
            end(book, request, RetrainStatus.WITHDRAWN, "the alert fires no more");
        } else {
            return false;
        }
        return true;
    }

    /** What a person is being asked about is left as it is; the rails are looked at afterwards. */
    private boolean isBeingDecided(TrackedRequest request) {
        return policy.approval() == Approval.MANUAL
                && request.is(RetrainStatus.AWAITING_APPROVAL)
                && request.approvedBy() == null;
    }

    private static void holdBack(RetrainingBook book, TrackedRequest request, Hold hold) {
        if (!hold.rail().label().equals(request.guardRail())) {
            TrackedRequest.Edit edit =
                    request.edit().status(RetrainStatus.WAITING, book.nowMillis());
            book.change(edit.guardRail(hold.rail()).done(), approval(request) + hold.words());
        }
    }

    private static String approval(TrackedRequest request) {
        return request.approvedBy() == null ? "" : "approved by " + request.approvedBy() + "; ";
    }

    private void submit(RetrainingBook book, TrackedRequest request) {
        long now = book.nowMillis();
        TrackedRequest.Edit edit = request.edit().submitted(now);
        String words = approval(request) + "no guard rail holds it back";
        if (policy.dryRun()) {
            TrackedRequest done =
                    edit.completed(now, false).status(RetrainStatus.DRY_RUN, now).done();
            book.change(done, words + "; it is a dry run, so nothing was submitted");
        } else {
            book.submit(edit.status(RetrainStatus.SUBMITTED, now).done(), words);
        }
    }

    /**
     * What follows from an event.
     *
     * @param state what to remember
     * @param submissions requests to submit now
     * @param changes what became of which requests, in order
     * @param nextMillis when to call {@link Retraining#onTimer} unless something happens before;
     *     {@link #NEVER} for never. Always later than the present
     * @param refusal in words, why the event itself changed nothing; null if it may have
     */
    public record Step(
            RetrainingState state,
            List<RetrainRequest> submissions,
            List<RetrainChange> changes,
            long nextMillis,
            String refusal) {}
}
