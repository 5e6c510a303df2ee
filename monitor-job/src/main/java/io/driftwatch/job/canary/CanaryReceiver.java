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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
    private static final long UNHEARD = Long.MIN_VALUE;

    /** How long a client may take to send a request: a slow one must not keep others waiting. */
    private static final String SLOWEST = "sun.net.httpserver.maxReqTime";

    private static final String SLOWEST_SECONDS = "10";
    private static final int THREADS = 8;
    private static final String METRICS = "/metrics";

    /** The alert of a window, as it began or as it ended. */
    record Expected(AlertState state, Instant window) {}

    private final ObjectMapper json = new ObjectMapper();
    private final Supplier<String> metrics;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    /** What is waited for, and when it was heard first, in nanoseconds of this process. */
    private final Map<Expected, Long> heard = new HashMap<>();

    /**
     * Begins to listen.
     *
     * @param metrics what {@code /metrics} shows at a moment
     * @throws IOException if nobody can listen there
     */
    public CanaryReceiver(InetSocketAddress at, Supplier<String> metrics) throws IOException {
        this.metrics = metrics;
        if (System.getProperty(SLOWEST) == null) {
            System.setProperty(SLOWEST, SLOWEST_SECONDS);
        }
        server = HttpServer.create(at, /* backlog= */ 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** The port on which it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean asks = exchange.getRequestMethod().equals("GET");
            if (exchange.getRequestMethod().equals("POST")) {
                take(exchange);
            } else if (asks && exchange.getRequestURI().getPath().equals(METRICS)) {
                byte[] text = metrics.get().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
                exchange.sendResponseHeaders(200, text.length);
                exchange.getResponseBody().write(text);
            } else {
                exchange.sendResponseHeaders(asks ? 404 : 405, -1);
            }
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        long now = System.nanoTime();
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY);
        List<Expected> said = new ArrayList<>();
        try {
            for (JsonNode alert : json.readTree(body).path("alerts")) {
                if (alert.path("model").asText().equals(CanaryConfig.NAME)) {
                    said.add(
                            new Expected(
                                    AlertState.valueOf(alert.path("state").asText()),
                                    Instant.parse(alert.path("window_start").asText())));
                }
            }
        } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
            exchange.sendResponseHeaders(400, -1);
            return;
        }
        exchange.sendResponseHeaders(204, -1);
        // Not before it is answered: whoever waits for it may close this at once.
        exchange.close();
        hear(said, now);
    }

    private synchronized void hear(List<Expected> said, long now) {
        for (Expected each : said) {
            heard.computeIfPresent(each, (same, before) -> before == UNHEARD ? now : before);
        }
        notifyAll();
    }

    /** From now on only these are listened for; what was heard before is forgotten. */
    synchronized void expect(Expected... messages) {
        heard.clear();
        for (Expected each : messages) {
            heard.put(each, UNHEARD);
        }
    }

    /**
     * Waits until something that is expected was heard.
     *
     * @param since from when on the time is counted, in nanoseconds of this process
     * @return how long after that it was heard first; empty if it was not within {@code longest}
     */
    synchronized Optional<Duration> await(Expected what, long since, Duration longest)
            throws InterruptedException {
        while (heard.get(what) == UNHEARD) {
            long left = since + longest.toNanos() - System.nanoTime();
            if (left <= 0) {
                return Optional.empty();
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return Optional.of(Duration.ofNanos(heard.get(what) - since));
    }

    @Override
    public void close() {
        server.stop(/* delay= */ 0);
        threads.shutdownNow();
    }
}
