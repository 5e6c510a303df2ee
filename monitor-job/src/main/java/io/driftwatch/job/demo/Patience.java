package io.driftwatch.job.demo;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what nobody tells, by looking again and again, but not for ever. */
final class Patience implements AutoCloseable {
    private static final long LOOK_MILLIS = 50;

    private final ScheduledExecutorService scheduler =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "demo-patience");
                        thread.setDaemon(true);
                        return thread;
                    });

    /**
     * Waits until something is so.
     *
     * @return whether it was so in time
     * @throws Exception what the question threw
     */
    boolean until(Callable<Boolean> question, Duration limit) throws Exception {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        var looking =
                scheduler.scheduleWithFixedDelay(
                        () -> {
                            try {
                                if (question.call()) {
                                    answer.complete(null);
                                }
                            } catch (Exception e) {
                                answer.completeExceptionally(e);
                            }
                        },
                        0,
                        LOOK_MILLIS,
                        TimeUnit.MILLISECONDS);
        try {
            answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            looking.cancel(false);
        }
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }
}
