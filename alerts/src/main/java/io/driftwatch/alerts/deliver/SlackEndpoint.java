package io.driftwatch.alerts.deliver;

import io.driftwatch.schemas.Notification;
import java.util.Objects;
import java.util.Optional;

/**
 * A Slack incoming webhook, or anything that speaks the same.
 *
 * @param name such as {@code slack[0]}
 * @param url the webhook's address, which is the credential
 */
public record SlackEndpoint(String name, Secret url) implements EndpointConfig {
    private static final String JSON = "application/json; charset=utf-8";

    public SlackEndpoint {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(url, "url");
    }

    @Override
    public Payload payload(Notification notification) {
        return new Payload(JSON, SlackMessage.of(notification).toString());
    }

    @Override
    public Optional<Payload> minimalPayload(Notification notification) {
        return Optional.of(new Payload(JSON, SlackMessage.minimal(notification).toString()));
    }

    /** Slack answers {@code ok}; any other text under a 2xx status is an error. */
    @Override
    public boolean accepts(String answer) {
        return answer.strip().equals("ok");
    }
}
