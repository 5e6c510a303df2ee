package io.driftwatch.job.deliver;

import io.driftwatch.schemas.Notification;

/**
 * A notification on its way to one endpoint.
 *
 * @param endpoint which one, see {@link AddressFunction#key}
 * @param notification what to send
 */
public record Addressed(String endpoint, Notification notification) {}
