package io.driftwatch.alerts.deliver;

import io.driftwatch.schemas.Notification;
import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;

/** One place that notifications go to, and the form that it understands. */
public sealed interface EndpointConfig extends Serializable permits EmailEndpoint, HttpEndpoint {
    /** Returns kind and place within the receiver, such as {@code slack[0]}. */
    String name();

    /** Says whether it wants to hear of alerts that are resolved. */
    boolean sendResolved();

    /** Returns how fast it may be asked. */
    Pace pace();

    /**
     * Returns how often it wants to hear again what still fires; empty if it remembers what it was
     * told.
     */
    default Optional<Duration> repeatEvery() {
        return Optional.empty();
    }

    /** Says whether there is a simpler form of a notification, for when the whole is refused. */
    default boolean hasMinimalForm(Notification notification) {
        return false;
    }

    /** Says whether the body of an answer that looks good means success. */
    default boolean accepts(String answer) {
        return true;
    }

    /** Writes what an attempt would send, without any secret, for people to look at. */
    String preview(Notification notification);
}
