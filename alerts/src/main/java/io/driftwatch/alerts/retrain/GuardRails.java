package io.driftwatch.alerts.retrain;

import io.driftwatch.alerts.config.Durations;
import io.driftwatch.alerts.retrain.RetrainingState.WatchedAlert;
import io.driftwatch.alerts.route.TimeIntervals;
import io.driftwatch.alerts.rule.Figures;
import io.driftwatch.alerts.rule.Severity;
import io.driftwatch.schemas.Alert;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The guard rails of one model at one moment. */
final class GuardRails {
    private static final Duration DAY = Duration.ofDays(1);
    private static final long MINUTE = 60_000;

    private final RetrainPolicy policy;
    private final RetrainingBook book;
    private final long nowMillis;
    private Shared shared;

    GuardRails(RetrainPolicy policy, RetrainingBook book) {
        this.policy = policy;
        this.book = book;
        this.nowMillis = book.nowMillis();
    }

    /**
     * A guard rail that holds a request back.
     *
     * @param words why
     * @param untilMillis when to look again; {@link Retraining#NEVER} if only an event can help
     */
    record Hold(GuardRail rail, String words, long untilMillis) {
        private static Hold until(long millis, GuardRail rail, String words) {
            return new Hold(rail, words, millis);
        }

        private static Hold untilEvent(GuardRail rail, String words) {
            return new Hold(rail, words, Retraining.NEVER);
        }
    }

    /** Returns what will hold an alert's request back for ever; empty if nothing will. */
    Optional<Hold> refusal(Alert alert) {
        String label = alert.getLabels().get("severity");
        if (Severity.ofLabel(label).compareTo(policy.minSeverity()) < 0) {
            String words =
                    "the alert's severity is " + label + ", below " + policy.minSeverity().label();
            return Optional.of(Hold.untilEvent(GuardRail.MIN_SEVERITY, words));
        }
        long count = alert.getScore().getCount();
        if (count < policy.minCount()) {
            String words = "the alert's window holds " + count + " rows of " + policy.minCount();
            return Optional.of(Hold.untilEvent(GuardRail.MIN_COUNT, words));
        }
        return Optional.empty();
    }

    /** Returns the first guard rail that holds a request back now; empty if none does. */
    Optional<Hold> hold(TrackedRequest request, WatchedAlert alert) {
        return firstOf(
                List.of(
                        () -> minDuration(alert),
                        () -> shared().hold(),
                        () -> otherApproval(request),
                        () -> circuitBreaker(request)));
    }

    /** Has to be called when a request was submitted, or a person is asked about one. */
    void lookAgain() {
        shared = null;
    }

    private static Optional<Hold> firstOf(List<Supplier<Optional<Hold>>> rails) {
        return rails.stream().flatMap(rail -> rail.get().stream()).findFirst();
    }

    /** What is the same for all requests; found once, since very many alerts may ask at a time. */
    private record Shared(Optional<Hold> hold, Optional<String> awaitingId, long useless) {}

    private Shared shared() {
        if (shared == null) {
            Optional<Hold> hold =
                    firstOf(
                            List.of(
                                    this::excludeIf,
                                    this::blackout,
                                    this::inFlight,
                                    this::cooldown,
                                    this::maxPerDay));
            Optional<String> awaiting =
                    book.requests().stream()
                            .filter(request -> request.is(RetrainStatus.AWAITING_APPROVAL))
                            .map(TrackedRequest::id)
                            .findFirst();
            shared = new Shared(hold, awaiting, uselessInARow());
        }
        return shared;
    }

    private Optional<Hold> minDuration(WatchedAlert alert) {
        long until = alert.firingSinceMillis() + policy.minDuration().toMillis();
        return holdUntil(
                until,
                GuardRail.MIN_DURATION,
                "the alert must fire for " + Durations.format(policy.minDuration()) + ", until ");
    }

    private Optional<Hold> holdUntil(long untilMillis, GuardRail rail, String words) {
        return nowMillis < untilMillis
                ? Optional.of(Hold.until(untilMillis, rail, words + moment(untilMillis)))
                : Optional.empty();
    }

