package io.driftwatch.job.status;

import io.driftwatch.alerts.deliver.EndpointConfig;
import io.driftwatch.alerts.deliver.ReceiverConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.kafka.TopicRecords;
import io.driftwatch.job.status.StatusCheck.Limits;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** How the last deliveries ended. */
final class DeliveryLook {
    private final MonitorConfig config;
    private final Limits limits;
    private final List<String> problems;

    DeliveryLook(MonitorConfig config, Limits limits, List<String> problems) {
        this.config = config;
        this.limits = limits;
        this.problems = problems;
    }

    List<Status.Endpoint> endpoints() throws IOException {
        Set<String> known = new HashSet<>();
        for (ReceiverConfig receiver : config.alerts().receiversBesideCanary()) {
            for (EndpointConfig endpoint : receiver.endpoints()) {
                known.add(receiver.name() + "\n" + endpoint.name());
            }
        }
        Map<String, List<Delivery>> byEndpoint = new TreeMap<>();
        for (Delivery delivery :
                new TopicRecords<>(config.kafka(), config.topics().deliveries(), "", Delivery.class)
                        .tail(limits.tail())) {
            byEndpoint
                    .computeIfAbsent(
                            delivery.getReceiver() + "\n" + delivery.getEndpoint(),
                            key -> new ArrayList<>())
                    .add(delivery);
        }
        List<Status.Endpoint> endpoints = new ArrayList<>();
        byEndpoint.forEach(
                (key, deliveries) -> {
                    Status.Endpoint endpoint = endpoint(deliveries);
                    endpoints.add(endpoint);
                    if (known.contains(key)
                            && !endpoint.outcome().equals(DeliveryOutcome.delivered.name())) {
                        problems.add(
                                "the last delivery to "
                                        + endpoint.receiver()
                                        + " "
                                        + endpoint.endpoint()
                                        + " was "
                                        + endpoint.outcome()
                                        + " at "
                                        + endpoint.at()
                                        + ": "
                                        + endpoint.reason());
                    }
                });
        return endpoints;
    }

    private static Status.Endpoint endpoint(List<Delivery> deliveries) {
        Comparator<Delivery> byEnd = Comparator.comparing(Delivery::getFinishedAt);
        Delivery last = deliveries.stream().max(byEnd).orElseThrow();
        // One that is written again after a failure is still one.
        Map<String, Delivery> byId = new HashMap<>();
        deliveries.forEach(each -> byId.put(each.getNotificationId(), each));
        List<Delivery> delivered =
                byId.values().stream()
                        .filter(each -> each.getOutcome() == DeliveryOutcome.delivered)
                        .toList();
        return new Status.Endpoint(
                last.getReceiver(),
                last.getEndpoint(),
                last.getOutcome().name(),
                last.getFinishedAt().toString(),
                last.getReason(),
                byId.size() - delivered.size(),
                delivered.stream()
                        .max(byEnd)
                        .map(each -> each.getFinishedAt().toString())
                        .orElse(null));
    }
}
