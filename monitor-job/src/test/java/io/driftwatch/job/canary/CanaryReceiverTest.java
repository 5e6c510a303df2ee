package io.driftwatch.job.canary;

import static org.assertj.core.api.Assertions.assertThat;

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

    private boolean isHeard(AlertState state, Instant window) throws Exception {
        return receiver.await(state, window, System.nanoTime(), Duration.ZERO).isPresent();
    }

    @Test
    void theMessageAboutTheWindowIsHeardWhoeverWaitsAndWhenever() throws Exception {
        long since = System.nanoTime();
        assertThat(post(message("driftwatch-canary", "firing"))).isEqualTo(204);

        assertThat(receiver.await(AlertState.firing, WINDOW, since, Duration.ofMinutes(1)))
                .hasValueSatisfying(delay -> assertThat(delay).isPositive());
        assertThat(isHeard(AlertState.resolved, WINDOW)).isFalse();
        assertThat(isHeard(AlertState.firing, WINDOW.plusSeconds(1))).isFalse();
        receiver.forget();
        assertThat(isHeard(AlertState.firing, WINDOW)).isFalse();
    }

    @Test
    void alertsOfOtherModelsAreNoSignOfLife() throws Exception {
        assertThat(post(message("flight-delay", "firing"))).isEqualTo(204);

        assertThat(isHeard(AlertState.firing, WINDOW)).isFalse();
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

        assertThat(client.send(to("").build(), HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(405);
    }
}
