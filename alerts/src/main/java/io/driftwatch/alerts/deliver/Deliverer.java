package io.driftwatch.alerts.deliver;

import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import io.driftwatch.schemas.Notification;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Sends notifications from memory: for a program that waits for the outcome. A job keeps its
 * outboxes in its state instead. Thread-safe, with daemon threads only.
 */
public final class Deliverer implements AutoCloseable {
    private final Map<String, ReceiverConfig> receivers = new LinkedHashMap<>();
    private final Map<String, Queue> queues = new HashMap<>();
    private final RetryPolicy policy;
    private final Clock clock;
    private final long startMillis;
    private final long startNanos = System.nanoTime();
    private final Sender sender;

    /** Everything about queues happens on its only thread. */
    private final ScheduledThreadPoolExecutor thread;

    /**
     * @param receivers whom notifications can name; of two with one name the first counts
     * @param policy how often and how patiently to try
     * @param config what holds for all deliveries
     * @param clock tells the time at the start; from there on time passes by itself
     */
    public Deliverer(
            List<ReceiverConfig> receivers,
            RetryPolicy policy,
            DeliveryConfig config,
            Clock clock) {
        receivers.forEach(receiver -> this.receivers.putIfAbsent(receiver.name(), receiver));
        this.policy = policy;
        this.clock = clock;
        this.startMillis = clock.millis();
        this.sender = new Sender(policy, config, clock);
        this.thread =
                new ScheduledThreadPoolExecutor(
                        1,
                        work -> {
                            Thread daemon = new Thread(work, "driftwatch-deliver");
                            daemon.setDaemon(true);
                            return daemon;
                        });
        this.thread.setRemoveOnCancelPolicy(true);
    }

    /** The time of the clock at the start, and what has really passed since. */
    private long now() {
        return startMillis + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }

    /**
     * Sends a notification to every endpoint of its receiver.
     *
     * @return completes with one delivery for each endpoint, in their order, after the last attempt
     *     of each; never exceptionally. An unknown receiver gives a single rejected delivery
     * @throws RejectedExecutionException if this is closed
     */
    public CompletableFuture<List<Delivery>> deliver(Notification notification) {
        ReceiverConfig receiver = receivers.get(notification.getReceiver());
        if (receiver == null) {
            return CompletableFuture.completedFuture(List.of(unknownReceiver(notification)));
        }
        List<CompletableFuture<Delivery>> deliveries =
                receiver.endpoints().stream()
                        .map(endpoint -> deliver(receiver.name(), endpoint, notification))
                        .toList();
        return CompletableFuture.allOf(deliveries.toArray(CompletableFuture[]::new))
                .thenApply(done -> deliveries.stream().map(CompletableFuture::join).toList());
    }

    private CompletableFuture<Delivery> deliver(
            String receiver, EndpointConfig endpoint, Notification notification) {
        CompletableFuture<Delivery> result = new CompletableFuture<>();
        Outbox outbox = new Outbox(receiver, endpoint, policy);
        thread.execute(
                () ->
                        queues.computeIfAbsent(
                                        receiver + "\n" + endpoint.name(), key -> new Queue(outbox))
                                .add(notification, result));
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
        CompletableFuture.runAsync(() -> queues.values().forEach(Queue::stop), thread).join();
        thread.shutdownNow();
        sender.close();
    }

    /** What one endpoint is still to get. */
    private final class Queue {
        private final Outbox outbox;
        private final Map<String, OutboxEntry> waiting = new LinkedHashMap<>();
        private final Map<String, OutboxEntry> underWay = new HashMap<>();
        private final Map<String, CompletableFuture<Delivery>> results = new HashMap<>();
        private EndpointHealth health = EndpointHealth.unknown();
        private Future<?> timer = CompletableFuture.completedFuture(null);

        Queue(Outbox outbox) {
            this.outbox = outbox;
        }

        void add(Notification notification, CompletableFuture<Delivery> result) {
            results.put(notification.getId(), result);
            take(notification.getId(), outbox.add(notification, health, now()));
            look();
        }

        private void take(String id, Outbox.Step step) {
            health = step.health();
            if (step.entry() == null) {
                waiting.remove(id);
            } else {
                waiting.put(id, step.entry());
            }
            complete(id, step.delivery());
        }

        private void complete(String id, Delivery deliveryOrNull) {
            if (deliveryOrNull != null) {
                results.remove(id).complete(deliveryOrNull);
            }
        }

        private void look() {
            timer.cancel(false);
            Outbox.Look look = outbox.look(waiting.values(), health, underWay.keySet(), now());
            health = look.health();
            for (Outbox.Ended ended : look.ended()) {
                waiting.remove(ended.entry().id());
                complete(ended.entry().id(), ended.delivery());
            }
            look.attempts().forEach(this::attempt);
            if (look.nextMillis() < Long.MAX_VALUE) {
                long wait = Math.max(0, look.nextMillis() - now());
                timer = thread.schedule(this::look, wait, TimeUnit.MILLISECONDS);
            }
        }

        private void attempt(OutboxEntry entry) {
            underWay.put(entry.id(), entry);
            var unused =
                    sender.send(outbox.endpoint(), entry)
                            .thenAccept(answer -> execute(() -> answered(entry, answer)));
        }

        private void execute(Runnable work) {
            try {
                thread.execute(work);
            } catch (RejectedExecutionException closed) {
                // Everything has ended.
            }
        }

        private void answered(OutboxEntry entry, Answer answer) {
            underWay.remove(entry.id());
            if (waiting.containsKey(entry.id())) {
                take(entry.id(), outbox.answered(entry, health, answer, now()));
                look();
            }
        }

        void stop() {
            String why = "stopped before an attempt succeeded";
            for (OutboxEntry entry : new ArrayList<>(waiting.values())) {
                waiting.remove(entry.id());
                if (!entry.stands()) {
                    complete(entry.id(), outbox.exhausted(entry, why, now()));
                }
            }
        }
    }
}
