package io.driftwatch.alerts.deliver;

import io.driftwatch.schemas.Notification;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An endpoint that notifications are posted to. */
public sealed interface HttpEndpoint extends EndpointConfig
        permits AlertmanagerEndpoint, ChatEndpoint, PagerDutyEndpoint, WebhookEndpoint {
    /** Returns the address, as it was given. */
    Secret url();

    /** Returns the address to post to, for the address as it was given. */
    default String target(String url) {
        return url;
    }

    /** Returns further request headers. */
    default Map<String, Secret> headers() {
        return Map.of();
    }

    /** Returns the secrets to sign each request with; none for no signature. */
    default List<Secret> signingSecrets() {
        return List.of();
    }

    /** Returns the secrets that {@link #withSecrets} puts into bodies. */
    default List<Secret> bodySecrets() {
        return List.of();
    }

    /**
     * Puts secrets where a payload has none, just before it is sent.
     *
     * @param body a payload's body
     * @throws IOException if the file of a secret cannot be read
     */
    default String withSecrets(String body) throws IOException {
        return body;
    }

    /** Returns this endpoint's own limit for one request; empty for the policy's. */
    default Optional<Duration> requestTimeout() {
        return Optional.empty();
    }

    /** Writes a notification, without any secret. */
    Payload payload(Notification notification);

    /** Writes a notification, without any secret, for an endpoint that wants to know the time. */
    default Payload payload(Notification notification, Instant now) {
        return payload(notification);
    }

    /** Writes the least that still says it, for an endpoint that refused the whole as malformed. */
    default Optional<Payload> minimalPayload(Notification notification) {
        return Optional.empty();
    }

    @Override
    default boolean hasMinimalForm(Notification notification) {
        return minimalPayload(notification).isPresent();
    }

    @Override
    default String preview(Notification notification) {
        Payload payload = payload(notification);
        StringBuilder text = new StringBuilder();
        text.append("POST ").append(url()).append('\n');
        text.append("Content-Type: ").append(payload.contentType()).append('\n');
        text.append("Idempotency-Key: ").append(notification.getId()).append('\n');
        text.append("webhook-id: ").append(notification.getId()).append('\n');
        if (!signingSecrets().isEmpty()) {
            text.append("webhook-timestamp: <time of the attempt>\n");
            text.append("webhook-signature: <signature>\n");
        }
        headers().forEach((name, value) -> text.append(name + ": " + value + "\n"));
        return text.append('\n').append(payload.body()).toString();
    }

    /**
     * What is posted.
     *
     * @param contentType value of the header Content-Type
     * @param body text, sent as UTF-8
     */
    record Payload(String contentType, String body) {}
}
