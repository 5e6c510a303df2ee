package io.driftwatch.job.deliver;

import io.driftwatch.alerts.deliver.Deliverer;
import io.driftwatch.alerts.deliver.ReceiverConfig;
import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.Notification;
import java.time.Clock;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;

/**
 * Sends notifications. Those under way are part of every checkpoint, so a restart sends them again
 * with the same id.
 */
public final class DeliverFunction extends RichAsyncFunction<Notification, DeliverFunction.Sent> {
    private static final long serialVersionUID = 1L;

    /**
     * A notification and how it fared with each endpoint.
     *
     * @param notification what was sent
     * @param deliveries one for each endpoint of the receiver
     */
    public record Sent(Notification notification, List<Delivery> deliveries) {}

    private final List<ReceiverConfig> receivers;
    private final RetryPolicy policy;
    private transient Deliverer deliverer;

    public DeliverFunction(List<ReceiverConfig> receivers, RetryPolicy policy) {
        this.receivers = List.copyOf(receivers);
        this.policy = policy;
    }

    @Override
    public void open(OpenContext context) {
        ClassTrust.ensure();
        deliverer = new Deliverer(receivers, policy, Clock.systemUTC());
    }

    @Override
    public void asyncInvoke(Notification notification, ResultFuture<Sent> result) {
        var unused =
                deliverer
                        .deliver(notification)
                        .whenComplete(
                                (deliveries, failure) -> {
                                    if (failure == null) {
                                        result.complete(
                                                List.of(new Sent(notification, deliveries)));
                                    } else {
                                        result.completeExceptionally(failure);
                                    }
                                });
    }

    @Override
    public void close() {
        if (deliverer != null) {
            deliverer.close();
        }
    }
}
