package io.driftwatch.job.deliver;

import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.Notification;

/**
 * A notification and how it fared with one endpoint.
 *
 * @param notification what was sent
 * @param delivery the outcome
 */
public record Sent(Notification notification, Delivery delivery) {}
