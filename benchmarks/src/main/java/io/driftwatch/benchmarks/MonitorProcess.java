package io.driftwatch.benchmarks;

import io.driftwatch.alerts.config.Problems;
import io.driftwatch.job.DriftPipeline;
import io.driftwatch.job.JobEnvironment;
import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.profile.LoadedProfiles;
import io.driftwatch.job.sink.KafkaSinks;
import io.driftwatch.job.source.KafkaSources;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The monitor job in a process of its own, as it runs in production: it does not end by itself.
 * Says all the while how far it is; {@link MonitorJob} listens.
 */
final class MonitorProcess {
    private static final long SAY_EVERY_MILLIS = 20;

    private MonitorProcess() {}

    /** Takes the configuration, and Flink's options as key=value. Ends with its input. */
    public static void main(String[] args) throws Exception {
        EndWithInput.watch();
        Map<String, String> options = new HashMap<>();
        options.put("metrics.reporters", "progress");
        options.put(
                "metrics.reporter.progress.factory.class", SourceProgress.Factory.class.getName());
        options.put("restart-strategy.type", "none");
        for (int i = 1; i < args.length; i++) {
            String[] option = args[i].split("=", 2);
            options.put(option[0], option[1]);
        }
        StreamExecutionEnvironment env = JobEnvironment.local(/* parallelism= */ 1, options);
        define(env, ConfigLoader.load(Path.of(args[0])));
        CompletableFuture<JobExecutionResult> job =
                env.executeAsync("monitor").getJobExecutionResult();
        while (!job.isDone()) {
            System.out.println(MonitorJob.Look.now().toLine());
            Thread.sleep(SAY_EVERY_MILLIS);
        }
        job.get();
        System.exit(1);
    }

    /** Defines the job that {@code driftwatch monitor} runs. */
    static void define(StreamExecutionEnvironment env, MonitorConfig config) {
        Problems problems = new Problems();
        LoadedProfiles profiles = LoadedProfiles.load(config, problems);
        problems.throwIfAny();
        DriftPipeline.define(
                env,
                config,
                profiles,
                new KafkaSources(config.kafka()),
                new KafkaSinks(config.kafka(), config.topics()));
    }
}