    private static String moment(long millis) {
        return Figures.instant(Instant.ofEpochMilli(millis));
    }

    private Optional<Hold> excludeIf() {
        return book.alerts().stream()
                .filter(alert -> alert.isFiring() && alert.excludes())
                .filter(alert -> !book.isReplaced(alert.modelVersion()))
                .map(alert -> "the alert " + alert.name() + " fires, so the data may be at fault")
                .map(words -> Hold.untilEvent(GuardRail.EXCLUDE_IF, words))
                .findFirst();
    }

    private Optional<Hold> blackout() {
        // Intervals begin and end with a minute of their own clock, and so with one of ours.
        long nextMinute = (Math.floorDiv(nowMillis, MINUTE) + 1) * MINUTE;
        return policy.blackout().stream()
                .filter(times -> times.contains(Instant.ofEpochMilli(nowMillis)))
                .map(TimeIntervals::name)
                .map(name -> "nothing is submitted during " + name)
                .map(words -> Hold.until(nextMinute, GuardRail.BLACKOUT, words))
                .findFirst();
    }

    private Optional<Hold> inFlight() {
        return book.requests().stream()
                .filter(request -> request.currentStatus().isInFlight())
                .map(request -> inFlight(request.id(), request.status()))
                .findFirst();
    }

    private static Hold inFlight(String id, String status) {
        return Hold.untilEvent(GuardRail.IN_FLIGHT, "request " + id + " is " + status);
    }

    /** A person is asked about one request at a time; what is approved does not wait for that. */
    private Optional<Hold> otherApproval(TrackedRequest request) {
        return shared().awaitingId()
                .filter(id -> request.approvedBy() == null && !id.equals(request.id()))
                .map(id -> inFlight(id, RetrainStatus.AWAITING_APPROVAL.label()));
    }

    /** Dry runs count among themselves, and stop mattering when the policy gets serious. */
    private Stream<TrackedRequest> counted() {
        return book.requests().stream()
                .filter(request -> request.submittedMillis() > 0)
                .filter(request -> request.wasSubmitted() || policy.dryRun());
    }

    private Optional<Hold> cooldown() {
        long last = counted().mapToLong(TrackedRequest::completedMillis).max().orElse(0);
        return last == 0
                ? Optional.empty()
                : holdUntil(
                        last + policy.cooldown().toMillis(),
                        GuardRail.COOLDOWN,
                        "the model is left alone after its last retraining until ");
    }

    private Optional<Hold> maxPerDay() {
        long dayAgo = nowMillis - DAY.toMillis();
        List<Long> inTheDay =
                counted()
                        .map(TrackedRequest::submittedMillis)
                        .filter(millis -> millis > dayAgo)
                        .sorted()
                        .toList();
        int tooMany = inTheDay.size() - policy.maxPerDay();
        return tooMany < 0
                ? Optional.empty()
                : holdUntil(
                        inTheDay.get(tooMany) + DAY.toMillis(),
                        GuardRail.MAX_PER_DAY,
                        inTheDay.size() + " were submitted within 24 hours; the next may be at ");
    }

    private Optional<Hold> circuitBreaker(TrackedRequest request) {
        long useless = shared().useless();
        return request.approvedBy() != null || useless < policy.circuitBreaker()
                ? Optional.empty()
                : Optional.of(
                        Hold.untilEvent(
                                GuardRail.CIRCUIT_BREAKER,
                                "the last "
                                        + useless
                                        + " retrainings failed or did not help; a person must"
                                        + " approve the next one"));
    }

    /** One whose worth is still open neither counts nor ends the row. */
    private long uselessInARow() {
        long useless = 0;
        for (TrackedRequest request : book.submitted()) {
            switch (request.currentStatus()) {
                case FAILED, DID_NOT_HELP -> useless++;
                case HELPED -> {
                    return useless;
                }
                case SUCCEEDED -> {
                    if (!request.isBeingJudged()) {
                        return useless;
                    }
                }
                default -> {}
            }
        }
        return useless;
    }
}
