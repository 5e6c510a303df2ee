package io.driftwatch.alerts.retrain;

import io.driftwatch.alerts.retrain.RetrainingState.SeenVersion;
import io.driftwatch.alerts.retrain.RetrainingState.WatchedAlert;
import io.driftwatch.schemas.RetrainRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A model's state while one event is worked in: it can be changed, and notes what to tell. */
final class RetrainingBook {
    /**
     * How long an alert that is over is remembered, so that late changes of it are recognised:
     * longer than a topic usually keeps them.
     */
    private static final Duration ALERTS_KEPT = Duration.ofDays(30);

    private static final int SUBMITTED_KEPT = 20;
    private static final int VERSIONS_KEPT = 100;

    private final RetrainPolicy policy;
    private final long nowMillis;
    private final Map<String, WatchedAlert> alerts = new LinkedHashMap<>();
    private final Map<String, TrackedRequest> requests = new LinkedHashMap<>();
    private final Map<String, SeenVersion> versions = new LinkedHashMap<>();
    private final List<RetrainRequest> submissions = new ArrayList<>();
    private final List<RetrainChange> changes = new ArrayList<>();

    RetrainingBook(RetrainPolicy policy, RetrainingState state, long nowMillis) {
        this.policy = policy;
        this.nowMillis = nowMillis;
        state.alerts().forEach(this::put);
        state.requests().forEach(this::put);
        state.versions().forEach(this::put);
    }

    long nowMillis() {
        return nowMillis;
    }

    void put(WatchedAlert alert) {
        alerts.put(alert.fingerprint(), alert);
    }

    /** Puts a request in its place without telling anybody; a new one comes last. */
    void put(TrackedRequest request) {
        requests.put(request.id(), request);
    }

    /** Puts a version last. */
    void put(SeenVersion version) {
        versions.remove(version.version());
        versions.put(version.version(), version);
    }

    /** Changes a request, and tells so. */
    void change(TrackedRequest after, String reason) {
        put(after);
        changes.add(RetrainChange.of(after, reason, nowMillis));
    }

    void submit(TrackedRequest after, String reason) {
        submissions.add(after.request());
        change(after, reason);
    }

    /** Forgets a request that is asked anew, which then comes last. */
    void remove(String requestId) {
        requests.remove(requestId);
    }

    /** Returns the alert of a fingerprint; null if it is not watched. */
    WatchedAlert alert(String fingerprint) {
        return alerts.get(fingerprint);
    }

    Collection<WatchedAlert> alerts() {
        return alerts.values();
    }

    /** Returns the request of an id; null if it is not known. */
    TrackedRequest request(String id) {
        return requests.get(id);
    }

    /** Returns a copy of the requests, in the order in which they came. */
    List<TrackedRequest> requests() {
        return List.copyOf(requests.values());
    }

    /** Returns what has gone to a target, the latest first. */
    List<TrackedRequest> submitted() {
        return latestFirst(TrackedRequest::wasSubmitted);
    }

    private List<TrackedRequest> latestFirst(Predicate<TrackedRequest> which) {
        List<TrackedRequest> latest = new ArrayList<>(requests.values());
        // Of two in the same millisecond the one that came later counts as the later one.
        Collections.reverse(latest);
        latest.removeIf(which.negate());
        latest.sort(Comparator.comparingLong(TrackedRequest::submittedMillis).reversed());
        return latest;
    }

    /** Returns the alert of a request if it still fires in the same episode; null otherwise. */
    WatchedAlert firingAlert(TrackedRequest request) {
        WatchedAlert alert = alert(request.request().getAlert().getFingerprint());
        boolean isSame =
                alert != null
                        && alert.isFiring()
                        && alert.episode() == request.request().getAlert().getEpisode();
        return isSame ? alert : null;
    }

    /** Returns what is known of a version; null if it was not seen. */
    SeenVersion version(String version) {
        return versions.get(version);
    }

    boolean isReplaced(String version) {
        SeenVersion seen = versions.get(version);
        return seen != null && seen.isReplaced();
    }

    /** Ends the work: forgets what cannot matter any more. */
    Retraining.Step close(long nextMillis, String refusal) {
        forgetAlerts();
        forgetRequests();
        List<SeenVersion> seen = List.copyOf(versions.values());
        RetrainingState state =
                new RetrainingState(
                        List.copyOf(alerts.values()),
                        requests(),
                        seen.subList(Math.max(0, seen.size() - VERSIONS_KEPT), seen.size()));
        return new Retraining.Step(
                state, List.copyOf(submissions), List.copyOf(changes), nextMillis, refusal);
    }

    private void forgetAlerts() {
        long oldest = nowMillis - ALERTS_KEPT.toMillis();
        alerts.values()
                .removeIf(
                        alert ->
                                alert.changedMillis() < oldest
                                        && (!alert.isFiring() || isReplaced(alert.modelVersion())));
    }

    /** The budget and the circuit breaker look back at the last submissions. */
    private void forgetRequests() {
        int kept = Math.max(SUBMITTED_KEPT, Math.max(policy.maxPerDay(), policy.circuitBreaker()));
        Set<String> lookedBackAt =
                Stream.of(submitted(), latestFirst(request -> request.is(RetrainStatus.DRY_RUN)))
                        .flatMap(latest -> latest.stream().limit(kept))
                        .map(TrackedRequest::id)
                        .collect(Collectors.toSet());
        requests.values()
                .removeIf(
                        request ->
                                !request.currentStatus().isOpen()
                                        && !lookedBackAt.contains(request.id())
                                        && !isOfThisEpisode(request));
    }

    /** While the episode is known, the request must be too: it is asked for only once. */
    private boolean isOfThisEpisode(TrackedRequest request) {
        WatchedAlert alert = alert(request.request().getAlert().getFingerprint());
        return alert != null && alert.episode() == request.request().getAlert().getEpisode();
    }
}
