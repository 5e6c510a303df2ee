package io.driftwatch.job.cli;

import io.driftwatch.alerts.config.Problems;
import io.driftwatch.job.DriftPipeline;
import io.driftwatch.job.JobEnvironment;
import io.driftwatch.job.RecordCounts;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.decode.RecordCursor;
import io.driftwatch.job.kafka.KafkaUser;
import io.driftwatch.job.profile.FileInput;
import io.driftwatch.job.profile.LoadedProfiles;
import io.driftwatch.job.score.Baseline;
import io.driftwatch.job.sink.Sinks;
import io.driftwatch.job.source.FileSources;
import io.driftwatch.job.source.FileSources.Input;
import io.driftwatch.job.source.KafkaSources;
import io.driftwatch.job.source.Sources;
import io.driftwatch.schemas.Alert;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The monitor job over what there is, in this process: a configuration, its profiles, and checked
 * inputs.
 */
record FileRun(MonitorConfig config, LoadedProfiles profiles, Sources sources) {

    /** Reads and checks everything, so that what is wrong is named before anything starts. */
    static FileRun prepare(ConfigOption option, List<String> inputTexts, TimeRangeOption range) {
        MonitorConfig config = option.load();
        Problems problems = new Problems();
        LoadedProfiles profiles = LoadedProfiles.load(config, problems);
        problems.throwIfAny();
        String only = config.models().size() == 1 ? config.models().get(0).name() : null;
        List<Input> inputs = Inputs.parse(inputTexts, config, only);
        checkColumns(config, profiles, inputs);
        return new FileRun(config, profiles, new FileSources(inputs, range.range()));
    }

    /** The same over the topics, as far as they go now. */
    static FileRun prepareTopics(ConfigOption option, TimeRangeOption range) {
        MonitorConfig config = option.loadWithKafka();
        Problems problems = new Problems();
        LoadedProfiles profiles = LoadedProfiles.load(config, problems);
        problems.throwIfAny();
        MonitorCommand.requireTopics(config, KafkaUser.ANALYST);
        Sources topics = new KafkaSources(config.kafka()).bounded(range.range());
        return new FileRun(config, profiles, topics);
    }

    /** The same over another configuration of the same models. */
    FileRun with(MonitorConfig other) {
        return new FileRun(other, profiles, sources);
    }

    StreamExecutionEnvironment environment() {
        return JobEnvironment.local(1, options());
    }

    /** Defines the job and gives its alerts. */
    DataStream<Alert> define(StreamExecutionEnvironment env, Baseline baseline, Sinks sinks) {
        return DriftPipeline.define(env, config, profiles, baseline, null, sources, sinks);
    }

    /** Runs what was defined, with a line on the screen that says how far it is. */
    static JobExecutionResult run(StreamExecutionEnvironment env, String what) throws Exception {
        JobClient job = env.executeAsync("driftwatch " + what);
        try (Progress progress = new Progress(what, () -> rowsSoFar(job), () -> Double.NaN)) {
            JobExecutionResult result = job.getJobExecutionResult().get();
            return result;
        }
    }

    /** A bounded run in one process begins anew when it fails: no restarts, no checkpoints. */
    private Map<String, String> options() {
        Map<String, String> options = new HashMap<>(config.flink());
        options.put("restart-strategy.type", "none");
        options.remove("execution.checkpointing.interval");
        return options;
    }

    private static void checkColumns(
            MonitorConfig config, LoadedProfiles profiles, List<Input> inputs) {
        for (Input input : inputs) {
            ModelConfig model = config.model(input.model()).orElseThrow();
            StreamConfig stream = model.stream(input.role()).orElseThrow();
            FieldPlan plan = FieldPlan.of(model, stream, profiles.of(model).features());
            try (RecordCursor opened = new FileInput(stream, input.path()).open(plan)) {
                if (!opened.next()) {
                    throw new UserError(input.path() + ": holds no records");
                }
            } catch (IOException | IllegalArgumentException e) {
                throw new UserError(e.getMessage(), e);
            }
        }
    }

    private static long rowsSoFar(JobClient job) {
        try {
            Object rows = job.getAccumulators().get().get(RecordCounts.IN);
            return rows instanceof Long count ? count : 0;
        } catch (Exception e) {
            // Only for show: the job may just have ended.
            return 0;
        }
    }
}
