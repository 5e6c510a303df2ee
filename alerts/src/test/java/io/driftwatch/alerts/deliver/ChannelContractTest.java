package io.driftwatch.alerts.deliver;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static io.driftwatch.alerts.TestingAlerts.notification;
import static io.driftwatch.alerts.TestingAlerts.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.alerts.ManualClock;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import io.driftwatch.schemas.Notification;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every channel over HTTP keeps to, whatever it is; mail has a test of its own. */
class ChannelContractTest {
    private static final String TOKEN = "T0KEN-abcdef";
    private static final Instant NOW = Instant.parse("2001-06-16T00:01:00Z");
    private static final RetryPolicy ONCE_MORE =
            new RetryPolicy(
                    List.of(Duration.ofMillis(1)),
                    Duration.ofMillis(500),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(2));

    private final TestingHttpReceiver receiver = new TestingHttpReceiver();

    /** The kinds of endpoints, by what makes one of an address. */
    private enum Channel {
        SLACK,
        MSTEAMS,
        DISCORD,
        GOOGLE_CHAT,
        MATTERMOST,
        PAGERDUTY,
        ALERTMANAGER,
        WEBHOOK_CLOUDEVENTS,
        WEBHOOK_JSON,
        WEBHOOK_ALERTMANAGER_V4;

        HttpEndpoint at(String url) {
            Secret address = Secret.of(url);
            return switch (this) {
                case SLACK, MSTEAMS, DISCORD, GOOGLE_CHAT, MATTERMOST ->
                        new ChatEndpoint("x[0]", Chat.valueOf(name()), address);
                case PAGERDUTY -> new PagerDutyEndpoint("x[0]", address, Secret.of(TOKEN));
                case ALERTMANAGER -> new AlertmanagerEndpoint("x[0]", address, headers());
                case WEBHOOK_CLOUDEVENTS -> webhook(address, WebhookEndpoint.Format.CLOUDEVENTS);
                case WEBHOOK_JSON -> webhook(address, WebhookEndpoint.Format.JSON);
                case WEBHOOK_ALERTMANAGER_V4 ->
                        webhook(address, WebhookEndpoint.Format.ALERTMANAGER_V4);
            };
        }

        private static HttpEndpoint webhook(Secret address, WebhookEndpoint.Format format) {
            return new WebhookEndpoint("x[0]", address, format, headers(), List.of(), null);
        }

        private static Map<String, Secret> headers() {
            return Map.of("Authorization", Secret.of("Bearer " + TOKEN));
        }

        boolean hasMinimalForm() {
            return EnumSet.range(SLACK, PAGERDUTY).contains(this);
        }
    }

    @AfterEach
    void close() {
        receiver.close();
    }

    private Delivery send(Channel channel, Notification notification) {
        HttpEndpoint endpoint = channel.at(receiver.url("/" + TOKEN));
        try (Deliverer deliverer =
                new Deliverer(
                        List.of(new ReceiverConfig("ml-team", List.of(endpoint))),
                        ONCE_MORE,
                        TestingHttpReceiver.ALLOWED,
                        new ManualClock(NOW))) {
            return deliverer.deliver(notification).orTimeout(30, TimeUnit.SECONDS).join().get(0);
        }
    }

    private Delivery send(Channel channel) {
        return send(channel, notification("ml-team", List.of(firing("distance_miles", 1, 2))));
    }

    static Stream<Arguments> channelsAndStatuses() {
        Map<Integer, DeliveryOutcome> outcomes =
                Map.ofEntries(
                        Map.entry(301, DeliveryOutcome.rejected),
                        Map.entry(307, DeliveryOutcome.rejected),
                        Map.entry(400, DeliveryOutcome.rejected),
                        Map.entry(401, DeliveryOutcome.rejected),
                        Map.entry(403, DeliveryOutcome.rejected),
                        Map.entry(404, DeliveryOutcome.rejected),
                        Map.entry(408, DeliveryOutcome.exhausted),
                        Map.entry(410, DeliveryOutcome.rejected),
                        Map.entry(413, DeliveryOutcome.rejected),
                        Map.entry(422, DeliveryOutcome.rejected),
                        Map.entry(425, DeliveryOutcome.exhausted),
                        Map.entry(429, DeliveryOutcome.exhausted),
                        Map.entry(500, DeliveryOutcome.exhausted),
                        Map.entry(502, DeliveryOutcome.exhausted),
                        Map.entry(503, DeliveryOutcome.exhausted),
                        Map.entry(504, DeliveryOutcome.exhausted));
        return Arrays.stream(Channel.values())
                .flatMap(
                        channel ->
                                outcomes.entrySet().stream()
                                        .sorted(Map.Entry.comparingByKey())
                                        .map(
                                                entry ->
                                                        Arguments.of(
                                                                channel,
                                                                entry.getKey(),
                                                                entry.getValue())));
    }

