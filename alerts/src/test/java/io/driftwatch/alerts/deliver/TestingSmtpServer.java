package io.driftwatch.alerts.deliver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A mail server that answers commands as told, and well where it is not told. */
final class TestingSmtpServer implements AutoCloseable {
    private final ServerSocket server;
    private final Map<String, String> replies;

    /**
     * @param replies reply by the first word of the command; CONNECT for the greeting, and END for
     *     the end of the data
     */
    TestingSmtpServer(Map<String, String> replies) {
        this.replies = replies;
        try {
            server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "testing-smtp");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                converse(client);
            } catch (IOException closed) {
                // The next one, or none.
            }
        }
    }

    private void converse(Socket client) throws IOException {
        BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        OutputStream out = client.getOutputStream();
        reply(out, "CONNECT", "220 testing");
        boolean isData = false;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (isData) {
                if (line.equals(".")) {
                    isData = false;
                    reply(out, "END", "250 taken");
                }
                continue;
            }
            String command = line.split(" ")[0].toUpperCase(java.util.Locale.ROOT);
            isData = command.equals("DATA") && !replies.containsKey(command);
            reply(out, command, isData ? "354 go on" : "250 fine");
            if (command.equals("QUIT")) {
                return;
            }
        }
    }

    private void reply(OutputStream out, String command, String fallback) throws IOException {
        String line = replies.getOrDefault(command, fallback) + "\r\n";
        out.write(line.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
