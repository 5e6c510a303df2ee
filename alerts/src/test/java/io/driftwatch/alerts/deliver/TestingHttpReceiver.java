package io.driftwatch.alerts.deliver;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** An endpoint that answers as told, and 200 {@code ok} after that. Remembers every request. */
final class TestingHttpReceiver implements AutoCloseable {
    /** Lets requests to it through. */
    static final DeliveryConfig ALLOWED =
            new DeliveryConfig(new AddressGuard(List.of("localhost")), TlsConfig.STANDARD);

    record Request(String path, Headers headers, String body) {}

    /** How to answer one request. */
    interface Reply {
        void to(HttpExchange exchange, String body) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    TestingHttpReceiver() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url(String path) {
        return "http://localhost:" + server.getAddress().getPort() + path;
    }

    List<Request> requests() {
        return requests;
    }

    TestingHttpReceiver then(Reply reply) {
        replies.add(reply);
        return this;
    }

    TestingHttpReceiver then(int status, String body) {
        return then((exchange, request) -> send(exchange, status, body));
    }

    TestingHttpReceiver thenHeader(int status, String header, String value) {
        return then(
                (exchange, request) -> {
                    exchange.getResponseHeaders().set(header, value);
                    send(exchange, status, "");
                });
    }

    /** Answers nothing until the receiver is closed. */
    TestingHttpReceiver thenSilence() {
        return then((exchange, request) -> waitForClose());
    }

    /** Begins an answer and then stalls. */
    TestingHttpReceiver thenStall() {
        return then(
                (exchange, request) -> {
                    exchange.sendResponseHeaders(200, 100);
                    exchange.getResponseBody().write('o');
                    exchange.getResponseBody().flush();
                    waitForClose();
                });
    }

    /** Announces more than it sends, and hangs up. */
    TestingHttpReceiver thenBreak() {
        return then(
                (exchange, request) -> {
                    exchange.sendResponseHeaders(200, 100);
                    exchange.getResponseBody().write('o');
                    exchange.getResponseBody().flush();
                    throw new IOException("hang up");
                });
    }

    private void waitForClose() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(
                    new Request(
                            exchange.getRequestURI().getPath(),
                            exchange.getRequestHeaders(),
                            body));
            Reply reply = replies.poll();
            if (reply == null) {
                send(exchange, 200, "ok");
            } else {
                reply.to(exchange, body);
            }
        }
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
