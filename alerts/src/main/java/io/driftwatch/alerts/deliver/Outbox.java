package io.driftwatch.alerts.deliver;

import io.driftwatch.alerts.log.LogFields;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.NotificationStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one endpoint is still to get, and when to try. Pure: time is an argument, and what is
 * remembered goes in and comes out, so that it can live in the state of a job or in memory.
 *
 * <ul>
 *   <li>A notification is tried at once, and after a failure that may pass again after each wait of
 *       the policy; then it ends as exhausted. What will never work ends as rejected.
 *   <li>Notifications of one group go in the order in which they came, each only when the one
 *       before it has ended: nobody hears of an end before its beginning. Groups do not wait for
 *       each other.
 *   <li>After three failures in a row the endpoint is left alone for half a minute at a time (no
 *       longer than the longest wait); whatever is due waits, and then one of them tries. When that
 *       one succeeds, all that wait are due at once.
 *   <li>Retry-After makes the whole endpoint wait, at most as long as the policy allows.
 *   <li>It is asked no faster than its {@link Pace}, and for four notifications at a time.
 *   <li>What could not be tried within the time that the whole schedule takes, and a little more,
 *       ends as exhausted too: so nothing waits for ever, however much there is.
 * </ul>
 */
public final class Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private static final Duration LEFT_ALONE = Duration.ofSeconds(30);
    private static final int AT_ONCE = 4;

    private final String receiver;
    private final EndpointConfig endpoint;
    private final RetryPolicy policy;

    /**
     * @param receiver name of the receiver that the endpoint belongs to
     */
    public Outbox(String receiver, EndpointConfig endpoint, RetryPolicy policy) {
        this.receiver = receiver;
        this.endpoint = endpoint;
        this.policy = policy;
    }

    /** Returns the endpoint that it is for. */
    public EndpointConfig endpoint() {
        return endpoint;
    }

    /**
     * Takes in a notification.
     *
     * @return its entry and the endpoint's health, both to be kept
     */
    public Step add(Notification notification, EndpointHealth health, long nowMillis) {
        EndpointHealth after = health.withPlace();
        OutboxEntry entry = OutboxEntry.of(notification, after.places(), nowMillis);
        return new Step(entry, null, after);
    }

    /**
     * Says what to do now.
     *
     * @param waiting all entries that may be sent, in any order
     * @param underWay ids of those that are being tried
     */
    public Look look(
            Collection<OutboxEntry> waiting,
            EndpointHealth health,
            Set<String> underWay,
            long nowMillis) {
        Heads heads = Heads.of(waiting);
        List<Ended> ended = new ArrayList<>();
        heads.replaced.forEach(entry -> ended.add(new Ended(entry, null)));
        EndpointHealth after = health;
        List<OutboxEntry> attempts = new ArrayList<>();
        long next = Long.MAX_VALUE;
        for (OutboxEntry head : heads.mostUrgentFirst(entry -> isDue(entry, health, nowMillis))) {
            if (underWay.contains(head.id())) {
                continue;
            }
            boolean isDue = isDue(head, health, nowMillis);
            long from = from(head, isDue, heads.isFollowed(head), after, nowMillis);
            int busy = underWay.size() + attempts.size();
            if (from <= nowMillis && busy < (health.isDown() ? 1 : AT_ONCE)) {
                attempts.add(head);
                after = after.paced(endpoint.pace(), nowMillis);
            } else if (isDue && isTooOld(head, nowMillis)) {
                ended.add(new Ended(head, exhausted(head, "waited for the endpoint", nowMillis)));
            } else if (from > nowMillis) {
                next = Math.min(next, from);
            }
        }
        return new Look(attempts, ended, after, next);
    }

    private static boolean isDue(OutboxEntry entry, EndpointHealth health, long nowMillis) {
        return entry.dueMillis() <= nowMillis || entry.triedMillis() < health.recoveredMillis();
    }

    private boolean isTooOld(OutboxEntry entry, long nowMillis) {
        return !entry.stands() && nowMillis - entry.cameMillis() > policy.lifetime().toMillis();
    }

    /** From when on an entry may be tried; one that others wait for may ask early if it is down. */
    private long from(
            OutboxEntry head, boolean isDue, boolean isFollowed, EndpointHealth health, long now) {
        long from = isDue ? now : head.dueMillis();
        if (health.isDown()) {
            long begin = isFollowed ? now : from;
            from = Math.max(begin, health.leftAloneUntilMillis());
        }
        from = Math.max(from, health.pausedUntilMillis());
        return Math.max(from, health.paceAllowsFrom(endpoint.pace()));
    }

    /**
     * Says what follows from an answer.
     *
     * @param before the entry that was tried, as it was
     */
    public Step answered(OutboxEntry before, EndpointHealth health, Answer answer, long nowMillis) {
        OutboxEntry entry = before.tried(nowMillis);
        Answer.Verdict verdict = answer.verdict(endpoint);
        if (entry.stands() && verdict != Answer.Verdict.DELIVERED) {
            return stillStands(entry, health, answer, nowMillis);
        }
        return switch (verdict) {
            case DELIVERED -> delivered(entry, health.well(nowMillis), answer, nowMillis);
            case REJECTED -> rejected(entry, failed(health, nowMillis), answer, nowMillis);
            case MALFORMED -> simplify(entry, health.well(nowMillis), answer, nowMillis);
            case RETRY -> retry(entry, health, answer, nowMillis);
        };
    }

    private Step delivered(
            OutboxEntry entry, EndpointHealth health, Answer answer, long nowMillis) {
        Delivery delivery =
                entry.stands()
                        ? null
                        : delivery(
                                entry,
                                DeliveryOutcome.delivered,
                                answer.status(),
                                words(entry, answer),
                                nowMillis);
        Optional<Duration> again = endpoint.repeatEvery();
        boolean fires = entry.notification().getStatus() == NotificationStatus.firing;
        return again.isPresent() && fires
                ? new Step(
                        entry.standingUntil(nowMillis + again.get().toMillis()), delivery, health)
                : new Step(null, delivery, health);
    }

    /** What was delivered once is never lost: the next repetition says it again. */
    private Step stillStands(
            OutboxEntry entry, EndpointHealth health, Answer answer, long nowMillis) {
        Duration again = endpoint.repeatEvery().orElse(LEFT_ALONE);
        warn(entry, again, answer);
        OutboxEntry next = entry.standingUntil(nowMillis + again.toMillis());
        return new Step(next, null, failed(health, nowMillis));
    }

    private Step rejected(OutboxEntry entry, EndpointHealth health, Answer answer, long nowMillis) {
        DeliveryOutcome outcome = DeliveryOutcome.rejected;
        return ended(entry, health, outcome, answer.status(), words(entry, answer), nowMillis);
    }

    private Step simplify(OutboxEntry entry, EndpointHealth health, Answer answer, long nowMillis) {
        boolean isSimple = entry.refusal() != null;
        if (isSimple || !endpoint.hasMinimalForm(entry.notification())) {
            return rejected(entry, health, answer, nowMillis);
        }
        return new Step(entry.simplified(answer.words(), nowMillis), null, health);
    }

    private Step retry(OutboxEntry tried, EndpointHealth health, Answer answer, long nowMillis) {
        OutboxEntry entry = tried.failed(answer.words());
        Duration asked =
                policy.allowed(
                        RetryAfter.parse(answer.retryAfter(), Instant.ofEpochMilli(nowMillis)));
        boolean wasEarly = entry.dueMillis() > nowMillis;
        boolean isLast = !wasEarly && entry.retries() >= policy.waits().size();
        EndpointHealth after = answer.isLimit() ? health : failed(health, nowMillis);
        after = after.pausedUntil(asked.isZero() ? 0 : nowMillis + asked.toMillis());
        if (wasEarly) {
            return new Step(entry, null, after);
        }
        if (isLast || isTooOld(entry, nowMillis)) {
            DeliveryOutcome outcome = DeliveryOutcome.exhausted;
            return ended(entry, after, outcome, answer.status(), words(entry, answer), nowMillis);
        }
        Duration wait = policy.waits().get(entry.retries());
        Duration longer = asked.compareTo(wait) > 0 ? asked : wait;
        warn(entry, longer, answer);
        long last = entry.cameMillis() + policy.lifetime().toMillis();
        long due = Math.min(nowMillis + longer.toMillis(), last);
        return new Step(entry.waitingUntil(due), null, after);
    }

    private EndpointHealth failed(EndpointHealth health, long nowMillis) {
        Duration longest = policy.waits().stream().max(Duration::compareTo).orElse(LEFT_ALONE);
        Duration alone = longest.compareTo(LEFT_ALONE) < 0 ? longest : LEFT_ALONE;
        return health.failed(nowMillis + alone.toMillis());
    }

    private void warn(OutboxEntry entry, Duration wait, Answer answer) {
        try (LogFields fields = LogFields.of(entry.notification(), receiver, endpoint.name())) {
            LOG.warn(
                    "Notification {} to {} {}: attempt {} failed, next in {}: {}",
                    entry.id(),
                    receiver,
                    endpoint.name(),
                    entry.attempts(),
                    wait,
                    answer.words());
        }
    }

    private static String words(OutboxEntry entry, Answer answer) {
        return entry.refusal() == null
                ? answer.words()
                : answer.words() + ", in minimal form because the full one got " + entry.refusal();
    }

    /** Ends an entry that will not be tried any more, whatever the reason. */
    public Delivery exhausted(OutboxEntry entry, String why, long nowMillis) {
        String last = entry.failure() == null ? "" : "; its last attempt: " + entry.failure();
        return ended(entry, null, DeliveryOutcome.exhausted, null, why + last, nowMillis)
                .delivery();
    }

    private Step ended(
            OutboxEntry entry,
            EndpointHealth health,
            DeliveryOutcome outcome,
            Integer status,
            String reason,
            long nowMillis) {
        try (LogFields fields = LogFields.of(entry.notification(), receiver, endpoint.name())) {
            LOG.error(
                    "Notification {} to {} {}: {} (attempts made: {}): {}",
                    entry.id(),
                    receiver,
                    endpoint.name(),
                    outcome,
                    entry.attempts(),
                    reason);
        }
        return new Step(null, delivery(entry, outcome, status, reason, nowMillis), health);
    }

    private Delivery delivery(
            OutboxEntry entry,
            DeliveryOutcome outcome,
            Integer status,
            String reason,
            long nowMillis) {
        return Delivery.newBuilder()
                .setNotificationId(entry.id())
                .setReceiver(receiver)
                .setEndpoint(endpoint.name())
                .setOutcome(outcome)
                .setAttempts(entry.attempts())
                .setStatusCode(status)
                .setReason(reason)
                .setFinishedAt(Instant.ofEpochMilli(nowMillis))
                .build();
    }

    /**
     * What follows from an event.
     *
     * @param entry the entry as it is to be kept; null if it has ended
     * @param delivery how it has ended; null if it has not, or if that was said before
     * @param health the endpoint's health, to be kept
     */
    public record Step(OutboxEntry entry, Delivery delivery, EndpointHealth health) {}

    /**
     * What to do at a moment.
     *
     * @param attempts what to try now; each counts as under way until its answer
     * @param ended what not to try any more
     * @param health the endpoint's health, to be kept
     * @param nextMillis when to look again, unless something happens before; {@link Long#MAX_VALUE}
     *     for never
     */
    public record Look(
            List<OutboxEntry> attempts,
            List<Ended> ended,
            EndpointHealth health,
            long nextMillis) {}

    /**
     * An entry that is no longer waiting.
     *
     * @param entry the entry
     * @param delivery how it has ended; null if that was said before
     */
    public record Ended(OutboxEntry entry, Delivery delivery) {}

    /** Of each group the entry whose turn it is. */
    private record Heads(
            Collection<OutboxEntry> entries, Set<String> followed, List<OutboxEntry> replaced) {

        static Heads of(Collection<OutboxEntry> waiting) {
            Map<String, OutboxEntry> heads = new HashMap<>();
            Set<String> followed = new HashSet<>();
            List<OutboxEntry> replaced = new ArrayList<>();
            List<OutboxEntry> inOrder = new ArrayList<>(waiting);
            inOrder.sort(Comparator.comparingLong(OutboxEntry::place));
            for (OutboxEntry entry : inOrder) {
                OutboxEntry head = heads.putIfAbsent(entry.group(), entry);
                if (head != null && head.stands()) {
                    replaced.add(head);
                    heads.put(entry.group(), entry);
                } else if (head != null) {
                    followed.add(entry.group());
                }
            }
            return new Heads(heads.values(), followed, replaced);
        }

        boolean isFollowed(OutboxEntry head) {
            return followed.contains(head.group());
        }

        List<OutboxEntry> mostUrgentFirst(Predicate<OutboxEntry> isDue) {
            return entries.stream()
                    .sorted(
                            Comparator.comparing((OutboxEntry entry) -> !isDue.test(entry))
                                    .thenComparingLong(OutboxEntry::place))
                    .toList();
        }
    }
}
