package io.driftwatch.alerts.retrain;

import io.driftwatch.alerts.deliver.DeliveryConfig;
import io.driftwatch.alerts.deliver.HttpClients;
import io.driftwatch.alerts.deliver.LimitedBody;
import io.driftwatch.alerts.deliver.Redaction;
import io.driftwatch.alerts.deliver.Secret;
import io.driftwatch.alerts.deliver.UserAgent;
import io.driftwatch.schemas.RetrainRequest;
import java.io.IOException;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Submits requests to targets over HTTP: at once, and after a failure that may pass again after
 * each of some waits. Every attempt is the same, so a target that knows idempotency runs once.
 * Thread-safe, with daemon threads only.
 */
public final class TargetCaller implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
    private static final int LONGEST_ANSWER = 256 * 1024;

    private final DeliveryConfig config;
    private final List<Duration> waits;
    private final ExecutorService workers =
            Executors.newCachedThreadPool(work -> daemon(work, "worker"));
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "timer"));
    private final HttpClients clients;

    /**
     * @param config which addresses may be asked, and whom to trust
     * @param waits the wait before the second attempt, before the third, and so on. Copied
     */
    public TargetCaller(DeliveryConfig config, List<Duration> waits) {
        this.config = config;
        this.waits = List.copyOf(waits);
        this.clients = new HttpClients(config.tls(), CONNECT_TIMEOUT, workers);
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, "driftwatch-retrain-" + name);
        thread.setDaemon(true);
        return thread;
    }

    /** Returns the waits of a running system: five attempts within about a quarter of an hour. */
    public static List<Duration> standardWaits() {
        return List.of(
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofMinutes(2),
                Duration.ofMinutes(10));
    }

    /**
     * Submits a request to a target.
     *
     * @return completes with how it went, accepted or failed, after the last attempt; never
     *     exceptionally
     */
    public CompletableFuture<RetrainReport> submit(RetrainTarget target, RetrainRequest request) {
        return CompletableFuture.supplyAsync(() -> call(target, request), workers)
                .thenCompose(call -> attempt(target, request, call, 0))
                // A message of an unknown failure may hold a secret.
                .exceptionally(
                        failure -> failed(target, request, failure.getClass().getSimpleName()));
    }

    private static RecipeCall call(RetrainTarget target, RetrainRequest request) {
        Recipe recipe = Recipes.named(target.recipe()).orElseThrow();
        return RecipeCall.submission(recipe, target, request);
    }

    /** Either an answer, or why there is none. */
    private record Outcome(RecipeAnswer answer, String failure) {}

    private CompletableFuture<RetrainReport> attempt(
            RetrainTarget target, RetrainRequest request, RecipeCall call, int retries) {
        return send(call)
                .thenCompose(
                        outcome -> {
                            String id = request.getRequestId();
                            Optional<RetrainReport> report =
                                    outcome.answer() == null
                                            ? Optional.empty()
                                            : outcome.answer().report(id);
                            if (report.isPresent()) {
                                return CompletableFuture.completedFuture(report.get());
                            }
                            String words =
                                    outcome.answer() == null
                                            ? outcome.failure()
                                            : outcome.answer().words();
                            if (retries >= waits.size()) {
                                return CompletableFuture.completedFuture(
                                        failed(target, request, words));
                            }
                            return later(waits.get(retries))
                                    .thenCompose(
                                            passed -> attempt(target, request, call, retries + 1));
                        });
    }

    private static RetrainReport failed(
            RetrainTarget target, RetrainRequest request, String words) {
        return new RetrainReport(
                request.getRequestId(),
                RunState.FAILED,
                null,
                null,
                "target " + target.name() + " did not take it: " + words);
    }

    private CompletableFuture<Void> later(Duration wait) {
        CompletableFuture<Void> passed = new CompletableFuture<>();
        var unused =
                timer.schedule(() -> passed.complete(null), wait.toMillis(), TimeUnit.MILLISECONDS);
        return passed;
    }

    private CompletableFuture<Outcome> send(RecipeCall call) {
        return CompletableFuture.supplyAsync(() -> prepare(call), workers)
                .thenCompose(
                        prepared ->
                                prepared.refusal() == null
                                        ? send(call, prepared)
                                        : CompletableFuture.completedFuture(
                                                new Outcome(null, prepared.refusal())));
    }

    /** A request with its secrets, or why there is none. */
    private record Prepared(HttpRequest request, Redaction redaction, String refusal) {
        static Prepared refused(String why) {
            return new Prepared(null, null, why);
        }
    }

    private Prepared prepare(RecipeCall call) {
        try {
            Optional<String> refusal = config.guard().refusal(call.uri());
            if (refusal.isPresent()) {
                return Prepared.refused(refusal.get());
            }
            List<String> secrets = new ArrayList<>();
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(call.uri())
                            .timeout(REQUEST_TIMEOUT)
                            .setHeader("User-Agent", UserAgent.VALUE);
            for (Map.Entry<String, SecretText> header : call.headers().entrySet()) {
                request.setHeader(header.getKey(), reveal(header.getValue(), secrets));
            }
            request.method(
                    call.method(),
                    call.body() == null
                            ? HttpRequest.BodyPublishers.noBody()
                            : HttpRequest.BodyPublishers.ofString(reveal(call.body(), secrets)));
            return new Prepared(request.build(), Redaction.of(secrets), null);
        } catch (UnknownHostException e) {
            return Prepared.refused("the host name cannot be resolved");
        } catch (IOException e) {
            return Prepared.refused("a file with a secret cannot be read");
        } catch (IllegalArgumentException e) {
            return Prepared.refused("the address or a header is not valid");
        }
    }

    /** What holds a secret is one as a whole: encoded, nobody would find the secret in it. */
    private static String reveal(SecretText text, List<String> secrets) throws IOException {
        String revealed = text.reveal(Secret::reveal);
        if (!text.secrets().isEmpty()) {
            secrets.add(revealed);
            for (Secret secret : text.secrets()) {
                secrets.add(secret.reveal());
            }
        }
        return revealed;
    }

    private CompletableFuture<Outcome> send(RecipeCall call, Prepared prepared) {
        try {
            return clients.current()
                    .sendAsync(prepared.request(), info -> new LimitedBody(LONGEST_ANSWER))
                    .handle(
                            (response, failure) ->
                                    failure == null
                                            ? new Outcome(answer(call, prepared, response), null)
                                            : new Outcome(null, "the connection failed"));
        } catch (IOException e) {
            return CompletableFuture.completedFuture(
                    new Outcome(null, "a file of delivery.tls cannot be read"));
        } catch (GeneralSecurityException e) {
            return CompletableFuture.completedFuture(
                    new Outcome(null, "the files of delivery.tls do not hold what they should"));
        }
    }

    private static RecipeAnswer answer(
            RecipeCall call, Prepared prepared, HttpResponse<String> response) {
        String body = prepared.redaction().apply(response.body());
        return call.answer(response.statusCode(), response.headers().map(), body);
    }

    /** Makes no further attempt. */
    @Override
    public void close() {
        workers.shutdownNow();
        timer.shutdownNow();
    }
}
