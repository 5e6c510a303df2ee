package io.driftwatch.job.cli;

import io.driftwatch.alerts.deliver.Deliverer;
import io.driftwatch.alerts.deliver.DeliveryConfig;
import io.driftwatch.alerts.deliver.EndpointConfig;
import io.driftwatch.alerts.deliver.ReceiverConfig;
import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import io.driftwatch.schemas.Notification;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;

/** Sends a sample to receivers, one attempt each, or shows what would be sent. */
final class NotifyTest {
    private final List<ReceiverConfig> receivers;
    private final DeliveryConfig config;
    private final boolean resolved;
    private final PrintWriter out;

    /**
     * @param receivers whom to send to
     * @param config what holds for all deliveries
     * @param resolved whether the sample says resolved instead of firing
     * @param out where the outcome goes
     */
    NotifyTest(
            List<ReceiverConfig> receivers,
            DeliveryConfig config,
            boolean resolved,
            PrintWriter out) {
        this.receivers = List.copyOf(receivers);
        this.config = config;
        this.resolved = resolved;
        this.out = out;
    }

    /** Prints each request, without addresses and other secrets. */
    void show(Clock clock) {
        for (ReceiverConfig receiver : receivers) {
            Notification sample = SampleNotification.of(receiver.name(), resolved, clock.instant());
            for (EndpointConfig endpoint : receiver.endpoints()) {
                out.println("# " + receiver.name() + ", " + endpoint.name());
                out.println(endpoint.preview(sample));
                out.println();
            }
        }
        out.flush();
    }

    /** Sends, and says whether every endpoint has taken it. */
    boolean send(Clock clock) {
        boolean all = true;
        RetryPolicy standard = RetryPolicy.standard();
        RetryPolicy once =
                new RetryPolicy(
                        List.of(),
                        standard.requestTimeout(),
                        standard.connectTimeout(),
                        standard.longestRetryAfter());
        try (Deliverer deliverer = new Deliverer(receivers, once, config, clock)) {
            for (ReceiverConfig receiver : receivers) {
                Notification sample =
                        SampleNotification.of(receiver.name(), resolved, clock.instant());
                for (Delivery delivery : deliverer.deliver(sample).join()) {
                    boolean isDelivered = delivery.getOutcome() == DeliveryOutcome.delivered;
                    all &= isDelivered;
                    out.println(
                            receiver.name()
                                    + ", "
                                    + delivery.getEndpoint()
                                    + ": "
                                    + (isDelivered ? "delivered" : "FAILED")
                                    + " ("
                                    + delivery.getReason()
                                    + ")");
                }
            }
        }
        out.flush();
        return all;
    }
}
