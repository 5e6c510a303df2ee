package io.driftwatch.benchmarks;

import io.driftwatch.alerts.config.Problems;
import io.driftwatch.job.DriftPipeline;
import io.driftwatch.job.JobEnvironment;
import io.driftwatch.job.RecordCounts;
import io.driftwatch.job.Stage;
import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.decode.Decoded;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.profile.LoadedProfiles;
import io.driftwatch.job.sink.KafkaSinks;
import io.driftwatch.job.source.KafkaSources;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * One run of one job over the topic, in a process of its own. What is measured lies between the end
 * of the warm-up and the source's last record: neither the start of the cluster nor its end.
 */
final class PipelineRun {
    private static final long LOOK_EVERY_MILLIS = 5;

    /** Which job. */
    enum Job {
        /** Reads and decodes, with watermarks, and throws everything away: the limit. */
        SOURCE_ONLY,
        /** All of {@code driftwatch monitor}. */
        MONITOR
    }

    /**
     * What was measured.
     *
     * @param records records read while it was
     * @param nanos time it took
     * @param cpuNanos CPU time of the whole process meanwhile
     */
    record Measured(long records, long nanos, long cpuNanos) {
        private static final String MARK = "measured ";

        @Override
        public String toString() {
            return MARK + records + " " + nanos + " " + cpuNanos;
        }

        static boolean isIn(String line) {
            return line.startsWith(MARK);
        }

        static Measured parse(String line) {
            String[] parts = line.substring(MARK.length()).split(" ", -1);
            return new Measured(
                    Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
        }

        Measured since(Measured begin) {
            return new Measured(
                    records - begin.records, nanos - begin.nanos, cpuNanos - begin.cpuNanos);
        }

        double recordsPerSecond() {
            return records * 1e9 / nanos;
        }

        double cpuMicrosPerRecord() {
            return cpuNanos / 1e3 / records;
        }
    }

    private final MonitorConfig config;
    private final long records;
    private final long warmup;

    private PipelineRun(MonitorConfig config, long records, long warmup) {
        this.config = config;
        this.records = records;
        this.warmup = warmup;
    }

    /**
     * Takes the job, the configuration, a folder for checkpoints, the number of records in the
     * topic and how many of them are warm-up.
     */
    public static void main(String[] args) throws Exception {
        PipelineRun run =
                new PipelineRun(
                        ConfigLoader.load(Path.of(args[1])),
                        Long.parseLong(args[3]),
                        Long.parseLong(args[4]));
        System.out.println(run.measure(Job.valueOf(args[0]), Path.of(args[2])));
        System.exit(0);
    }

    private Measured measure(Job job, Path checkpoints) throws Exception {
        Map<String, String> options = new HashMap<>();
        options.put("metrics.reporters", "progress");
        options.put(
                "metrics.reporter.progress.factory.class", SourceProgress.Factory.class.getName());
        options.put("restart-strategy.type", "none");
        if (job == Job.MONITOR) {
            options.put("execution.checkpointing.interval", "2s");
            options.put("execution.checkpointing.dir", checkpoints.toUri().toString());
        }
        StreamExecutionEnvironment env = JobEnvironment.local(1, options);
        define(job, env);
        JobClient client = env.executeAsync(job.name());
        CompletableFuture<JobExecutionResult> result = client.getJobExecutionResult();
        Measured measured = measure(result);
        JobExecutionResult ended = result.get();
        if (job == Job.MONITOR) {
            requireAllTallied(ended);
        }
        return measured;
    }

    private void define(Job job, StreamExecutionEnvironment env) {
        Problems problems = new Problems();
        LoadedProfiles profiles = LoadedProfiles.load(config, problems);
        problems.throwIfAny();
        KafkaSources sources = new KafkaSources(config.kafka()).bounded();
        if (job == Job.MONITOR) {
            DriftPipeline.define(
                    env,
                    config,
                    profiles,
                    sources,
                    new KafkaSinks(config.kafka(), config.topics()));
            return;
        }
        ModelConfig model = config.models().get(0);
        StreamConfig stream = model.streams().get(0);
        FieldPlan plan = FieldPlan.of(model, stream, profiles.of(model).features());
        for (DataStream<Decoded> decoded : sources.open(env, model, stream, plan)) {
            decoded.sinkTo(new DiscardingSink<>()).uid(Stage.SINK.uid("discard"));
        }
    }

    private Measured measure(CompletableFuture<JobExecutionResult> result) throws Exception {
        Measured begin = waitFor(warmup, result);
        return waitFor(records, result).since(begin);
    }

    /** Where things stand once the source has read so many records. */
    private static Measured waitFor(long count, CompletableFuture<JobExecutionResult> result)
            throws Exception {
        while (SourceProgress.records() < count) {
            if (result.isDone()) {
                result.get();
                throw new IllegalStateException(
                        "the job ended after "
                                + SourceProgress.records()
                                + " records, expected "
                                + count);
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        return new Measured(SourceProgress.records(), System.nanoTime(), Machine.processCpuNanos());
    }

    private void requireAllTallied(JobExecutionResult result) {
        Object tallied = result.getAccumulatorResult(RecordCounts.TALLIED);
        if (!Long.valueOf(records).equals(tallied)) {
            throw new IllegalStateException(
                    "the job tallied " + tallied + " of " + records + " records");
        }
    }
}
