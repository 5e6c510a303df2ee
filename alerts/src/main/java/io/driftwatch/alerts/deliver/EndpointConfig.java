package io.driftwatch.alerts.deliver;

import io.driftwatch.schemas.Notification;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One place that notifications are posted to: its address, and the form that it understands. */
public sealed interface EndpointConfig extends Serializable
        permits ChatEndpoint, PagerDutyEndpoint, WebhookEndpoint {
    /** Returns kind and place within the receiver, such as {@code slack[0]}. */
    String name();

    /** Returns the address. */
    Secret url();

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

    /** Writes the least that still says it, for an endpoint that refused the whole as malformed. */
    default Optional<Payload> minimalPayload(Notification notification) {
        return Optional.empty();
    }

    /** Says whether the body of a 2xx answer means success. */
    default boolean accepts(String answer) {
        return true;
    }

    /**
     * What is posted.
     *
     * @param contentType value of the header Content-Type
     * @param body text, sent as UTF-8
     */
    record Payload(String contentType, String body) {}
}
