package io.driftwatch.alerts.deliver;

import io.driftwatch.alerts.deliver.HttpEndpoint.Payload;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * Makes single attempts over HTTP. Every failure becomes an {@link Answer}, in words of our own:
 * messages of the HTTP client may quote addresses and headers.
 */
final class HttpPoster {
    private final Executor workers;
    private final ScheduledExecutorService timer;
    private final Duration requestTimeout;
    private final DeliveryConfig config;
    private final Clock clock;

    private final HttpClients clients;

    /**
     * @param workers do what may take time
     * @param timer ends what takes too long
     */
    HttpPoster(
            RetryPolicy policy,
            DeliveryConfig config,
            Clock clock,
            Executor workers,
            ScheduledExecutorService timer) {
        this.clock = clock;
        this.config = config;
        this.workers = workers;
        this.timer = timer;
        this.requestTimeout = policy.requestTimeout();
        this.clients = new HttpClients(config.tls(), policy.connectTimeout(), workers);
    }

    /** Posts a notification, in full or in minimal form. */
    CompletableFuture<Answer> post(HttpEndpoint endpoint, OutboxEntry entry) {
        return CompletableFuture.supplyAsync(() -> prepare(endpoint, entry), workers)
                .thenCompose(this::send);
    }

    /** A request, or why there is none. */
    private record Prepared(
            HttpClient client,
            HttpRequest request,
            Duration timeout,
            Redaction redaction,
            Answer refusal) {
        static Prepared refused(String why) {
            return new Prepared(null, null, null, null, Answer.failed(why));
        }
    }

    /** Everything that may take time: writing, reading files, resolving the host's name. */
    private Prepared prepare(HttpEndpoint endpoint, OutboxEntry entry) {
        Payload payload =
                entry.refusal() == null
                        ? endpoint.payload(entry.notification(), clock.instant())
                        : endpoint.minimalPayload(entry.notification()).orElseThrow();
        try {
            Revealed revealed = Revealed.of(endpoint);
            Optional<String> refusal = config.guard().refusal(revealed.uri());
            if (refusal.isPresent()) {
                return Prepared.refused(refusal.get());
            }
            String body = endpoint.withSecrets(payload.body());
            Payload whole = new Payload(payload.contentType(), body);
            HttpRequest request = request(endpoint, revealed, whole, entry.id());
            return new Prepared(
                    clients.current(), request, timeout(endpoint), revealed.redaction(), null);
        } catch (UnknownHostException e) {
            return Prepared.refused("the host name cannot be resolved");
        } catch (SecretFileException e) {
            return Prepared.refused(e.getMessage());
        } catch (IOException e) {
            return Prepared.refused("a file of delivery.tls cannot be read");
        } catch (GeneralSecurityException e) {
            return Prepared.refused("the files of delivery.tls do not hold what they should");
        } catch (IllegalArgumentException e) {
            return Prepared.refused("the address, a header or a signing secret is not valid");
        }
    }

    private Duration timeout(HttpEndpoint endpoint) {
        return endpoint.requestTimeout().orElse(requestTimeout);
    }

    private HttpRequest request(
            HttpEndpoint endpoint, Revealed revealed, Payload payload, String id) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(revealed.uri())
                        .timeout(timeout(endpoint))
                        .POST(HttpRequest.BodyPublishers.ofString(payload.body()));
        revealed.headers().forEach(builder::setHeader);
        if (!revealed.signingSecrets().isEmpty()) {
            long now = clock.instant().getEpochSecond();
            builder.setHeader("webhook-timestamp", Long.toString(now))
                    .setHeader(
                            "webhook-signature",
                            WebhookSignature.of(
                                    revealed.signingSecrets(), id, now, payload.body()));
        }
        return builder.setHeader("Content-Type", payload.contentType())
                .setHeader("User-Agent", UserAgent.VALUE)
                .setHeader("Idempotency-Key", id)
                .setHeader("webhook-id", id)
                .build();
    }

    private CompletableFuture<Answer> send(Prepared prepared) {
        if (prepared.refusal() != null) {
            return CompletableFuture.completedFuture(prepared.refusal());
        }
        Duration timeout = prepared.timeout();
        CompletableFuture<HttpResponse<String>> sent =
                prepared.client()
                        .sendAsync(prepared.request(), info -> new LimitedBody(LimitedBody.SHORT));
        // The request's own timeout ends with the headers; this one covers the body too.
        ScheduledFuture<?> limit =
                timer.schedule(() -> sent.cancel(true), timeout.toNanos(), TimeUnit.NANOSECONDS);
        return sent.handle(
                (response, failure) -> {
                    limit.cancel(false);
                    return failure == null
                            ? answer(response, prepared.redaction())
                            : Answer.failed(words(failure, timeout));
                });
    }

    private static Answer answer(HttpResponse<String> response, Redaction redaction) {
        return Answer.of(
                response.statusCode(),
                redaction.apply(response.body()),
                response.headers().firstValue("Retry-After").orElse(null));
    }

    private static String words(Throwable failure, Duration timeout) {
        Throwable cause = cause(failure);
        if (cause instanceof HttpTimeoutException || cause instanceof CancellationException) {
            return "no complete answer within " + timeout.toMillis() + " ms";
        }
        if (cause instanceof ConnectException) {
            return cause.getCause() instanceof UnresolvedAddressException
                    ? "the host name cannot be resolved"
                    : "the connection was refused";
        }
        if (cause instanceof SSLException) {
            return "the TLS connection failed";
        }
        return "the connection broke (" + cause.getClass().getSimpleName() + ")";
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** The secrets of an endpoint as they are for this attempt. Has no other user than this one. */
    private record Revealed(
            URI uri,
            Map<String, String> headers,
            List<String> signingSecrets,
            Redaction redaction) {
        static Revealed of(HttpEndpoint endpoint) throws IOException {
            String address = endpoint.url().reveal();
            List<String> secrets = new ArrayList<>(List.of(address));
            Map<String, String> headers = new LinkedHashMap<>();
            for (Map.Entry<String, Secret> header : endpoint.headers().entrySet()) {
                headers.put(header.getKey(), header.getValue().reveal());
                secrets.add(header.getValue().reveal());
            }
            List<String> signingSecrets = new ArrayList<>();
            for (Secret secret : endpoint.signingSecrets()) {
                signingSecrets.add(secret.reveal());
            }
            secrets.addAll(signingSecrets);
            for (Secret secret : endpoint.bodySecrets()) {
                secrets.add(secret.reveal());
            }
            return new Revealed(
                    HttpAddress.parse(endpoint.target(address)),
                    headers,
                    signingSecrets,
                    Redaction.of(secrets));
        }

        @Override
        public String toString() {
            return "<secret>";
        }
    }
}
