package io.driftwatch.job.canary;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.job.canary.CanaryReceiver.Expected;
import io.driftwatch.schemas.AlertState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanaryReceiverTest {
    private static final Instant WINDOW = Instant.parse("2026-11-21T21:00:01Z");

    private static final Expected BEGIN = new Expected(AlertState.firing, WINDOW);
    private static final Expected END = new Expected(AlertState.resolved, WINDOW);

    private final HttpClient client = HttpClient.newHttpClient();
    private CanaryReceiver receiver;

    @BeforeEach
    void listen() throws Exception {
        receiver =
                new CanaryReceiver(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), () -> "a 1\n");
    }

    @AfterEach
    void close() {
        receiver.close();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + receiver.port() + "/" + path));
    }

    private int post(String body) throws Exception {
        HttpRequest request = to("").POST(HttpRequest.BodyPublishers.ofString(body)).build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static String message(String model, String state) {
        return "{\"alerts\": [{\"model\": \"%s\", \"state\": \"%s\", \"window_start\": \"%s\"}]}"
                .formatted(model, state, WINDOW);
    }

    private boolean isHeard(Expected message) throws Exception {
        return receiver.await(message, System.nanoTime(), Duration.ZERO).isPresent();
    }

    @Test
    void theMessageAboutTheWindowIsHeardWhoeverWaitsAndWhenever() throws Exception {
        Expected next = new Expected(AlertState.firing, WINDOW.plusSeconds(1));
        receiver.expect(BEGIN, END, next);
        long since = System.nanoTime();
        assertThat(post(message("driftwatch-canary", "firing"))).isEqualTo(204);

        assertThat(receiver.await(BEGIN, since, Duration.ofMinutes(1)))
                .hasValueSatisfying(delay -> assertThat(delay).isPositive());
        assertThat(isHeard(END)).isFalse();
        assertThat(isHeard(next)).isFalse();
        receiver.expect(BEGIN);
        assertThat(isHeard(BEGIN)).as("of an earlier flight").isFalse();
    }

    @Test
    void aRepetitionDoesNotMakeItLater() throws Exception {
        receiver.expect(BEGIN);
        long since = System.nanoTime();
        post(message("driftwatch-canary", "firing"));
        Duration first = receiver.await(BEGIN, since, Duration.ofMinutes(1)).orElseThrow();
        post(message("driftwatch-canary", "firing"));

        assertThat(receiver.await(BEGIN, since, Duration.ofMinutes(1))).contains(first);
    }

    @Test
    void whoSendsIsAnsweredThoughTheFlightIsOverWithThatMessage() throws Exception {
        for (int flight = 0; flight < 50; flight++) {
            if (flight > 0) {
                listen();
            }
            receiver.expect(END);
            HttpRequest request =
                    to("").POST(
                                    HttpRequest.BodyPublishers.ofString(
                                            message("driftwatch-canary", "resolved")))
                            .build();
            var answer = client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
            assertThat(receiver.await(END, System.nanoTime(), Duration.ofMinutes(1))).isPresent();
            receiver.close();

            assertThat(answer.get().statusCode()).isEqualTo(204);
        }
    }

    @Test
    void alertsOfOtherModelsAreNoSignOfLife() throws Exception {
        receiver.expect(BEGIN);
        assertThat(post(message("flight-delay", "firing"))).isEqualTo(204);

        assertThat(isHeard(BEGIN)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{",
                "{\"alerts\": [{\"model\": \"driftwatch-canary\", \"state\": \"odd\"}]}",
                "{\"alerts\": [{\"model\": \"driftwatch-canary\", \"state\": \"firing\"}]}",
            })
    void whatIsNoMessageIsRefused(String body) throws Exception {
        assertThat(post(body)).isEqualTo(400);
    }

    @Test
    void metricsAreShownAndNothingElseIs() throws Exception {
        HttpResponse<String> metrics =
                client.send(to("metrics").build(), HttpResponse.BodyHandlers.ofString());
        assertThat(metrics.body()).isEqualTo("a 1\n");
        assertThat(metrics.headers().firstValue("Content-Type"))
                .contains("text/plain; version=0.0.4");

        assertThat(status(to(""))).isEqualTo(404);
        assertThat(status(to("").DELETE())).isEqualTo(405);
        assertThat(status(to("metrics").POST(HttpRequest.BodyPublishers.ofString("{}"))))
                .as("a message, wherever it is posted to")
                .isEqualTo(204);
    }

    private int status(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
