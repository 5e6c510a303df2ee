package io.driftwatch.alerts.deliver;

import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Makes single attempts, by whatever protocol an endpoint speaks. Thread-safe; all its threads are
 * daemons, and none of what may take time is done by the caller's.
 */
public final class Sender implements AutoCloseable {
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "timer"));
    private final ExecutorService workers =
            Executors.newCachedThreadPool(work -> daemon(work, "worker"));
    private final HttpPoster poster;
    private final Mailer mailer;

    /**
     * @param policy how patiently to try
     * @param config what holds for all deliveries
     * @param clock tells the present
     */
    public Sender(RetryPolicy policy, DeliveryConfig config, Clock clock) {
        this.poster = new HttpPoster(policy, config, clock, workers, timer);
        this.mailer = new Mailer(policy, config, clock);
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, "driftwatch-deliver-" + name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Sends a notification once.
     *
     * @return completes with what came back; never exceptionally
     */
    public CompletableFuture<Answer> send(EndpointConfig endpoint, OutboxEntry entry) {
        CompletableFuture<Answer> answer =
                endpoint instanceof EmailEndpoint email
                        ? CompletableFuture.supplyAsync(
                                () -> mailer.mail(email, entry.notification()), workers)
                        : poster.post((HttpEndpoint) endpoint, entry);
        return answer.exceptionally(Sender::unknown);
    }

    /** A message of an unknown failure may hold a secret. */
    private static Answer unknown(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return Answer.hopeless("cannot be sent (" + cause.getClass().getSimpleName() + ")");
    }

    /** Makes no further attempt; what is under way is left to itself. */
    @Override
    public void close() {
        workers.shutdownNow();
        timer.shutdownNow();
    }
}
