package io.driftwatch.alerts.retrain;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.driftwatch.alerts.deliver.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** A target that answers as told, and 200 without a body after that. Remembers every request. */
final class TestingTarget implements AutoCloseable {
    /** What is told to nobody but the target. */
    static final Map<Secret, String> SECRETS =
            Map.of(Secret.of("T0KEN+/="), "T0KEN+/=", Secret.of("pässword"), "pässword");

    record Request(String method, String uri, Headers headers, String body) {}

    private record Reply(int status, String header, String value, String body) {}

    private final HttpServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    TestingTarget() {
        try {
            InetAddress here = InetAddress.getLoopbackAddress();
            server = HttpServer.create(new InetSocketAddress(here, 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.start();
    }

    String url(String path) {
        return "http://localhost:" + server.getAddress().getPort() + path;
    }

    TestingTarget then(int status, String body) {
        replies.add(new Reply(status, null, null, body));
        return this;
    }

    TestingTarget thenHeader(int status, String header, String value) {
        replies.add(new Reply(status, header, value, ""));
        return this;
    }

    List<Request> requests() {
        return requests;
    }

    Request last() {
        return requests.get(requests.size() - 1);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(
                    new Request(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().toString(),
                            exchange.getRequestHeaders(),
                            body));
            Reply reply = replies.poll();
            answer(exchange, reply == null ? new Reply(200, null, null, "") : reply);
        }
    }

    private static void answer(HttpExchange exchange, Reply reply) throws IOException {
        if (reply.header() != null) {
            exchange.getResponseHeaders().set(reply.header(), reply.value());
        }
        byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    /** Makes a call as the outbox will, and reads the answer. */
    RecipeAnswer call(RecipeCall call) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(call.uri());
            for (Map.Entry<String, SecretText> header : call.headers().entrySet()) {
                request.setHeader(header.getKey(), reveal(header.getValue()));
            }
            request.method(
                    call.method(),
                    call.body() == null
                            ? HttpRequest.BodyPublishers.noBody()
                            : HttpRequest.BodyPublishers.ofString(reveal(call.body())));
            HttpResponse<String> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return call.answer(response.statusCode(), response.headers().map(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static String reveal(SecretText text) {
        try {
            return text.reveal(SECRETS::get);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
