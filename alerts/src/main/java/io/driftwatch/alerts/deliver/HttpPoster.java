package io.driftwatch.alerts.deliver;

import io.driftwatch.alerts.deliver.EndpointConfig.Payload;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * Makes one attempt over HTTP. Every failure becomes an {@link Answer}, in words of our own:
 * messages of the HTTP client may quote addresses and headers.
 */
final class HttpPoster {
    private final HttpClient client;
    private final ScheduledExecutorService timer;
    private final Duration requestTimeout;
    private final Clock clock;

    HttpPoster(RetryPolicy policy, ScheduledExecutorService timer, Clock clock) {
        this.timer = timer;
        this.clock = clock;
        this.requestTimeout = policy.requestTimeout();
        // HTTP/2 would add upgrade headers to each clear-text request, which some servers refuse.
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(policy.connectTimeout())
                        .build();
    }

    /** Posts a payload; the future never completes exceptionally. */
    CompletableFuture<Answer> post(EndpointConfig endpoint, Payload payload, String id) {
        Revealed revealed;
        HttpRequest request;
        try {
            revealed = Revealed.of(endpoint);
            String body = endpoint.withSecrets(payload.body());
            request = request(endpoint, revealed, new Payload(payload.contentType(), body), id);
        } catch (IOException e) {
            return answered("a file with the address or another secret cannot be read");
        } catch (IllegalArgumentException e) {
            return answered("the address, a header or a signing secret is not valid");
        }
        return send(request, timeout(endpoint), revealed.redaction());
    }

    private static CompletableFuture<Answer> answered(String failure) {
        return CompletableFuture.completedFuture(Answer.failed(failure));
    }

    private Duration timeout(EndpointConfig endpoint) {
        return endpoint.requestTimeout().orElse(requestTimeout);
    }

    private HttpRequest request(
            EndpointConfig endpoint, Revealed revealed, Payload payload, String id) {
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

    private CompletableFuture<Answer> send(
            HttpRequest request, Duration timeout, Redaction redaction) {
        CompletableFuture<HttpResponse<String>> sent =
                client.sendAsync(request, info -> new LimitedBody());
        // The request's own timeout ends with the headers; this one covers the body too.
        ScheduledFuture<?> limit =
                timer.schedule(() -> sent.cancel(true), timeout.toNanos(), TimeUnit.NANOSECONDS);
        return sent.handle(
                (response, failure) -> {
                    limit.cancel(false);
                    return failure == null
                            ? answer(response, redaction)
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
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
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

    /** The secrets of an endpoint as they are for this attempt. Has no other user than this one. */
    private record Revealed(
            URI uri,
            Map<String, String> headers,
            List<String> signingSecrets,
            Redaction redaction) {
        static Revealed of(EndpointConfig endpoint) throws IOException {
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
                    HttpAddress.parse(address), headers, signingSecrets, Redaction.of(secrets));
        }

        @Override
        public String toString() {
            return "<secret>";
        }
    }
}
