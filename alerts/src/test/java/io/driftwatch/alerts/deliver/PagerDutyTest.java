package io.driftwatch.alerts.deliver;

import static io.driftwatch.alerts.TestingAlerts.alert;
import static io.driftwatch.alerts.TestingAlerts.firing;
import static io.driftwatch.alerts.TestingAlerts.notification;
import static io.driftwatch.alerts.TestingAlerts.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.driftwatch.alerts.ManualClock;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import io.driftwatch.schemas.Notification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PagerDuty's Events API v2, as its documentation has it. */
class PagerDutyTest {
    private static final String KEY = "R0UT1NGKEY00000000000000000000XY";

    private final TestingHttpReceiver receiver = new TestingHttpReceiver();
    @TempDir private Path folder;

    @AfterEach
    void close() {
        receiver.close();
    }

    private Delivery send(Secret key, Notification notification) {
        RetryPolicy policy =
                new RetryPolicy(
                        List.of(Duration.ofMillis(1)),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(5));
        PagerDutyEndpoint endpoint =
                new PagerDutyEndpoint("pagerduty[0]", Secret.of(receiver.url("/v2/enqueue")), key);
        try (Deliverer deliverer =
                new Deliverer(
                        List.of(new ReceiverConfig("ml-team", List.of(endpoint))),
                        policy,
                        TestingHttpReceiver.ALLOWED,
                        new ManualClock(Instant.EPOCH))) {
            return deliverer.deliver(notification).orTimeout(20, TimeUnit.SECONDS).join().get(0);
        }
    }

    private JsonNode body(int request) throws IOException {
        return new ObjectMapper().readTree(receiver.requests().get(request).body());
    }

    @Test
    void aFiringGroupTriggersAndItsResolutionResolvesTheSameIncident() throws IOException {
        send(Secret.of(KEY), notification("ml-team", List.of(firing("a", 1, 1))));
        send(Secret.of(KEY), notification("ml-team", List.of(resolved("a", 1, 2))));

        assertThat(body(0).get("event_action").asText()).isEqualTo("trigger");
        assertThat(body(0).get("routing_key").asText()).isEqualTo(KEY);
        assertThat(body(0).get("dedup_key").asText()).matches("[0-9a-f]{64}");
        assertThat(body(1).get("event_action").asText()).isEqualTo("resolve");
        assertThat(body(1).get("dedup_key")).isEqualTo(body(0).get("dedup_key"));
        assertThat(body(1).fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("routing_key", "event_action", "dedup_key");
    }

    @Test
    void theGravestFiringAlertGivesTheSeverity() {
        ObjectNode event =
                PagerDutyEvent.of(
                        notification(
                                "r",
                                List.of(
                                        firing("a", 1, 1),
                                        alert("b", "critical", AlertState.resolved, 1, 2, 0.1),
                                        alert("c", "info", AlertState.firing, 1, 1, 0.9))));

        assertThat(event.at("/payload/severity").asText()).isEqualTo("warning");
        assertThat(event.at("/payload/source").asText()).isEqualTo("flight-delay");
    }

    @Test
    void aHugeIncidentStaysWithinTheLimits() {
        List<Alert> alerts =
                IntStream.range(0, 5_000)
                        .mapToObj(i -> firing("🚀".repeat(100) + i, 1, 1))
                        .toList();

        ObjectNode event = PagerDutyEvent.of(notification("r", alerts));

        assertThat(event.toString().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(512_000);
        assertThat(event.at("/payload/summary").asText()).hasSizeLessThanOrEqualTo(1_024);
        assertThat(event.at("/payload/custom_details/note").asText()).startsWith("5000 alerts");
    }

    @Test
    void anInvalidEventIsTriedOnceMoreWithoutDetails() throws IOException {
        receiver.then(400, "{\"status\":\"invalid event\",\"message\":\"" + KEY + "\"}");
        receiver.then(202, "{\"status\":\"success\"}");

        Delivery delivery =
                send(Secret.of(KEY), notification("ml-team", List.of(firing("a", 1, 1))));

        assertThat(delivery.getOutcome()).isEqualTo(DeliveryOutcome.delivered);
        assertThat(delivery.getReason()).contains("invalid event").doesNotContain(KEY);
        assertThat(body(0).at("/payload/custom_details").isMissingNode()).isFalse();
        assertThat(body(1).at("/payload/custom_details").isMissingNode()).isTrue();
        assertThat(body(1).get("routing_key").asText()).isEqualTo(KEY);
    }

    @Test
    void theKeysFileIsReadAtEveryAttempt() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "first\n");
        receiver.then(
                (exchange, request) -> {
                    Files.writeString(file, KEY + "\n");
                    TestingHttpReceiver.send(exchange, 503, "");
                });

        send(Secret.ofFile(file.toString()), notification("ml-team", List.of(firing("a", 1, 1))));

        assertThat(body(0).get("routing_key").asText()).isEqualTo("first");
        assertThat(body(1).get("routing_key").asText()).isEqualTo(KEY);
    }

    @Test
    void noPayloadHoldsTheKey() {
        PagerDutyEndpoint endpoint =
                new PagerDutyEndpoint("p", Secret.of("https://x.example"), Secret.of(KEY));
        Notification told = notification("r", List.of(firing("a", 1, 1)));

        assertThat(endpoint.payload(told).body()).doesNotContain(KEY).contains("<secret>");
        assertThat(endpoint.minimalPayload(told).orElseThrow().body()).doesNotContain(KEY);
        assertThat(endpoint.toString()).doesNotContain(KEY);
    }
}
