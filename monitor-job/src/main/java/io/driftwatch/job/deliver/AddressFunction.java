package io.driftwatch.job.deliver;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.deliver.EndpointConfig;
import io.driftwatch.alerts.deliver.ReceiverConfig;
import io.driftwatch.job.live.Live;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.NotificationChange;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * Addresses a notification to each endpoint of its receiver, without the ends of alerts for those
 * that do not want to hear of them.
 */
public final class AddressFunction extends RichFlatMapFunction<Notification, Addressed> {
    private static final long serialVersionUID = 1L;

    private final Live<AlertsConfig> live;

    public AddressFunction(Live<AlertsConfig> live) {
        this.live = live;
    }

    @Override
    public void open(OpenContext context) throws IOException {
        live.open(getRuntimeContext());
    }

    @Override
    public void flatMap(Notification notification, Collector<Addressed> out) {
        live.look();
        for (ReceiverConfig receiver : live.get().receivers()) {
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

    @Override
    public void close() {
        live.close();
    }
}
