package io.driftwatch.job.cli;

import io.driftwatch.job.JobEnvironment;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Option;

/** Options that say where a job runs. */
final class EmbeddedOption {
    @Option(
            names = "--embedded",
            description = "run in this process, with Flink's web page, rather than on a cluster")
    private boolean embedded;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description = "parallel subtasks when embedded; default is the number of processors")
    private int parallelism = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--web-port",
            paramLabel = "P",
            defaultValue = "8081",
            description = "port of Flink's web page when embedded (default ${DEFAULT-VALUE})")
    private int webPort;

    boolean isEmbedded() {
        return embedded;
    }

    int webPort() {
        return webPort;
    }

    /** The environment asked for. */
    StreamExecutionEnvironment environment(String command, Map<String, String> options) {
        if (embedded) {
            Map<String, String> all = new HashMap<>(options);
            all.putIfAbsent(
                    "execution.checkpointing.interval", command.equals("notify") ? "2s" : "10s");
            return JobEnvironment.localWithWebPage(parallelism, webPort, all);
        }
        return JobEnvironment.submitted(options)
                .orElseThrow(
                        () ->
                                new UserError(
                                        "where shall the job run? Submit it to a cluster with"
                                                + " flink run driftwatch.jar "
                                                + command
                                                + " --config FILE, or add --embedded to run it in"
                                                + " this process"));
    }
}
