package io.driftwatch.standalone;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * Stands where a chat's webhook stands: answers 200 and writes every message to a file, under the
 * id that it came with. Needs the JDK alone, so that {@code java MessageReceiver.java} runs it.
 */
public final class MessageReceiver {
    private MessageReceiver() {}

    /** Takes the port and the file, and runs until it is ended. */
    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(args[0]);
        Writer file =
                Files.newBufferedWriter(
                        Path.of(args[1]), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> take(exchange, file));
        server.start();
    }

    /** The server has one thread, so messages stand one after the other. */
    private static void take(HttpExchange exchange, Writer file) throws IOException {
        try (exchange) {
            String body =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String id = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            file.write(Instant.now() + " " + id + "\n" + body + "\n\n");
            file.flush();
            byte[] answer = "ok".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }
}
