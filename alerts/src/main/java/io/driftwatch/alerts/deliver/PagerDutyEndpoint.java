package io.driftwatch.alerts.deliver;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.driftwatch.schemas.Notification;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * PagerDuty's Events API v2: one incident for each group, opened while anything fires and resolved
 * with the last alert.
 *
 * @param name such as {@code pagerduty[0]}
 * @param url the API's address
 * @param routingKey the integration's key, which travels in the body
 * @param sendResolved whether incidents are resolved with the last alert; if not, people do it
 */
public record PagerDutyEndpoint(String name, Secret url, Secret routingKey, boolean sendResolved)
        implements HttpEndpoint {
    /** Where the API is, for accounts outside the EU. */
    public static final String STANDARD_URL = "https://events.pagerduty.com/v2/enqueue";

    private static final String JSON = "application/json; charset=utf-8";

    public PagerDutyEndpoint {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(routingKey, "routingKey");
    }

    /** One that hears of everything. */
    public PagerDutyEndpoint(String name, Secret url, Secret routingKey) {
        this(name, url, routingKey, /* sendResolved= */ true);
    }

    /** 120 events a minute is what an integration takes. */
    @Override
    public Pace pace() {
        return Pace.perSecond(2, 10);
    }

    @Override
    public Payload payload(Notification notification) {
        return new Payload(JSON, PagerDutyEvent.of(notification).toString());
    }

    @Override
    public Optional<Payload> minimalPayload(Notification notification) {
        return Optional.of(new Payload(JSON, PagerDutyEvent.minimal(notification).toString()));
    }

    @Override
    public List<Secret> bodySecrets() {
        return List.of(routingKey);
    }

    @Override
    public String withSecrets(String body) throws IOException {
        ObjectNode event = (ObjectNode) new ObjectMapper().readTree(body);
        return event.put(PagerDutyEvent.ROUTING_KEY, routingKey.reveal()).toString();
    }
}