    @ParameterizedTest(name = "{0}: {1} is {2}")
    @MethodSource("channelsAndStatuses")
    void sortsStatusCodesAndShowsNoSecret(Channel channel, int status, DeliveryOutcome outcome) {
        for (int i = 0; i < 2; i++) {
            receiver.then(status, "no such thing as " + TOKEN);
        }

        Delivery delivery = send(channel);

        boolean isMalformed = status == 400 || status == 413 || status == 422;
        boolean isTriedAgain =
                outcome == DeliveryOutcome.exhausted || (isMalformed && channel.hasMinimalForm());
        assertThat(delivery.getOutcome()).isEqualTo(outcome);
        assertThat(delivery.getStatusCode()).isEqualTo(status);
        assertThat(receiver.requests()).hasSize(isTriedAgain ? 2 : 1);
        assertThat(delivery.toString()).doesNotContainIgnoringCase(TOKEN);
    }

    @ParameterizedTest
    @MethodSource("channels")
    void triesAgainAfterSilenceAndAfterAnAnswerThatBreaksMidway(Channel channel) {
        receiver.thenSilence();
        assertThat(send(channel).getOutcome()).isEqualTo(DeliveryOutcome.delivered);
        receiver.thenBreak();
        assertThat(send(channel).getOutcome()).isEqualTo(DeliveryOutcome.delivered);
        receiver.thenStall();
        assertThat(send(channel).getOutcome()).isEqualTo(DeliveryOutcome.delivered);
        assertThat(receiver.requests()).hasSize(6);
        assertThat(receiver.requests())
                .extracting(request -> request.headers().getFirst("Idempotency-Key"))
                .containsOnly(receiver.requests().get(0).headers().getFirst("Idempotency-Key"));
    }

    static List<Channel> channels() {
        return List.of(Channel.values());
    }

    @ParameterizedTest
    @MethodSource("channels")
    void waitsAsBothFormsOfRetryAfterAsk(Channel channel) {
        for (String retryAfter : List.of("1", "Sat, 16 Jun 2001 00:01:01 GMT")) {
            receiver.thenHeader(429, "Retry-After", retryAfter);
            long start = System.nanoTime();
            assertThat(send(channel).getOutcome()).isEqualTo(DeliveryOutcome.delivered);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        }
    }

    @ParameterizedTest
    @MethodSource("channels")
    void fiveHundredAlertsWithNamesOfAnyKindAreOneValidMessage(Channel channel) throws Exception {
        List<String> names =
                List.of(
                        "größe 値 \uD83D\uDE80 \u202E",
                        "\n\r\t\u0000\"\\",
                        "<!channel> @everyone <@U1> [x](https://evil.example) *b* `c`",
                        "x".repeat(3_000),
                        "\uD800 half a pair");
        List<Alert> alerts = new ArrayList<>();
        IntStream.range(0, 500).forEach(i -> alerts.add(firing(names.get(i % 5) + i, 1, 1)));
        alerts.add(resolved("origin", 1, 2));

        Delivery delivery = send(channel, notification("ml-team", alerts));

        assertThat(delivery.getOutcome()).isEqualTo(DeliveryOutcome.delivered);
        String body = receiver.requests().get(0).body();
        JsonNode json = new ObjectMapper().readTree(body);
        assertThat(json.isContainerNode()).isTrue();
        int bytes = body.getBytes(StandardCharsets.UTF_8).length;
        int most =
                switch (channel) {
                    case SLACK -> 40_000;
                    case MSTEAMS -> 28_000;
                    case DISCORD -> 6_000 * 4;
                    case GOOGLE_CHAT -> 32_000;
                    case MATTERMOST -> 16_383 * 4;
                    case PAGERDUTY -> 512_000;
                    default -> Integer.MAX_VALUE;
                };
        assertThat(bytes).isLessThanOrEqualTo(most);
    }

    @ParameterizedTest
    @MethodSource("channels")
    void saysTheSameByteForByteAfterMapsWereRestoredInAnotherOrder(Channel channel) {
        Alert alert = firing("distance_miles", 1, 2);
        alert.setLabels(new TreeMap<>(alert.getLabels()));
        alert.setAnnotations(new TreeMap<>(Map.of("a", "1", "b", "2", "c", "3")));
        send(channel, notification("ml-team", List.of(alert)));
        alert.setLabels(reversed(alert.getLabels()));
        alert.setAnnotations(reversed(alert.getAnnotations()));
        Notification restored = notification("ml-team", List.of(alert));
        restored.setGroupLabels(reversed(restored.getGroupLabels()));
        send(channel, restored);

        assertThat(receiver.requests()).hasSize(2);
        assertThat(receiver.requests().get(1).body()).isEqualTo(receiver.requests().get(0).body());
    }

    private static Map<String, String> reversed(Map<String, String> map) {
        Map<String, String> reversed = new TreeMap<>(Comparator.reverseOrder());
        reversed.putAll(map);
        return reversed;
    }
}
