package io.driftwatch.alerts.deliver;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static io.driftwatch.alerts.TestingAlerts.notification;
import static io.driftwatch.alerts.TestingAlerts.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.alerts.ManualClock;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import io.driftwatch.schemas.Notification;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Alertmanager's API v2, as docs/alerts_api.md of its repository has it. */
class AlertmanagerEndpointTest {
    private static final Instant NOW = Instant.parse("2001-06-16T00:01:00Z");

    private final TestingHttpReceiver receiver = new TestingHttpReceiver();

    @AfterEach
    void close() {
        receiver.close();
    }

    private Delivery send(String path, Notification notification) {
        EndpointConfig endpoint =
                new AlertmanagerEndpoint(
                        "alertmanager[0]",
                        Secret.of(receiver.url(path)),
                        Map.of("X-Scope-OrgID", Secret.of("ml")));
        RetryPolicy policy =
                new RetryPolicy(
                        List.of(), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ZERO);
        try (Deliverer deliverer =
                new Deliverer(
                        List.of(new ReceiverConfig("ml-team", List.of(endpoint))),
                        policy,
                        TestingHttpReceiver.ALLOWED,
                        new ManualClock(NOW))) {
            return deliverer.deliver(notification).orTimeout(20, TimeUnit.SECONDS).join().get(0);
        }
    }

    @Test
    void postsAllAlertsAndHowLongTheyAreTrue() throws Exception {
        receiver.then(200, "");

        Delivery delivery =
                send(
                        "/am/",
                        notification("ml-team", List.of(firing("a", 1, 1), resolved("b", 1, 2))));

        assertThat(delivery.getOutcome()).isEqualTo(DeliveryOutcome.delivered);
        TestingHttpReceiver.Request request = receiver.requests().get(0);
        assertThat(request.path()).isEqualTo("/am/api/v2/alerts");
        assertThat(request.headers().getFirst("X-Scope-OrgID")).isEqualTo("ml");
        JsonNode alerts = new ObjectMapper().readTree(request.body());
        assertThat(alerts).hasSize(2);
        assertThat(alerts.at("/0/labels/alertname").asText()).isEqualTo("FeatureDrift");
        assertThat(alerts.at("/0/labels/feature").asText()).isEqualTo("a");
        assertThat(alerts.at("/0/annotations/summary").asText()).isNotEmpty();
        assertThat(Instant.parse(alerts.at("/0/endsAt").asText()))
                .as("true for four minutes after the attempt")
                .isEqualTo(NOW.plus(Duration.ofMinutes(4)));
        assertThat(Instant.parse(alerts.at("/1/endsAt").asText())).isBefore(NOW);
        alerts.forEach(
                alert -> {
                    assertThat(Instant.parse(alert.get("endsAt").asText()))
                            .isAfterOrEqualTo(Instant.parse(alert.get("startsAt").asText()));
                    assertThat(alert.get("labels")).noneMatch(label -> label.asText().isEmpty());
                });
    }

    @Test
    void labelsHoldNothingThatChangesWithTheWindowBecauseTheyAreTheAlertsIdentity()
            throws Exception {
        Notification early = notification("ml-team", List.of(firing("a", 1, 1)));
        Notification late = notification("ml-team", List.of(firing("a", 2, 7)));
        send("", early);
        send("", late);

        List<JsonNode> labels =
                receiver.requests().stream()
                        .map(
                                request -> {
                                    try {
                                        return new ObjectMapper()
                                                .readTree(request.body())
                                                .at("/0/labels");
                                    } catch (java.io.IOException e) {
                                        throw new java.io.UncheckedIOException(e);
                                    }
                                })
                        .toList();
        assertThat(labels.get(0)).isEqualTo(labels.get(1));
    }

    @Test
    void fiveHundredAlertsAreOneRequest() throws Exception {
        Notification many =
                notification(
                        "ml-team",
                        IntStream.range(0, 500).mapToObj(i -> firing("f" + i, 1, 1)).toList());

        assertThat(send("", many).getOutcome()).isEqualTo(DeliveryOutcome.delivered);
        assertThat(new ObjectMapper().readTree(receiver.requests().get(0).body())).hasSize(500);
    }
}
