package io.driftwatch.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** A cluster of real processes, handled as a user handles it: by the script. */
final class Cluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Path SCRIPT = Path.of("cluster").toAbsolutePath();

    private final Path folder;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final ObjectMapper json = new ObjectMapper();
    private final Thread atExit = new Thread(this::stopQuietly);
    private String web;

    private Cluster(Path folder) {
        this.folder = folder;
    }

    /** Starts one; what an earlier run has left in the folder goes. */
    static Cluster start(Path folder, String... options) throws Exception {
        Files.createDirectories(folder.getParent());
        Cluster cluster = new Cluster(folder);
        cluster.stopQuietly();
        Runtime.getRuntime().addShutdownHook(cluster.atExit);
        List<String> line = new ArrayList<>(List.of("start", "--clean"));
        line.addAll(List.of(options));
        cluster.run(line.toArray(String[]::new));
        return cluster;
    }

    /** One that has not been started. */
    static Cluster none(Path folder) {
        return new Cluster(folder);
    }

    Path folder() {
        return folder;
    }

    /** Runs a command of the script and gives what it prints. */
    String run(String... arguments) throws Exception {
        List<String> line =
                new ArrayList<>(List.of("bash", SCRIPT.toString(), "--dir", folder + ""));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("DRIFTWATCH_BUILD", "never");
        Path errors = Files.createTempFile("driftwatch-cluster", ".err");
        try {
            Process process = builder.redirectError(errors.toFile()).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("cluster " + String.join(" ", arguments) + ": does not end");
            }
            if (process.exitValue() != 0) {
                throw new IOException(
                        "cluster "
                                + String.join(" ", arguments)
                                + ": exit code "
                                + process.exitValue()
                                + "\n"
                                + output
                                + Files.readString(errors));
            }
            return output.strip();
        } finally {
            Files.delete(errors);
        }
    }

    String bootstrapServers() throws Exception {
        return status("broker", 3);
    }

    /** The process that plays a part. */
    long process(String role) throws Exception {
        return Long.parseLong(status(role, 2));
    }

    /** A word of the line about a role. */
    private String status(String role, int word) throws Exception {
        return run("status")
                .lines()
                .filter(line -> line.startsWith(role))
                .map(line -> line.split("\\s+"))
                .filter(words -> words.length > word)
                .map(words -> words[word])
                .findFirst()
                .orElseThrow(() -> new IOException(role + " does not run"));
    }

    /** Asks Flink; a missing node if there is no answer. */
    private JsonNode ask(String path) throws InterruptedException {
        try {
            if (web == null) {
                web = status("jobmanager-1", 3);
            }
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(web + path))
                            .timeout(Duration.ofSeconds(10))
                            .build();
            HttpResponse<String> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? json.readTree(answer.body()) : json.missingNode();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return json.missingNode();
        }
    }

    /** The id of the job that runs. */
    String job(String name) throws Exception {
        return awaited(
                name + " to run",
                () -> {
                    for (JsonNode job : ask("/jobs/overview").path("jobs")) {
                        boolean runs = job.path("state").asText().equals("RUNNING");
                        if (runs && job.path("name").asText().equals("driftwatch " + name)) {
                            return job.path("jid").asText();
                        }
                    }
                    return null;
                });
    }

    /** Waits until all tasks of a job run and a checkpoint was completed after that. */
    void awaitHealthy(String name) throws Exception {
        String id = job(name);
        awaitRunning(name, id);
        long before = completed(id);
        awaited(name + " to complete a checkpoint", () -> completed(id) > before ? id : null);
    }

    private void awaitRunning(String name, String id) throws Exception {
        awaited(
                "all tasks of " + name,
                () -> {
                    JsonNode job = ask("/jobs/" + id);
                    boolean all = job.path("vertices").size() > 0;
                    for (JsonNode vertex : job.path("vertices")) {
                        all &= vertex.path("status").asText().equals("RUNNING");
                    }
                    return all ? id : null;
                });
    }

    private long completed(String id) throws InterruptedException {
        return checkpoints(id, "completed");
    }

    private long checkpoints(String id, String outcome) throws InterruptedException {
        return ask("/jobs/" + id + "/checkpoints").path("counts").path(outcome).asLong(0);
    }

    /**
     * A checkpoint of a job.
     *
     * @param bytes of state
     * @param millis from its trigger to its end
     */
    record Checkpoint(long bytes, long millis) {}

    /** The last that was completed. */
    Checkpoint lastCheckpoint(String name) throws Exception {
        String id = job(name);
        return awaited(
                "a checkpoint of " + name,
                () -> {
                    JsonNode last =
                            ask("/jobs/" + id + "/checkpoints").path("latest").path("completed");
                    return last.has("state_size")
                            ? new Checkpoint(
                                    last.path("state_size").asLong(),
                                    last.path("end_to_end_duration").asLong())
                            : null;
                });
    }

    /** Waits until a checkpoint of a job has failed. */
    void awaitFailedCheckpoint(String name) throws Exception {
        String id = job(name);
        long before = checkpoints(id, "failed");
        awaited("a checkpoint to fail", () -> checkpoints(id, "failed") > before ? id : null);
    }

    /** The TaskManagers that run a part of a job. */
    Set<String> taskManagers(String name) throws Exception {
        String id = job(name);
        awaitRunning(name, id);
        Set<String> found = new TreeSet<>();
        for (JsonNode vertex : ask("/jobs/" + id).path("vertices")) {
            String path = "/jobs/" + id + "/vertices/" + vertex.path("id").asText();
            for (JsonNode each : ask(path + "/taskmanagers").path("taskmanagers")) {
                found.add(each.path("taskmanager-id").asText());
            }
        }
        return found;
    }

    private interface Question<T> {
        T ask() throws Exception;
    }

    /** Asks until there is an answer: Flink tells nobody of itself that it has come so far. */
    private <T> T awaited(String what, Question<T> question) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            T answer = question.ask();
            if (answer != null) {
                return answer;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
        throw new TimeoutException(
                "waited " + PATIENCE + " for " + what + "; jobs: " + ask("/jobs/overview"));
    }

    private void stopQuietly() {
        if (Files.exists(folder.resolve("cluster.conf"))) {
            try {
                run("stop");
            } catch (Exception e) {
                System.err.println(e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        stopQuietly();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
