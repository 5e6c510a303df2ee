package io.driftwatch.alerts.retrain;

import io.driftwatch.alerts.deliver.DeliveryConfig;
import io.driftwatch.alerts.deliver.HttpClients;
import io.driftwatch.alerts.deliver.LimitedBody;
import io.driftwatch.alerts.deliver.Redaction;
import io.driftwatch.alerts.deliver.Secret;
import io.driftwatch.alerts.deliver.SecretFileException;
import io.driftwatch.alerts.deliver.UserAgent;
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

/**
 * Makes calls to targets over HTTP, each once; when to call again is the affair of {@link
 * TargetRuns}. Thread-safe, with daemon threads only.
 */
public final class TargetCaller implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
    private static final int LONGEST_ANSWER = 256 * 1024;

    private final DeliveryConfig config;
    private final ExecutorService workers = Executors.newCachedThreadPool(TargetCaller::daemon);
    private final HttpClients clients;

    /**
     * @param config which addresses may be asked, and whom to trust
     */
    public TargetCaller(DeliveryConfig config) {
        this.config = config;
        this.clients = new HttpClients(config.tls(), CONNECT_TIMEOUT, workers);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "driftwatch-retrain");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Makes a call, once.
     *
     * @return completes with what came of it; never exceptionally
     */
    public CompletableFuture<TargetReply> send(RecipeCall call) {
        return CompletableFuture.supplyAsync(() -> prepare(call), workers)
                .thenCompose(
                        prepared ->
                                prepared.refusal() == null
                                        ? send(call, prepared)
                                        : CompletableFuture.completedFuture(
                                                TargetReply.failed(prepared.refusal())))
                // A message of an unknown failure may hold a secret.
                .exceptionally(failure -> TargetReply.failed(failure.getClass().getSimpleName()));
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
            return Prepared.refused(
                    e instanceof SecretFileException
                            ? e.getMessage()
                            : "a file with a secret cannot be read");
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

    private CompletableFuture<TargetReply> send(RecipeCall call, Prepared prepared) {
        try {
            return clients.current()
                    .sendAsync(prepared.request(), info -> new LimitedBody(LONGEST_ANSWER))
                    .handle(
                            (response, failure) ->
                                    failure == null
                                            ? TargetReply.of(answer(call, prepared, response))
                                            : TargetReply.failed("the connection failed"));
        } catch (IOException e) {
            return CompletableFuture.completedFuture(
                    TargetReply.failed("a file of delivery.tls cannot be read"));
        } catch (GeneralSecurityException e) {
            return CompletableFuture.completedFuture(
                    TargetReply.failed("the files of delivery.tls do not hold what they should"));
        }
    }

    private static RecipeAnswer answer(
            RecipeCall call, Prepared prepared, HttpResponse<String> response) {
        String body = prepared.redaction().apply(response.body());
        return call.answer(response.statusCode(), response.headers().map(), body);
    }

    /** Makes no further call. */
    @Override
    public void close() {
        workers.shutdownNow();
    }
}
