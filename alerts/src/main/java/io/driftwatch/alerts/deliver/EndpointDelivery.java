package io.driftwatch.alerts.deliver;

import io.driftwatch.alerts.deliver.EndpointConfig.Payload;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import io.driftwatch.schemas.Notification;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One notification on its way to one endpoint: attempt, judge the answer, wait, attempt again. */
final class EndpointDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointDelivery.class);

    private final EndpointConfig endpoint;
    private final Notification notification;
    private final RetryPolicy policy;
    private final Clock clock;
    private final HttpPoster poster;
    private final ScheduledExecutorService timer;
    private final CompletableFuture<Delivery> result = new CompletableFuture<>();

    // One attempt is under way at a time, and each one happens before the next.
    private volatile Payload payload;
    private volatile String refusal;
    private final AtomicInteger attempts = new AtomicInteger();
    private final AtomicInteger retries = new AtomicInteger();

    EndpointDelivery(
            EndpointConfig endpoint,
            Notification notification,
            RetryPolicy policy,
            Clock clock,
            HttpPoster poster,
            ScheduledExecutorService timer) {
        this.endpoint = endpoint;
        this.notification = notification;
        this.policy = policy;
        this.clock = clock;
        this.poster = poster;
        this.timer = timer;
    }

    CompletableFuture<Delivery> result() {
        return result;
    }

    void start() {
        guarded(
                () -> {
                    payload = endpoint.payload(notification);
                    attempt();
                });
    }

    /** Ends the delivery as it is, unless it has ended. */
    void stop() {
        finish(DeliveryOutcome.exhausted, null, "stopped before an attempt succeeded");
    }

    private void attempt() {
        if (result.isDone()) {
            return;
        }
        attempts.incrementAndGet();
        var unused =
                poster.post(endpoint, payload, notification.getId())
                        .thenAccept(answer -> guarded(() -> judge(answer)));
    }

    private void judge(Answer answer) {
        switch (answer.verdict(endpoint)) {
            case DELIVERED -> finish(DeliveryOutcome.delivered, answer.status(), words(answer));
            case REJECTED -> finish(DeliveryOutcome.rejected, answer.status(), words(answer));
            case MALFORMED -> simplify(answer);
            case RETRY -> retry(answer);
        }
    }

    private void simplify(Answer answer) {
        Optional<Payload> minimal = endpoint.minimalPayload(notification);
        if (refusal != null || minimal.isEmpty()) {
            finish(DeliveryOutcome.rejected, answer.status(), words(answer));
            return;
        }
        refusal = answer.words();
        payload = minimal.get();
        attempt();
    }

    private void retry(Answer answer) {
        if (retries.get() >= policy.waits().size()) {
            finish(DeliveryOutcome.exhausted, answer.status(), words(answer));
            return;
        }
        Duration asked = RetryAfter.parse(answer.retryAfter(), clock.instant());
        Duration wait = policy.waitBefore(retries.getAndIncrement(), asked);
        LOG.warn(
                "Notification {} to {} {}: attempt {} failed, next in {}: {}",
                notification.getId(),
                notification.getReceiver(),
                endpoint.name(),
                attempts,
                wait,
                answer.words());
        var unused =
                timer.schedule(() -> guarded(this::attempt), wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    private String words(Answer answer) {
        return refusal == null
                ? answer.words()
                : answer.words() + ", in minimal form because the full one got " + refusal;
    }

    /** Nothing may leave the result open; a message of an unknown failure may hold a secret. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RejectedExecutionException closed) {
            stop();
        } catch (RuntimeException e) {
            String kind = e.getClass().getSimpleName();
            finish(DeliveryOutcome.rejected, null, "cannot be sent (" + kind + ")");
        }
    }

    private void finish(DeliveryOutcome outcome, Integer status, String reason) {
        if (result.isDone()) {
            return;
        }
        // Logged before whoever waits for the result goes on.
        if (outcome != DeliveryOutcome.delivered) {
            LOG.error(
                    "Notification {} to {} {}: {} after {} attempts: {}",
                    notification.getId(),
                    notification.getReceiver(),
                    endpoint.name(),
                    outcome,
                    attempts,
                    reason);
        }
        result.complete(
                Delivery.newBuilder()
                        .setNotificationId(notification.getId())
                        .setReceiver(notification.getReceiver())
                        .setEndpoint(endpoint.name())
                        .setOutcome(outcome)
                        .setAttempts(Math.max(1, attempts.get()))
                        .setStatusCode(status)
                        .setReason(reason)
                        .setFinishedAt(clock.instant().truncatedTo(ChronoUnit.MILLIS))
                        .build());
    }
}
