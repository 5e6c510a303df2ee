package io.driftwatch.alerts.deliver;

import io.driftwatch.schemas.Notification;
import java.util.Objects;
import java.util.Optional;

/**
 * An incoming webhook of a chat.
 *
 * @param name such as {@code slack[0]}
 * @param chat which one
 * @param url the webhook's address, which is the credential
 * @param sendResolved whether it hears of alerts that are resolved
 */
public record ChatEndpoint(String name, Chat chat, Secret url, boolean sendResolved)
        implements HttpEndpoint {
    private static final String JSON = "application/json; charset=utf-8";

    public ChatEndpoint {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(chat, "chat");
        Objects.requireNonNull(url, "url");
    }

    /** One that hears of everything. */
    public ChatEndpoint(String name, Chat chat, Secret url) {
        this(name, chat, url, /* sendResolved= */ true);
    }

    @Override
    public Pace pace() {
        return chat.pace();
    }

    @Override
    public Payload payload(Notification notification) {
        return new Payload(JSON, chat.message(notification).toString());
    }

    @Override
    public Optional<Payload> minimalPayload(Notification notification) {
        return Optional.of(new Payload(JSON, chat.minimal(notification).toString()));
    }

    @Override
    public boolean accepts(String answer) {
        return chat.accepts(answer);
    }
}
