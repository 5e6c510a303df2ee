package io.driftwatch.alerts.deliver;

import io.driftwatch.schemas.Notification;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A generic webhook.
 *
 * @param name such as {@code webhook[0]}
 * @param url the address, which may be a secret
 * @param format how a notification is written
 * @param body the body's template; null unless the format is {@link Format#TEMPLATE}
 * @param headers further request headers; copied
 * @param signingSecrets secrets of Standard Webhooks, all of which sign each request; copied
 * @param timeout limit for one request, at most {@link #LONGEST_TIMEOUT}; null for the policy's
 * @param sendResolved whether it hears of alerts that are resolved
 */
public record WebhookEndpoint(
        String name,
        Secret url,
        Format format,
        String body,
        Map<String, Secret> headers,
        List<Secret> signingSecrets,
        Duration timeout,
        boolean sendResolved)
        implements HttpEndpoint {
    private static final String JSON = "application/json; charset=utf-8";

    /** The longest limit that an endpoint may have for one request. */
    public static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(1);

    /** The forms of the body. */
    public enum Format {
        /** A CloudEvent in structured mode. */
        CLOUDEVENTS,
        /** The event's data alone. */
        JSON,
        /** What Prometheus Alertmanager posts to a webhook. */
        ALERTMANAGER_V4,
        /** JSON of the user's own, whose texts are templates. */
        TEMPLATE
    }

    public WebhookEndpoint {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(format, "format");
        if ((format == Format.TEMPLATE) != (body != null)) {
            throw new IllegalArgumentException("WebhookEndpoint: a template needs a body");
        }
        signingSecrets = List.copyOf(signingSecrets);
        headers = Collections.unmodifiableMap(new TreeMap<>(headers));
    }

    /** Says what is wrong with the template of a body; empty if nothing is. */
    public static Optional<String> mistakeInBody(String template) {
        return BodyTemplate.mistake(template);
    }

    /** One that hears of everything. */
    public WebhookEndpoint(
            String name,
            Secret url,
            Format format,
            Map<String, Secret> headers,
            List<Secret> signingSecrets,
            Duration timeout) {
        this(name, url, format, null, headers, signingSecrets, timeout, /* sendResolved= */ true);
    }

    /** A program of the user's own: what protects it from a flood of groups, and no more. */
    @Override
    public Pace pace() {
        return Pace.perSecond(10, 20);
    }

    @Override
    public Optional<Duration> requestTimeout() {
        return Optional.ofNullable(timeout);
    }

    @Override
    public Payload payload(Notification notification) {
        return switch (format) {
            case CLOUDEVENTS ->
                    new Payload(CloudEvent.CONTENT_TYPE, CloudEvent.of(notification).toString());
            case JSON -> new Payload(JSON, NotificationData.of(notification).toString());
            case TEMPLATE -> new Payload(JSON, BodyTemplate.fill(body, notification));
            case ALERTMANAGER_V4 -> new Payload(JSON, AlertmanagerData.of(notification).toString());
        };
    }
}
