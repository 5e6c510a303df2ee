package io.driftwatch.job.deliver;

import io.driftwatch.alerts.deliver.EndpointConfig;
import io.driftwatch.alerts.deliver.ReceiverConfig;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.NotificationChange;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * Addresses a notification to each endpoint of its receiver, without the ends of alerts for those
 * that do not want to hear of them.
 */
public final class AddressFunction implements FlatMapFunction<Notification, Addressed> {
    private static final long serialVersionUID = 1L;

    private final List<ReceiverConfig> receivers;

    public AddressFunction(List<ReceiverConfig> receivers) {
        this.receivers = List.copyOf(receivers);
    }

    @Override
    public void flatMap(Notification notification, Collector<Addressed> out) {
        for (ReceiverConfig receiver : receivers) {
            if (receiver.name().equals(notification.getReceiver())) {
                for (EndpointConfig endpoint : receiver.endpoints()) {
                    wanted(endpoint, notification)
                            .ifPresent(n -> out.collect(new Addressed(key(receiver, endpoint), n)));
                }
            }
        }
    }

    /** As in Alertmanager, ends alone are no reason to speak to one that does not want them. */
    private static Optional<Notification> wanted(EndpointConfig to, Notification notification) {
        if (to.sendResolved()) {
            return Optional.of(notification);
        }
        if (notification.getChange() == NotificationChange.resolved) {
            return Optional.empty();
        }
        List<Alert> firing =
                notification.getAlerts().stream()
                        .filter(alert -> alert.getState() == AlertState.firing)
                        .toList();
        return firing.isEmpty()
                ? Optional.empty()
                : Optional.of(Notification.newBuilder(notification).setAlerts(firing).build());
    }

    /** The key of an endpoint, the same for ever. */
    static String key(ReceiverConfig receiver, EndpointConfig endpoint) {
        return receiver.name() + "\n" + endpoint.name();
    }
}
