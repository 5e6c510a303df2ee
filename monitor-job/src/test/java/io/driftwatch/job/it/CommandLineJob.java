package io.driftwatch.job.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.job.cli.CommandLineRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A job as a user starts it on one machine, and the web page that tells of it. */
final class CommandLineJob implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String command;
    private final String page;
    private final CompletableFuture<CommandLineRun> end = new CompletableFuture<>();
    private String id;

    private CommandLineJob(String command, int port) {
        this.command = command;
        this.page = "http://127.0.0.1:" + port;
    }

    /** Starts {@code driftwatch monitor} or {@code notify}, with further options. */
    static CommandLineJob start(String command, Path config, String... options) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        CommandLineJob job = new CommandLineJob(command, port);
        List<String> line = new ArrayList<>(List.of(command, "-c", config.toString()));
        line.addAll(List.of("--embedded", "--parallelism", "1", "--web-port", port + ""));
        line.addAll(List.of(options));
        Thread thread =
                new Thread(() -> job.end.complete(CommandLineRun.of(line.toArray())), command);
        thread.setDaemon(true);
        thread.start();
        return job;
    }

    /** Waits until all its tasks run, and a checkpoint shows that they do. */
    CommandLineJob awaitCheckpoint() throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            if (end.isDone()) {
                throw new IllegalStateException("the job has ended: " + end.get());
            }
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("no checkpoint within " + PATIENCE);
            }
            try {
                JsonNode jobs = JSON.readTree(get("/jobs")).path("jobs");
                if (jobs.at("/0/status").asText().equals("RUNNING")) {
                    id = jobs.get(0).path("id").asText();
                    JsonNode done = JSON.readTree(get(job("/checkpoints"))).path("counts");
                    if (done.path("completed").asInt() > 0) {
                        return this;
                    }
                }
            } catch (IOException notYet) {
                // The page comes up with the cluster.
            }
            waitALittle();
        }
    }

    /** Between two looks, unless the command ends. */
    private void waitALittle() throws Exception {
        try {
            CommandLineRun unused = end.get(100, TimeUnit.MILLISECONDS);
        } catch (TimeoutException goesOn) {
            // As it should.
        }
    }

    /** A path below the job's own. */
    String job(String rest) {
        return "/jobs/" + id + rest;
    }

    /** What the page answers. */
    String get(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(page + path)).timeout(PATIENCE).build();
        HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());
        return answer.body();
    }

    /** Asks for a savepoint and gives what the page says once it is there. */
    String savepoint(Path folder) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(page + job("/savepoints")))
                        .POST(
                                BodyPublishers.ofString(
                                        "{\"target-directory\":\"" + folder.toUri() + "\"}"))
                        .build();
        String trigger =
                JSON.readTree(HTTP.send(request, BodyHandlers.ofString()).body())
                        .path("request-id")
                        .asText();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            String answer = get(job("/savepoints/" + trigger));
            if (JSON.readTree(answer).at("/status/id").asText().equals("COMPLETED")) {
                return answer;
            }
            waitALittle();
        }
        throw new TimeoutException("no savepoint within " + PATIENCE);
    }

    /** Waits until the command ends. */
    CommandLineRun awaitEnd() throws Exception {
        return end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Cancels the job, as the button on the page does, and waits until the command has ended. */
    @Override
    public void close() throws Exception {
        if (!end.isDone() && id != null) {
            HttpRequest cancel =
                    HttpRequest.newBuilder(URI.create(page + job("?mode=cancel")))
                            .method("PATCH", BodyPublishers.noBody())
                            .build();
            HTTP.send(cancel, BodyHandlers.discarding());
            CommandLineRun unused = awaitEnd();
        }
    }

    @Override
    public String toString() {
        return command;
    }
}
