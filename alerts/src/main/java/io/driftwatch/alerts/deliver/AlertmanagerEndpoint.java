package io.driftwatch.alerts.deliver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Notification;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A Prometheus Alertmanager, or what speaks its API v2. It forgets an alert that it does not hear
 * of again, so whatever still fires is said every minute, and to be true for four, as Prometheus
 * does. Of several that work together each one is an endpoint of its own; never a load balancer
 * before them.
 *
 * @param name such as {@code alertmanager[0]}
 * @param url its address, without {@code /api/v2/alerts}
 * @param headers further request headers; copied
 * @see <a href="https://prometheus.io/docs/alerting/latest/alerts_api/">its API</a>
 */
public record AlertmanagerEndpoint(String name, Secret url, Map<String, Secret> headers)
        implements HttpEndpoint {
    private static final String PATH = "/api/v2/alerts";
    private static final String JSON = "application/json; charset=utf-8";
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration TRUE_FOR = Duration.ofMinutes(4);

    public AlertmanagerEndpoint {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(url, "url");
        headers = Collections.unmodifiableMap(new TreeMap<>(headers));
    }

    @Override
    public String target(String given) {
        return given.endsWith("/") ? given.substring(0, given.length() - 1) + PATH : given + PATH;
    }

    /** It wants the ends of alerts in any case; whom it tells of them it decides itself. */
    @Override
    public boolean sendResolved() {
        return true;
    }

    @Override
    public Optional<Duration> repeatEvery() {
        return Optional.of(EVERY);
    }

    @Override
    public Pace pace() {
        return Pace.perSecond(10, 100);
    }

    @Override
    public Payload payload(Notification notification) {
        return payload(notification, notification.getCreatedAt());
    }

    @Override
    public Payload payload(Notification notification, Instant now) {
        ArrayNode alerts = JsonNodeFactory.instance.arrayNode();
        notification.getAlerts().forEach(alert -> alerts.add(posted(alert, now)));
        return new Payload(JSON, alerts.toString());
    }

    private static ObjectNode posted(Alert alert, Instant now) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        AlertmanagerData.putMap(node, "labels", alert.getLabels());
        AlertmanagerData.putMap(node, "annotations", alert.getAnnotations());
        node.put("startsAt", alert.getStartsAt().toString());
        boolean fires = alert.getState() == AlertState.firing || alert.getEndsAt() == null;
        node.put("endsAt", (fires ? now.plus(TRUE_FOR) : alert.getEndsAt()).toString());
        return node;
    }
}
