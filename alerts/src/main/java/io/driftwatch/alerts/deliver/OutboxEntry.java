package io.driftwatch.alerts.deliver;

import io.driftwatch.schemas.Notification;

/**
 * A notification that an endpoint is still to get. Flat because it is stored state; see {@link
 * Outbox} for what happens to it.
 *
 * @param notification what to send
 * @param place place among all that the endpoint was ever to get, counting from 1
 * @param cameMillis when it came
 * @param dueMillis when the schedule has its next attempt
 * @param triedMillis when its last attempt ended; 0 before the first one
 * @param attempts attempts made so far
 * @param retries waits of the schedule that are used up
 * @param refusal what the endpoint said of the full form, if it refused that and is to get the
 *     least instead; otherwise null
 * @param failure how the last attempt failed; null if none has
 * @param stands whether the endpoint has it and wants to hear it again for as long as it is true
 */
public record OutboxEntry(
        Notification notification,
        long place,
        long cameMillis,
        long dueMillis,
        long triedMillis,
        int attempts,
        int retries,
        String refusal,
        String failure,
        boolean stands) {

    /** Returns the entry of a notification that no outbox takes. */
    public static OutboxEntry first(Notification notification, long nowMillis) {
        return of(notification, 0, nowMillis);
    }

    static OutboxEntry of(Notification notification, long place, long nowMillis) {
        return new OutboxEntry(
                notification, place, nowMillis, nowMillis, 0, 0, 0, null, null, false);
    }

    /** Returns the idempotency id, the same for every attempt. */
    public String id() {
        return notification.getId();
    }

    String group() {
        return notification.getGroupKey();
    }

    OutboxEntry tried(long nowMillis) {
        return new OutboxEntry(
                notification,
                place,
                cameMillis,
                dueMillis,
                nowMillis,
                attempts + 1,
                retries,
                refusal,
                failure,
                stands);
    }

    OutboxEntry failed(String words) {
        return new OutboxEntry(
                notification,
                place,
                cameMillis,
                dueMillis,
                triedMillis,
                attempts,
                retries,
                refusal,
                words,
                stands);
    }

    OutboxEntry waitingUntil(long millis) {
        return new OutboxEntry(
                notification,
                place,
                cameMillis,
                millis,
                triedMillis,
                attempts,
                retries + 1,
                refusal,
                failure,
                stands);
    }

    OutboxEntry simplified(String newRefusal, long nowMillis) {
        return new OutboxEntry(
                notification,
                place,
                cameMillis,
                nowMillis,
                triedMillis,
                attempts,
                retries,
                newRefusal,
                failure,
                stands);
    }

    OutboxEntry standingUntil(long millis) {
        return new OutboxEntry(
                notification,
                place,
                cameMillis,
                millis,
                triedMillis,
                attempts,
                0,
                refusal,
                null,
                true);
    }
}
