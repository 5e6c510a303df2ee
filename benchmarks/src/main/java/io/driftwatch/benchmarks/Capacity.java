package io.driftwatch.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.driftwatch.job.RecordCounts;
import io.driftwatch.job.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Whether so many series fit into one TaskManager: the job on a cluster of its own, until it has
 * tallied every record.
 */
final class Capacity {
    private static final long LOOK_EVERY_MILLIS = 250;

    /** Collecting garbage all the time is not fitting either. */
    private static final long PATIENCE_SECONDS = 600;

    private static final double WARMUP = 0.25;

    /** Lines of the list of classes that take the most memory, for whoever waits. */
    private static final int LARGEST = 25;

    /**
     * What was seen.
     *
     * @param name of the variant
     * @param heapBytes the most heap that the TaskManager may take
     * @param problem why it did not fit; null if it did
     */
    record Outcome(
            String name,
            long heapBytes,
            long liveBytes,
            long stateBytes,
            double checkpointSeconds,
            double recordsPerSecond,
            String problem) {
        static Outcome failed(String name, long heapBytes, String problem) {
            return new Outcome(name, heapBytes, 0, 0, 0, 0, problem);
        }

        List<String> row() {
            return problem == null
                    ? List.of(
                            name,
                            mebibytes(heapBytes),
                            "yes",
                            mebibytes(liveBytes),
                            mebibytes(stateBytes),
                            String.format(Locale.ROOT, "%.1f", checkpointSeconds),
                            recordsPerSecond > 0
                                    ? String.format(Locale.ROOT, "%,.0f", recordsPerSecond)
                                    : "too short to say")
                    : List.of(name, mebibytes(heapBytes), "no: " + problem, "", "", "", "");
        }

        private static String mebibytes(long bytes) {
            return String.format(Locale.ROOT, "%,.0f", bytes / 1048576.0);
        }
    }

    private final Path config;
    private final long records;
    private final Path folder;
    private final String processSize;

    /**
     * @param records what the topic holds
     * @param folder for what the clusters leave behind
     * @param processSize memory of the whole TaskManager process, such as 2g
     */
    Capacity(Path config, long records, Path folder, String processSize) {
        this.config = config;
        this.records = records;
        this.folder = folder;
        this.processSize = processSize;
    }

    static List<String> header() {
        return List.of(
                "memory of the TaskManager",
                "heap MiB",
                "fits",
                "live after full GC MiB",
                "last checkpoint MiB",
                "it took s",
                "records/s");
    }

    /** Runs the job under options that decide how the TaskManager's memory is divided. */
    Outcome run(String name, Map<String, String> memory) throws Exception {
        Map<String, String> options = new LinkedHashMap<>(memory);
        options.put("taskmanager.memory.process.size", processSize);
        options.put("heartbeat.interval", "500");
        options.put("restart-strategy.type", "none");
        options.put("execution.checkpointing.interval", "10s");
        options.put(
                "execution.checkpointing.dir", folder.resolve("checkpoints").toUri().toString());
        Path home = Files.createTempDirectory(folder, "flink");
        try (FlinkCluster cluster = FlinkCluster.start(home, options)) {
            StreamExecutionEnvironment env =
                    cluster.environment(
                            Map.of(
                                    "pipeline.auto-generate-uids", "false",
                                    "pipeline.generic-types", "false",
                                    "pipeline.object-reuse", "true",
                                    "pipeline.max-parallelism", "720"));
            env.setParallelism(1);
            MonitorProcess.define(env, ConfigLoader.load(config));
            try {
                JobClient job = env.executeAsync("capacity");
                return watch(
                        name,
                        cluster,
                        "/jobs/" + job.getJobID(),
                        // Only once: what is asked for anew is never done at first.
                        job.getJobExecutionResult());
            } catch (ExecutionException | TimeoutException e) {
                show(cluster.liveObjects());
                return Outcome.failed(name, cluster.heapBytes(), reason(e));
            }
        }
    }

    private Outcome watch(
            String name,
            FlinkCluster cluster,
            String path,
            CompletableFuture<JobExecutionResult> job)
            throws Exception {
        long begun = tallied(cluster, path, job, Math.round(WARMUP * records));
        long from = System.nanoTime();
        long ended = tallied(cluster, path, job, records);
        double seconds = (System.nanoTime() - from) / 1e9;
        List<String> objects = cluster.liveObjects();
        show(objects);
        JsonNode checkpoint = checkpointAfterNow(cluster, path, job);
        return new Outcome(
                name,
                cluster.heapBytes(),
                totalBytes(objects),
                checkpoint.path("state_size").asLong(),
                checkpoint.path("end_to_end_duration").asLong() / 1e3,
                (ended - begun) / seconds,
                null);
    }

    private static void show(List<String> objects) {
        objects.stream().limit(LARGEST).forEach(line -> Progress.say("%s", line));
    }

    /** How many records there are in the counts that Flink shows, once there are so many. */
    private static long tallied(
            FlinkCluster cluster,
            String path,
            CompletableFuture<JobExecutionResult> job,
            long count)
            throws Exception {
        long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
        while (System.nanoTime() < end) {
            JsonNode all = cluster.get(path + "/accumulators").path("user-task-accumulators");
            for (JsonNode each : all) {
                if (each.path("name").asText().equals(RecordCounts.TALLIED)
                        && each.path("value").asLong() >= count) {
                    return each.path("value").asLong();
                }
            }
            pause(job);
        }
        throw new TimeoutException("not done after " + PATIENCE_SECONDS + " s");
    }

    private static JsonNode checkpointAfterNow(
            FlinkCluster cluster, String path, CompletableFuture<JobExecutionResult> job)
            throws Exception {
        long before = completed(cluster, path).path("id").asLong();
        while (completed(cluster, path).path("id").asLong() == before) {
            pause(job);
        }
        return completed(cluster, path);
    }

    /** Waits a moment; throws why the job failed, if it has. */
    private static void pause(CompletableFuture<JobExecutionResult> job) throws Exception {
        if (job.isDone()) {
            job.get();
        }
        Thread.sleep(LOOK_EVERY_MILLIS);
    }

    private static JsonNode completed(FlinkCluster cluster, String path)
            throws IOException, InterruptedException {
        return cluster.get(path + "/checkpoints").path("latest").path("completed");
    }

    /** The last line is Total, objects, bytes. */
    private static long totalBytes(List<String> objects) throws IOException {
        List<String> words = new ArrayList<>();
        for (String line : objects) {
            if (line.startsWith("Total")) {
                words = List.of(line.trim().split("\\s+", -1));
            }
        }
        if (words.size() < 3) {
            throw new IOException("jcmd said: " + objects);
        }
        return Long.parseLong(words.get(2));
    }

    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage() == null ? root.toString() : root.getMessage();
        return message.lines().findFirst().orElse("");
    }
}
