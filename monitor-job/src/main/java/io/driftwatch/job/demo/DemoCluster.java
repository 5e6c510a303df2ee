package io.driftwatch.job.demo;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/** A Flink cluster in this process, with its web page, for both jobs. */
final class DemoCluster implements AutoCloseable {
    private static final int PORTS_TRIED = 100;

    private final MiniCluster cluster;
    private final int port;

    private DemoCluster(MiniCluster cluster, int port) {
        this.cluster = cluster;
        this.port = port;
    }

    /**
     * Starts it.
     *
     * @param wantedPort port of the web page; the next free one if it is taken
     * @param slots subtasks that run at once
     * @param folder for all that it writes
     */
    static DemoCluster start(int wantedPort, int slots, Path folder) throws Exception {
        int port = freePort(wantedPort);
        Configuration options = new Configuration();
        options.setString("rest.port", Integer.toString(port));
        options.setString("rest.bind-port", Integer.toString(port));
        options.setString("taskmanager.memory.network.min", "64m");
        options.setString("taskmanager.memory.network.max", "64m");
        options.setString("taskmanager.memory.managed.size", "64m");
        // Counts come back with the heartbeats, and the end waits for them.
        options.setString("heartbeat.interval", "500");
        options.setString("web.submit.enable", "false");
        options.setString("web.tmpdir", folder.toString());
        options.setString("io.tmp.dirs", folder.toString());
        MiniCluster cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(options)
                                .setNumTaskManagers(1)
                                .setNumSlotsPerTaskManager(slots)
                                .build());
        cluster.start();
        return new DemoCluster(cluster, port);
    }

    /** Port of the web page. */
    int port() {
        return port;
    }

    private static int freePort(int wanted) throws IOException {
        for (int port = wanted; port < wanted + PORTS_TRIED; port++) {
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException(
                "no port between "
                        + wanted
                        + " and "
                        + (wanted + PORTS_TRIED - 1)
                        + " is free for Flink's web page; give another with --port");
    }

    private static boolean isFree(int port) {
        try (ServerSocket free = new ServerSocket(port)) {
            return free.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Starts a job that was defined in the environment. */
    Job submit(StreamExecutionEnvironment env, String name) throws Exception {
        StreamGraph streams = env.getStreamGraph();
        streams.setJobName(name);
        JobGraph graph = streams.getJobGraph();
        cluster.submitJob(graph).get();
        return new Job(name, graph.getJobID());
    }

    @Override
    public void close() throws Exception {
        cluster.close();
    }

    /** A job that was started. */
    final class Job {
        private final String name;
        private final JobID id;
        private final CompletableFuture<JobResult> result;

        Job(String name, JobID id) {
            this.name = name;
            this.id = id;
            this.result = cluster.requestJobResult(id);
        }

        /** Done when the job has ended, well or not. */
        CompletableFuture<JobResult> ended() {
            return result;
        }

        /** If the job has failed, throws its failure. */
        void requireHealth() throws Exception {
            if (result.isDone()) {
                result.get().toJobExecutionResult(getClass().getClassLoader());
            }
        }

        /** What the job has counted, by accumulator; some heartbeats old while it runs. */
        Map<String, Long> counts() throws Exception {
            Map<String, Long> counts = new HashMap<>();
            if (result.isDone()) {
                result.get()
                        .toJobExecutionResult(getClass().getClassLoader())
                        .getAllAccumulatorResults()
                        .forEach((key, value) -> put(counts, key, value));
                return counts;
            }
            AccessExecutionGraph graph = cluster.getExecutionGraph(id).get();
            for (var each : graph.getAccumulatorsSerialized().entrySet()) {
                put(
                        counts,
                        each.getKey(),
                        each.getValue()
                                .deserializeValue(getClass().getClassLoader())
                                .getUnchecked());
            }
            return counts;
        }

        private static void put(Map<String, Long> counts, String key, Object value) {
            if (value instanceof Long count) {
                counts.put(key, count);
            }
        }

        /**
         * Stops the job with a savepoint and waits until it has ended.
         *
         * @param drain whether time runs on to its end first, so that every window closes
         */
        void stop(Path savepoints, boolean drain) throws Exception {
            try {
                cluster.stopWithSavepoint(
                                id,
                                savepoints.toUri().toString(),
                                drain,
                                SavepointFormatType.CANONICAL)
                        .get();
            } catch (ExecutionException e) {
                requireHealth();
                throw new IOException(name + " did not stop: " + e.getCause().getMessage(), e);
            }
            result.get().toJobExecutionResult(getClass().getClassLoader());
        }
    }
}
