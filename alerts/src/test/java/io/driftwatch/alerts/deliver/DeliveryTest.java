package io.driftwatch.alerts.deliver;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static io.driftwatch.alerts.TestingAlerts.notification;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.alerts.ManualClock;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import io.driftwatch.schemas.Notification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of deliveries, whatever the kind of endpoint. */
class DeliveryTest {
    private static final Instant NOW = Instant.parse("2001-06-16T00:01:00Z");
    private static final RetryPolicy QUICK = policy(Duration.ofMillis(1), 3, Duration.ofMillis(20));

    private final TestingHttpReceiver receiver = new TestingHttpReceiver();
    private final Notification notification =
            notification("ml-team", List.of(firing("distance_miles", 1, 2)));

    private static RetryPolicy policy(Duration wait, int retries, Duration longestRetryAfter) {
        return new RetryPolicy(
                Collections.nCopies(retries, wait),
                Duration.ofMillis(400),
                Duration.ofMillis(400),
                longestRetryAfter);
    }

    @AfterEach
    void close() {
        receiver.close();
    }

    private ChatEndpoint slack() {
        return new ChatEndpoint(
                "slack[0]", Chat.SLACK, Secret.of(receiver.url("/services/S3CRET")));
    }

    private WebhookEndpoint webhook() {
        return new WebhookEndpoint(
                "webhook[0]",
                Secret.of(receiver.url("/hook")),
                WebhookEndpoint.Format.CLOUDEVENTS,
                Map.of(),
                List.of(),
                null);
    }

    private Delivery deliver(EndpointConfig endpoint) {
        return deliver(endpoint, QUICK);
    }

    private Delivery deliver(EndpointConfig endpoint, RetryPolicy policy) {
        try (Deliverer deliverer = deliverer(endpoint, policy)) {
            return deliverer.deliver(notification).orTimeout(20, TimeUnit.SECONDS).join().get(0);
        }
    }

    private static Deliverer deliverer(EndpointConfig endpoint, RetryPolicy policy) {
        ReceiverConfig config = new ReceiverConfig("ml-team", List.of(endpoint));
        return new Deliverer(
                List.of(config), policy, TestingHttpReceiver.ALLOWED, new ManualClock(NOW));
    }

    @Test
    void deliversAtOnceWhenAllIsWell() {
        Delivery delivery = deliver(webhook());

        assertThat(delivery.getOutcome()).isEqualTo(DeliveryOutcome.delivered);
        assertThat(delivery.getAttempts()).isEqualTo(1);
        assertThat(delivery.getStatusCode()).isEqualTo(200);
        assertThat(delivery.getEndpoint()).isEqualTo("webhook[0]");
        assertThat(delivery.getReceiver()).isEqualTo("ml-team");
        assertThat(delivery.getNotificationId()).isEqualTo(notification.getId());
        assertThat(delivery.getFinishedAt()).isBetween(NOW, NOW.plusSeconds(20));
    }

    @ParameterizedTest(name = "{0} is {1} after {2} attempts")
    @CsvSource({
        "200, delivered, 1",
        "202, delivered, 1",
        "204, delivered, 1",
        "301, rejected, 1",
        "302, rejected, 1",
        "307, rejected, 1",
        "400, rejected, 1",
        "401, rejected, 1",
        "403, rejected, 1",
        "404, rejected, 1",
        "407, rejected, 1",
        "408, exhausted, 4",
        "410, rejected, 1",
        "413, rejected, 1",
        "422, rejected, 1",
        "425, exhausted, 4",
        "429, exhausted, 4",
        "500, exhausted, 4",
        "502, exhausted, 4",
        "503, exhausted, 4",
        "504, exhausted, 4"
    })
    void sortsStatusCodes(int status, DeliveryOutcome outcome, int attempts) {
        for (int i = 0; i < attempts; i++) {
            receiver.then(status, "");
        }

        Delivery delivery = deliver(webhook());

        assertThat(delivery.getOutcome()).isEqualTo(outcome);
        assertThat(delivery.getAttempts()).isEqualTo(attempts);
        assertThat(delivery.getStatusCode()).isEqualTo(status);
        assertThat(receiver.requests()).hasSize(attempts);
    }

    @Test
    void everyAttemptCarriesTheSameIdAndBody() {
        receiver.then(500, "").then(429, "");

        Delivery delivery = deliver(webhook());

        assertThat(delivery.getOutcome()).isEqualTo(DeliveryOutcome.delivered);
        assertThat(delivery.getAttempts()).isEqualTo(3);
        assertThat(receiver.requests())
                .hasSize(3)
                .allSatisfy(
                        request -> {
                            assertThat(request.headers().getFirst("Idempotency-Key"))
                                    .isEqualTo(notification.getId());
                            assertThat(request.headers().getFirst("webhook-id"))
                                    .isEqualTo(notification.getId());
                            assertThat(request.headers().getFirst("User-Agent"))
                                    .matches("Driftwatch/[0-9].*");
                            assertThat(request.headers().getFirst("Content-Type"))
                                    .startsWith("application/cloudevents+json");
                            assertThat(request.headers()).doesNotContainKey("Upgrade");
                            assertThat(request.body()).isEqualTo(receiver.requests().get(0).body());
                        });
    }

