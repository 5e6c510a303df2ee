package io.driftwatch.job.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Asks a Flink cluster about its jobs, by its REST interface. */
final class FlinkRest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final ObjectMapper json = new ObjectMapper();
    private final URI base;

    /**
     * @param base such as {@code http://localhost:8081}
     */
    FlinkRest(URI base) {
        this.base = base;
    }

    /** All jobs that the cluster knows, those that ended included. */
    List<Status.Job> jobs() throws IOException {
        List<Status.Job> jobs = new ArrayList<>();
        for (JsonNode job : get("/jobs/overview").path("jobs")) {
            String id = job.path("jid").asText();
            JsonNode checkpoints = get("/jobs/" + id + "/checkpoints");
            JsonNode counts = checkpoints.path("counts");
            JsonNode completed = checkpoints.path("latest").path("completed");
            jobs.add(
                    new Status.Job(
                            job.path("name").asText(),
                            id,
                            job.path("state").asText(),
                            time(job.path("start-time")),
                            restarts(id),
                            completed.isObject()
                                    ? time(completed.path("latest_ack_timestamp"))
                                    : null,
                            counts.isObject() ? (Long) counts.path("failed").asLong() : null));
        }
        return jobs;
    }

    private Long restarts(String id) throws IOException {
        JsonNode metrics = get("/jobs/" + id + "/metrics?get=numRestarts");
        JsonNode value = metrics.path(0).path("value");
        return value.isMissingNode() ? null : (Long) value.asLong();
    }

    private static String time(JsonNode millis) {
        return Instant.ofEpochMilli(millis.asLong()).toString();
    }

    private JsonNode get(String path) throws IOException {
        String root = base.toString().replaceAll("/+$", "");
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(root + path)).timeout(PATIENCE).build();
        HttpResponse<byte[]> answer;
        try {
            answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking Flink", e);
        }
        if (answer.statusCode() == 404) {
            // The job has just gone, or has no checkpoints.
            return json.createObjectNode();
        }
        if (answer.statusCode() != 200) {
            throw new IOException("HTTP " + answer.statusCode() + " for " + path);
        }
        return json.readTree(answer.body());
    }
}
