package io.driftwatch.job.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Stands in for Slack: takes messages at a local address and answers as Slack does. */
final class DemoWebhookReceiver implements AutoCloseable {
    private static final String PATH = "/slack";

    private final ObjectMapper mapper = new ObjectMapper();
    private final Consumer<ChatMessage> reader;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newSingleThreadExecutor();

    DemoWebhookReceiver(Consumer<ChatMessage> reader) throws IOException {
        this.reader = reader;
        InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        this.server = HttpServer.create(new InetSocketAddress(here, 0), 0);
        server.createContext(PATH, this::take);
        server.setExecutor(threads);
        server.start();
    }

    /** Where messages are to be posted. */
    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + PATH;
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                reader.accept(ChatMessage.of(mapper.readTree(exchange.getRequestBody())));
                answer(exchange, 200, "ok");
            } catch (IOException e) {
                answer(exchange, 400, "invalid_payload");
            }
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