    @Test
    void doesNotFollowRedirects() {
        receiver.thenHeader(302, "Location", receiver.url("/elsewhere"));

        Delivery delivery = deliver(webhook());

        assertThat(delivery.getOutcome()).isEqualTo(DeliveryOutcome.rejected);
        assertThat(delivery.getReason()).contains("redirects are not followed");
        assertThat(receiver.requests()).hasSize(1);
    }

    @ParameterizedTest(name = "Retry-After: {0}")
    @ValueSource(strings = {"1", "Sat, 16 Jun 2001 00:01:01 GMT"})
    void waitsAsLongAsRetryAfterAsks(String retryAfter) {
        receiver.thenHeader(429, "Retry-After", retryAfter);
        long start = System.nanoTime();

        Delivery delivery =
                deliver(webhook(), policy(Duration.ofMillis(1), 1, Duration.ofHours(1)));

        assertThat(delivery.getOutcome()).isEqualTo(DeliveryOutcome.delivered);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest(name = "Retry-After: {0}")
    @ValueSource(strings = {"86400", "Sun, 17 Jun 2001 00:01:00 GMT", "soon", "-1"})
    void waitsNoLongerThanThePolicyAllows(String retryAfter) {
        receiver.thenHeader(503, "Retry-After", retryAfter);

        assertThat(deliver(webhook()).getOutcome()).isEqualTo(DeliveryOutcome.delivered);
    }

    @Test
    void triesAgainAfterSilence() {
        receiver.thenSilence();

        Delivery delivery = deliver(webhook());

        assertThat(delivery.getOutcome()).isEqualTo(DeliveryOutcome.delivered);
        assertThat(delivery.getAttempts()).isEqualTo(2);
    }

    @Test
    void triesAgainWhenTheAnswerStallsOrBreaksMidway() {
        receiver.thenStall().thenBreak();

        Delivery delivery = deliver(webhook());

        assertThat(delivery.getOutcome()).isEqualTo(DeliveryOutcome.delivered);
        assertThat(delivery.getAttempts()).isEqualTo(3);
    }

    @Test
    void givesUpWhenNobodyListens() {
        receiver.close();

        Delivery delivery = deliver(webhook());

        assertThat(delivery.getOutcome()).isEqualTo(DeliveryOutcome.exhausted);
        assertThat(delivery.getAttempts()).isEqualTo(4);
        assertThat(delivery.getStatusCode()).isNull();
        assertThat(delivery.getReason()).isEqualTo("the connection was refused");
    }

    @Test
    void anEndpointsOwnTimeoutCounts() {
        receiver.thenSilence();
        WebhookEndpoint impatient =
                new WebhookEndpoint(
                        "webhook[0]",
                        Secret.of(receiver.url("/hook")),
                        WebhookEndpoint.Format.JSON,
                        Map.of(),
                        List.of(),
                        Duration.ofMillis(50));

        Delivery delivery = deliver(impatient, policy(Duration.ZERO, 0, Duration.ZERO));

        assertThat(delivery.getReason()).isEqualTo("no complete answer within 50 ms");
    }

    @Test
    void readsNoMoreThanTheBeginningOfAnAnswer() {
        receiver.then(200, "x".repeat(5_000_000)).then(404, "é".repeat(5_000_000));

        assertThat(deliver(webhook()).getOutcome()).isEqualTo(DeliveryOutcome.delivered);
        assertThat(deliver(webhook()).getReason()).hasSizeLessThan(200).startsWith("HTTP 404: éé");
    }

    @Test
    void sendsAnyTextUnchanged() throws JsonProcessingException {
        String name = "größe 値 \uD83D\uDE80 \u202E\n\"\\";
        Notification strange = notification("ml-team", List.of(firing(name, 1, 1)));

        try (Deliverer deliverer = deliverer(webhook(), QUICK)) {
            deliverer.deliver(strange).join();
        }

        JsonNode event = new ObjectMapper().readTree(receiver.requests().get(0).body());
        assertThat(event.at("/data/alerts/0/feature").asText()).isEqualTo(name);
    }

    @Test
    void slackMustAnswerOk() {
        receiver.then(200, "ok\n").then(200, "no_service").then(200, "{\"ok\":false}");

        assertThat(deliver(slack()).getOutcome()).isEqualTo(DeliveryOutcome.delivered);
        Delivery refused = deliver(slack());
        assertThat(refused.getOutcome()).isEqualTo(DeliveryOutcome.rejected);
        assertThat(refused.getReason()).isEqualTo("HTTP 200: no_service");
        assertThat(deliver(slack()).getOutcome()).isEqualTo(DeliveryOutcome.rejected);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {400, 413, 422})
    void slackGetsTheLeastWhenItRefusesTheWhole(int status) {
        receiver.then(status, "invalid_blocks");

        Delivery delivery = deliver(slack());

        assertThat(delivery.getOutcome()).isEqualTo(DeliveryOutcome.delivered);
        assertThat(delivery.getAttempts()).isEqualTo(2);
        assertThat(delivery.getReason()).contains("minimal form", "invalid_blocks");
        assertThat(receiver.requests().get(0).body()).contains("\"blocks\"");
        assertThat(receiver.requests().get(1).body()).contains("\"text\"").doesNotContain("blocks");
    }

    @Test
    void slackIsAskedOnlyOnceForTheLeast() {
        receiver.then(400, "invalid_payload").then(500, "").then(400, "invalid_payload");

        Delivery delivery = deliver(slack());

        assertThat(delivery.getOutcome()).isEqualTo(DeliveryOutcome.rejected);
        assertThat(delivery.getAttempts()).isEqualTo(3);
    }

    @Test
    void readsTheAddressAnewForEachAttempt(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("url");
        Files.writeString(file, receiver.url("/old") + "\n");
        receiver.then(
                (exchange, body) -> {
                    Files.writeString(file, "  " + receiver.url("/new") + "\n");
                    TestingHttpReceiver.send(exchange, 500, "");
                });

        deliver(new ChatEndpoint("slack[0]", Chat.SLACK, Secret.ofFile(file.toString())));

        assertThat(receiver.requests())
                .extracting(TestingHttpReceiver.Request::path)
                .containsExactly("/old", "/new");
    }

    @Test
    void aMissingAddressIsTriedAgain(@TempDir Path folder) {
        Delivery delivery =
                deliver(
                        new ChatEndpoint(
                                "slack[0]", Chat.SLACK, Secret.ofFile(folder + "/absent")));

        assertThat(delivery.getOutcome()).isEqualTo(DeliveryOutcome.exhausted);
        assertThat(delivery.getReason())
                .isEqualTo(
                        "the file "
                                + folder
                                + "/absent with a secret cannot be read: there is none where this"
                                + " runs");
    }

    /** Every process has a folder of its own, so the one that was looked in is named. */
    @Test
    void anAddressInAFileWithoutAFolderSaysWhereItWasLookedFor() {
        Delivery delivery =
                deliver(new ChatEndpoint("slack[0]", Chat.SLACK, Secret.ofFile("no/such-file")));

        assertThat(delivery.getReason())
                .isEqualTo(
                        "the file no/such-file with a secret cannot be read: there is none in "
                                + Path.of("").toAbsolutePath()
                                + ", where this runs; give its whole path");
    }

    @Test
    void oneEndpointDoesNotHoldUpAnother() {
        receiver.then(404, "");
        ReceiverConfig both = new ReceiverConfig("ml-team", List.of(slack(), webhook()));
        try (Deliverer deliverer =
                new Deliverer(
                        List.of(both), QUICK, TestingHttpReceiver.ALLOWED, new ManualClock(NOW))) {
            List<Delivery> deliveries = deliverer.deliver(notification).join();

            assertThat(deliveries)
                    .extracting(Delivery::getEndpoint)
                    .containsExactly("slack[0]", "webhook[0]");
            assertThat(deliveries)
                    .extracting(Delivery::getOutcome)
                    .containsExactlyInAnyOrder(DeliveryOutcome.rejected, DeliveryOutcome.delivered);
        }
    }

    @Test
    void anUnknownReceiverIsRejected() {
        try (Deliverer deliverer =
                new Deliverer(
                        List.of(), QUICK, TestingHttpReceiver.ALLOWED, new ManualClock(NOW))) {
            assertThat(deliverer.deliver(notification).join())
                    .singleElement()
                    .extracting(Delivery::getOutcome)
                    .isEqualTo(DeliveryOutcome.rejected);
        }
    }

    @Test
    void closingEndsWhatIsUnderWay() {
        receiver.then(500, "");
        CompletableFuture<List<Delivery>> pending;
        try (Deliverer deliverer =
                deliverer(webhook(), policy(Duration.ofHours(1), 1, Duration.ZERO))) {
            pending = deliverer.deliver(notification);
        }

        assertThat(pending.orTimeout(5, TimeUnit.SECONDS).join())
                .singleElement()
                .extracting(Delivery::getOutcome)
                .isEqualTo(DeliveryOutcome.exhausted);
    }

    @Test
    void theStandardPolicyHasSevenAttemptsAndABound() {
        RetryPolicy standard = RetryPolicy.standard();

        assertThat(standard.waits()).hasSize(6).isSorted();
        assertThat(standard.lifetime()).isBetween(Duration.ofHours(2), Duration.ofHours(3));
    }
}
