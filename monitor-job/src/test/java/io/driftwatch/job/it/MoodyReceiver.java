package io.driftwatch.job.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Several endpoints in one: each path answers in a mood of its own, and 200 without any. */
public final class MoodyReceiver implements AutoCloseable {
    /** How a path answers. */
    public enum Mood {
        WELL,
        /** Says nothing until the receiver is closed. */
        HANGS,
        FAILS,
        /** Says that it has made something. */
        CREATES,
        /** Says that it will never take this. */
        REFUSES,
        /** 429 with a Retry-After. */
        ASKS_FOR_PATIENCE
    }

    /**
     * A request.
     *
     * @param path without the slash
     * @param id its idempotency id
     * @param body what was sent
     * @param taken whether it was answered well
     */
    public record Request(String path, String id, String body, boolean taken) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, Mood> moods = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final int retryAfterSeconds;

    public MoodyReceiver() throws IOException {
        this(60);
    }

    /**
     * @param retryAfterSeconds how much patience it asks for
     */
    public MoodyReceiver(int retryAfterSeconds) throws IOException {
        this.retryAfterSeconds = retryAfterSeconds;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + path;
    }

    public void set(String path, Mood mood) {
        moods.put(path, mood);
    }

    public List<Request> requests() {
        return requests;
    }

    /** Waits until requests make a condition true; looks again after each. */
    public void await(BooleanSupplier condition) throws InterruptedException, TimeoutException {
        await(condition, Duration.ofMinutes(1));
    }

    /** Waits for at most so long until requests make a condition true. */
    public synchronized void await(BooleanSupplier condition, Duration patience)
            throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new TimeoutException("waited for " + patience + ", with " + requests);
            }
            wait(left);
        }
    }

    private synchronized void add(Request request) {
        requests.add(request);
        notifyAll();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String path = exchange.getRequestURI().getPath().substring(1);
            String id = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            Mood mood = moods.getOrDefault(path, Mood.WELL);
            add(new Request(path, id, body, mood == Mood.WELL));
            switch (mood) {
                case WELL -> exchange.sendResponseHeaders(200, -1);
                case FAILS -> exchange.sendResponseHeaders(500, -1);
                case CREATES -> {
                    byte[] made = "{\"id\": \"run-1\"}".getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(201, made.length);
                    exchange.getResponseBody().write(made);
                }
                case REFUSES -> exchange.sendResponseHeaders(400, -1);
                case HANGS -> closed.await();
                case ASKS_FOR_PATIENCE -> {
                    exchange.getResponseHeaders()
                            .set("Retry-After", Integer.toString(retryAfterSeconds));
                    exchange.sendResponseHeaders(429, -1);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
