package io.driftwatch.alerts.deliver;

import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import io.driftwatch.schemas.Notification;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * Sends notifications over HTTP and retries what may work later. Each attempt of a notification
 * carries the same id in the headers Idempotency-Key and webhook-id. Thread-safe; one instance
 * serves a whole process, with daemon threads only.
 */
public final class Deliverer implements AutoCloseable {
    private final Map<String, ReceiverConfig> receivers = new LinkedHashMap<>();
    private final RetryPolicy policy;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor timer;
    private final HttpPoster poster;
    private final Set<EndpointDelivery> running = ConcurrentHashMap.newKeySet();

    /**
     * @param receivers whom notifications can name; of two with one name the first counts
     * @param policy how often and how patiently to try
     * @param clock tells when deliveries ended, and the present for Retry-After dates
     */
    public Deliverer(List<ReceiverConfig> receivers, RetryPolicy policy, Clock clock) {
        receivers.forEach(receiver -> this.receivers.putIfAbsent(receiver.name(), receiver));
        this.policy = policy;
        this.clock = clock;
        this.timer = new ScheduledThreadPoolExecutor(1, Deliverer::daemon);
        this.timer.setRemoveOnCancelPolicy(true);
        this.poster = new HttpPoster(policy, timer, clock);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "driftwatch-deliver");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Sends a notification to every endpoint of its receiver.
     *
     * @return completes with one delivery for each endpoint, in their order, after the last attempt
     *     of each; never exceptionally. An unknown receiver gives a single rejected delivery
     */
    public CompletableFuture<List<Delivery>> deliver(Notification notification) {
        ReceiverConfig receiver = receivers.get(notification.getReceiver());
        if (receiver == null) {
            return CompletableFuture.completedFuture(List.of(unknownReceiver(notification)));
        }
        List<CompletableFuture<Delivery>> deliveries =
                receiver.endpoints().stream().map(e -> start(e, notification)).toList();
        return CompletableFuture.allOf(deliveries.toArray(CompletableFuture[]::new))
                .thenApply(done -> deliveries.stream().map(CompletableFuture::join).toList());
    }

    private CompletableFuture<Delivery> start(EndpointConfig endpoint, Notification notification) {
        EndpointDelivery delivery =
                new EndpointDelivery(endpoint, notification, policy, clock, poster, timer);
        running.add(delivery);
        CompletableFuture<Delivery> result =
                delivery.result().whenComplete((done, failure) -> running.remove(delivery));
        delivery.start();
        return result;
    }

    private Delivery unknownReceiver(Notification notification) {
        return Delivery.newBuilder()
                .setNotificationId(notification.getId())
                .setReceiver(notification.getReceiver())
                .setEndpoint("none")
                .setOutcome(DeliveryOutcome.rejected)
                .setAttempts(0)
                .setReason("no receiver has this name")
                .setFinishedAt(clock.instant().truncatedTo(ChronoUnit.MILLIS))
                .build();
    }

    /** Ends what is still under way, as exhausted, and makes no further attempt. */
    @Override
    public void close() {
        timer.shutdownNow();
        running.forEach(EndpointDelivery::stop);
    }
}
