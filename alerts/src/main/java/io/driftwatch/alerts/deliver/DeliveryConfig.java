package io.driftwatch.alerts.deliver;

import java.io.Serializable;
import java.util.Objects;

/**
 * What holds for all deliveries.
 *
 * @param guard which addresses may be asked
 * @param tls whom to trust, and who we are
 */
public record DeliveryConfig(AddressGuard guard, TlsConfig tls) implements Serializable {
    public DeliveryConfig {
        Objects.requireNonNull(guard, "guard");
        Objects.requireNonNull(tls, "tls");
    }

    /** Returns what holds where nothing else is said. */
    public static DeliveryConfig standard() {
        return new DeliveryConfig(AddressGuard.strict(), TlsConfig.STANDARD);
    }
}
