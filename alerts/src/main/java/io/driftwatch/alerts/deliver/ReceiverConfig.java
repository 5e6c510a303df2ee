package io.driftwatch.alerts.deliver;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * A receiver: a name and the endpoints that get each of its notifications.
 *
 * @param name name that routes use, unique
 * @param endpoints where to send; none is a receiver that swallows everything. Copied
 */
public record ReceiverConfig(String name, List<EndpointConfig> endpoints) implements Serializable {
    public ReceiverConfig {
        Objects.requireNonNull(name, "name");
        endpoints = List.copyOf(endpoints);
    }
}
