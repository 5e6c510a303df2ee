package io.driftwatch.job.canary;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.driftwatch.alerts.config.CanaryConfig;
import io.driftwatch.schemas.AlertState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Hears the messages about the canary, as any webhook would, and shows the canary's metrics at
 * {@code /metrics}.
 */
public final class CanaryReceiver implements AutoCloseable {
    private static final int LARGEST_BODY = 1 << 20;

    /** An episode that began or ended with the alert of this window. */
    private record Heard(AlertState state, Instant window) {}

    private final ObjectMapper json = new ObjectMapper();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    /** When each was heard first, in nanoseconds of this process. Guarded by this. */
    private final Map<Heard, Long> heard = new HashMap<>();

    /**
     * Begins to listen.
     *
     * @param metrics what {@code /metrics} shows at a moment
     * @throws IOException if nobody can listen there
     */
    public CanaryReceiver(InetSocketAddress at, Supplier<String> metrics) throws IOException {
        server = HttpServer.create(at, /* backlog= */ 0);
        server.setExecutor(threads);
        server.createContext("/", this::hear);
        server.createContext("/metrics", exchange -> show(exchange, metrics.get()));
        server.start();
    }

    /** The port on which it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void hear(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("POST")) {
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            exchange.sendResponseHeaders(isTaken(exchange) ? 204 : 400, -1);
        }
    }

    private boolean isTaken(HttpExchange exchange) throws IOException {
        long now = System.nanoTime();
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY);
        try {
            for (JsonNode alert : json.readTree(body).path("alerts")) {
                if (alert.path("model").asText().equals(CanaryConfig.NAME)) {
                    hear(alert, now);
                }
            }
            return true;
        } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
            return false;
        }
    }

    private synchronized void hear(JsonNode alert, long now) {
        heard.putIfAbsent(
                new Heard(
                        AlertState.valueOf(alert.path("state").asText()),
                        Instant.parse(alert.path("window_start").asText())),
                now);
        notifyAll();
    }

    private static void show(HttpExchange exchange, String metrics) throws IOException {
        try (exchange) {
            byte[] text = metrics.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
        }
    }

    /**
     * Waits until the alert of a window was heard of.
     *
     * @param since from when on the time is counted, in nanoseconds of this process
     * @return how long after that it was heard first; empty if it was not within {@code longest}
     */
    synchronized Optional<Duration> await(
            AlertState state, Instant window, long since, Duration longest)
            throws InterruptedException {
        Heard wanted = new Heard(state, window);
        while (!heard.containsKey(wanted)) {
            long left = since + longest.toNanos() - System.nanoTime();
            if (left <= 0) {
                return Optional.empty();
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return Optional.of(Duration.ofNanos(heard.get(wanted) - since));
    }

    /** Forgets what was heard of earlier flights. */
    synchronized void forget() {
        heard.clear();
    }

    @Override
    public void close() {
        server.stop(/* delay= */ 0);
        threads.shutdownNow();
    }
}
