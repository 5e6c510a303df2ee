package io.driftwatch.alerts.retrain;

import java.util.Locale;

/**
 * Where a retrain request stands. From where to where it goes, and why:
 *
 * <ul>
 *   <li>asked to {@code waiting}: a guard rail holds it back, and may let it go later.
 *   <li>asked to {@code suppressed}: a guard rail holds it back that never lets it go: the alert's
 *       severity, or the rows in its window.
 *   <li>{@code waiting} to {@code waiting}: another guard rail holds it back now.
 *   <li>asked or {@code waiting} to {@code awaiting_approval}: no guard rail holds it back, and the
 *       policy wants a person's word.
 *   <li>asked, {@code waiting} or {@code awaiting_approval} to {@code submitted}: no guard rail
 *       holds it back, and nobody's word is missing. In a dry run it becomes {@code dry_run}
 *       instead, and that is its end.
 *   <li>{@code awaiting_approval} to {@code waiting}: approved, but a guard rail has come up.
 *   <li>{@code awaiting_approval} to {@code expired}: nobody decided in time.
 *   <li>{@code waiting} or {@code awaiting_approval} to {@code rejected}: a person said so.
 *   <li>{@code waiting} or {@code awaiting_approval} to {@code withdrawn}: the alert fires no more.
 *   <li>asked, {@code waiting} or {@code awaiting_approval} to {@code superseded}: the alert asks
 *       in a newer episode, or a newer version of the model has replaced the one that drifted.
 *   <li>{@code waiting} or {@code awaiting_approval} to {@code suppressed}: retraining was switched
 *       off.
 *   <li>{@code withdrawn} or {@code suppressed} to asked: the alert fires again in the same
 *       episode, because a revision of its window took its end back.
 *   <li>{@code submitted} to {@code running}, and either to {@code succeeded} or {@code failed}: it
 *       was reported.
 *   <li>{@code submitted} or {@code running} to {@code failed}: nothing was reported before the
 *       lock's timeout. This is assumed; a report or a new version of the model puts it right.
 *   <li>{@code submitted} or {@code running} to {@code succeeded}: a new version of the model was
 *       seen. This is assumed; the report of a failure puts it right.
 *   <li>{@code succeeded} to {@code helped}: a new version was seen, and no alert that asks for a
 *       retraining fired for it within the settle time.
 *   <li>{@code succeeded} to {@code did_not_help}: such an alert fired.
 * </ul>
 */
public enum RetrainStatus {
    WAITING,
    AWAITING_APPROVAL,
    DRY_RUN,
    SUBMITTED,
    RUNNING,
    SUCCEEDED,
    FAILED,
    HELPED,
    DID_NOT_HELP,
    SUPPRESSED,
    WITHDRAWN,
    SUPERSEDED,
    EXPIRED,
    REJECTED;

    /** Returns the name in lower case, as state and topics hold it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the one of a label.
     *
     * @throws IllegalArgumentException if there is none
     */
    static RetrainStatus ofLabel(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    /** Says whether it may still be submitted. */
    boolean isOpen() {
        return this == WAITING || this == AWAITING_APPROVAL;
    }

    /** Says whether a retraining is under way. */
    boolean isInFlight() {
        return this == SUBMITTED || this == RUNNING;
    }

    /** Says whether it ended for a reason that the same episode of its alert can undo. */
    boolean canBeAskedAgain() {
        return this == WITHDRAWN || this == SUPPRESSED;
    }
}
