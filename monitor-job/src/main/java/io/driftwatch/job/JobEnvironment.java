package io.driftwatch.job;

import java.time.Duration;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Flink's environment, with the guards that every job of ours runs under. */
public final class JobEnvironment {
    /** The last counts of a window wait at most this long in a half-full buffer, at every hop. */
    private static final Duration BUFFER_TIMEOUT = Duration.ofMillis(10);

    private JobEnvironment() {}

    /**
     * Guards: an operator without an id, or a type that would fall to Kryo, fails while the graph
     * is built. Objects are reused between chained operators, which all of ours allow.
     */
    private static Configuration guarded(Map<String, String> options) {
        Configuration configuration = new Configuration();
        configuration.setString("pipeline.auto-generate-uids", "false");
        configuration.setString("pipeline.generic-types", "false");
        configuration.setString("pipeline.object-reuse", "true");
        configuration.setString("pipeline.max-parallelism", "720");
        options.forEach(configuration::setString);
        return configuration;
    }

    /** In this process, without a web page. */
    public static StreamExecutionEnvironment local(int parallelism, Map<String, String> options) {
        Configuration configuration = embedded(options);
        return prompt(
                StreamExecutionEnvironment.createLocalEnvironment(parallelism, configuration));
    }

    /** In this process, with Flink's web page. */
    public static StreamExecutionEnvironment localWithWebPage(
            int parallelism, int port, Map<String, String> options) {
        Configuration configuration = embedded(options);
        configuration.setString("rest.port", Integer.toString(port));
        configuration.setString("rest.bind-port", Integer.toString(port));
        return prompt(StreamExecutionEnvironment.createLocalEnvironmentWithWebUI(configuration))
                .setParallelism(parallelism);
    }

    /**
     * Shortens what Flink lets records wait for others to travel with, unless the user has chosen.
     * Between windows next to nothing leaves the machines that count, so nothing is lost by it.
     */
    private static StreamExecutionEnvironment prompt(StreamExecutionEnvironment env) {
        return env.getConfiguration().getOptional(ExecutionOptions.BUFFER_TIMEOUT).isPresent()
                ? env
                : env.setBufferTimeout(BUFFER_TIMEOUT.toMillis());
    }

    private static Configuration embedded(Map<String, String> options) {
        Configuration configuration = guarded(options);
        String scratch = TemporaryFolder.untilExit("driftwatch-").path().toString();
        setDefault(configuration, "io.tmp.dirs", scratch);
        setDefault(configuration, "web.tmpdir", scratch);
        setDefault(configuration, "taskmanager.memory.network.max", "128m");
        setDefault(configuration, "taskmanager.memory.network.min", "128m");
        return configuration;
    }

    private static void setDefault(Configuration configuration, String key, String value) {
        if (!configuration.containsKey(key)) {
            configuration.setString(key, value);
        }
    }

    /** On the cluster that the program was submitted to; empty if it was started on its own. */
    public static java.util.Optional<StreamExecutionEnvironment> submitted(
            Map<String, String> options) {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(guarded(options));
        return env instanceof LocalStreamEnvironment
                ? java.util.Optional.empty()
                : java.util.Optional.of(prompt(env));
    }
}
