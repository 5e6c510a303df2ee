package io.driftwatch.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A JobManager and one TaskManager, each in a process of its own. The TaskManager has exactly the
 * memory that Flink's scripts would give it; the JobManager has plenty.
 */
final class FlinkCluster implements AutoCloseable {
    private static final String HOST = "localhost";
    private static final int PATIENCE_SECONDS = 60;
    private static final String JOB_MANAGER_HEAP = "4g";

    private final Configuration configuration;
    private final TaskExecutorProcessSpec memory;
    private final BenchmarkProcess jobManager;
    private final BenchmarkProcess taskManager;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    private FlinkCluster(
            Configuration configuration,
            TaskExecutorProcessSpec memory,
            BenchmarkProcess jobManager,
            BenchmarkProcess taskManager) {
        this.configuration = configuration;
        this.memory = memory;
        this.jobManager = jobManager;
        this.taskManager = taskManager;
    }

    /**
     * Starts it.
     *
     * @param folder for its configuration and temporary files
     * @param options what its configuration holds beside where its processes find each other
     */
    static FlinkCluster start(Path folder, Map<String, String> options) throws Exception {
        Map<String, String> all = new TreeMap<>(options);
        all.put("jobmanager.rpc.address", HOST);
        all.put("jobmanager.rpc.port", Integer.toString(freePort()));
        all.put("rest.address", HOST);
        all.put("rest.port", Integer.toString(freePort()));
        all.put("taskmanager.host", HOST);
        all.put("io.tmp.dirs", Files.createDirectories(folder.resolve("tmp")).toString());
        all.put("taskmanager.resource-id", "only");
        StringBuilder yaml = new StringBuilder();
        all.forEach((key, value) -> yaml.append(key).append(": \"").append(value).append("\"\n"));
        Files.writeString(folder.resolve("config.yaml"), yaml);
        Configuration configuration = Configuration.fromMap(all);
        TaskExecutorProcessSpec memory =
                TaskExecutorProcessUtils.processSpecFromConfig(configuration);
        List<String> place = List.of("--configDir", folder.toString());
        BenchmarkProcess jobManager =
                BenchmarkProcess.start(
                        FlinkProcess.class,
                        JOB_MANAGER_HEAP,
                        arguments(FlinkProcess.Role.JOB_MANAGER, place));
        List<String> dynamic = words(TaskExecutorProcessUtils.generateDynamicConfigsStr(memory));
        BenchmarkProcess taskManager =
                BenchmarkProcess.start(
                        FlinkProcess.class,
                        Long.toString(memory.getJvmHeapMemorySize().getBytes()),
                        jvmOptions(memory),
                        arguments(FlinkProcess.Role.TASK_MANAGER, place, dynamic));
        FlinkCluster cluster = new FlinkCluster(configuration, memory, jobManager, taskManager);
        try {
            cluster.waitForTaskManager();
            return cluster;
        } catch (IOException | InterruptedException e) {
            cluster.close();
            throw e;
        }
    }

    /** Flink's, and the collector that its scripts choose in place of the launcher's. */
    private static List<String> jvmOptions(TaskExecutorProcessSpec memory) {
        List<String> options =
                new ArrayList<>(words(ProcessMemoryUtils.generateJvmParametersStr(memory)));
        options.addAll(List.of("-XX:-UseParallelGC", "-XX:+UseG1GC"));
        return options;
    }

    @SafeVarargs
    private static List<String> arguments(FlinkProcess.Role role, List<String>... more) {
        List<String> all = new ArrayList<>(List.of(role.name()));
        for (List<String> each : more) {
            all.addAll(each);
        }
        return all;
    }

    private static List<String> words(String options) {
        return Arrays.asList(options.trim().split("\\s+", -1));
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private void waitForTaskManager() throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
        while (System.nanoTime() < end) {
            Thread.sleep(200);
            try {
                if (get("/overview").path("taskmanagers").asInt() > 0) {
                    return;
                }
            } catch (IOException e) {
                if (!jobManager.handle().isAlive()) {
                    throw e;
                }
            }
        }
        throw new IOException("the Flink cluster did not start within a minute; see above");
    }

    /** An environment whose jobs run here. */
    StreamExecutionEnvironment environment(Map<String, String> options) {
        Configuration own = new Configuration(configuration);
        options.forEach(own::setString);
        return StreamExecutionEnvironment.createRemoteEnvironment(
                HOST, Integer.parseInt(configuration.toMap().get("rest.port")), own);
    }

    /** The most heap that Flink gives the TaskManager. */
    long heapBytes() {
        return memory.getJvmHeapMemorySize().getBytes();
    }

    /** Asks Flink's web interface. */
    JsonNode get(String path) throws IOException, InterruptedException {
        URI address =
                URI.create("http://" + HOST + ":" + configuration.toMap().get("rest.port") + path);
        HttpResponse<String> answer =
                client.send(
                        HttpRequest.newBuilder(address).build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(path + ": " + answer.body());
        }
        return json.readTree(answer.body());
    }

    /**
     * What lives in the TaskManager's heap after a full collection, largest classes first; nothing
     * if it has ended.
     */
    List<String> liveObjects() throws IOException {
        if (!taskManager.handle().isAlive()) {
            return List.of();
        }
        Process jcmd =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                Long.toString(taskManager.handle().pid()),
                                "GC.class_histogram")
                        .redirectErrorStream(true)
                        .start();
        try (var lines = jcmd.inputReader()) {
            return lines.lines().toList();
        }
    }

    @Override
    public void close() throws IOException {
        taskManager.close();
        jobManager.close();
    }
}
