package io.driftwatch.alerts.config;

import java.util.Objects;

/**
 * One mistake in a configuration: where it stands, what is wrong and how to put it right.
 *
 * @param location where, never null
 * @param message what and how to fix it, on one line, without any secret; never null
 */
public record Problem(Location location, String message) {
    public Problem {
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(message, "message");
    }

    @Override
    public String toString() {
        return location + ": " + message;
    }
}
