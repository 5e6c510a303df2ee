package io.driftwatch.benchmarks;

import io.driftwatch.alerts.config.Problems;
import io.driftwatch.job.DriftPipeline;
import io.driftwatch.job.RecordCounts;
import io.driftwatch.job.Stage;
import io.driftwatch.job.config.KafkaConfig;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.decode.Decoded;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.live.LivePlan;
import io.driftwatch.job.profile.LoadedProfile;
import io.driftwatch.job.profile.LoadedProfiles;
import io.driftwatch.job.sink.KafkaSinks;
import io.driftwatch.job.sink.Sinks;
import io.driftwatch.job.source.KafkaSources;
import io.driftwatch.job.source.Sources;
import io.driftwatch.job.source.TimeRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.datastream.WindowedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;

/**
 * Defines the compared jobs over the topics of one configuration. Those that are not the monitor
 * job know one model, one stream, numeric features and tumbling windows, all of them present.
 */
final class PipelineDataflow {
    private final MonitorConfig config;
    private final LoadedProfiles profiles;
    private final boolean keepScores;
    private final long seed;

    /**
     * @param keepScores whether the monitor job's scores go into its result too
     * @param seed of the reference rows
     */
    PipelineDataflow(MonitorConfig config, boolean keepScores, long seed) {
        this.config = config;
        this.keepScores = keepScores;
        this.seed = seed;
        Problems problems = new Problems();
        profiles = LoadedProfiles.load(config, problems);
        problems.throwIfAny();
    }

    /**
     * Defines a job that reads the topic from its beginning to where it ends now.
     *
     * @param group a consumer group that has read nothing yet
     */
    void define(PipelineJob job, StreamExecutionEnvironment env, String group) {
        Map<String, String> properties = new HashMap<>(config.kafka().properties());
        properties.put("group.id", group);
        Sources sources =
                new KafkaSources(new KafkaConfig(config.kafka().bootstrapServers(), properties))
                        .bounded(TimeRange.ALL);
        switch (job) {
            case SOURCE_ONLY -> sourceOnly(env, sources);
            case MONITOR -> monitor(env, sources);
            case KEYED_TALLY -> monitor(env, new KeyedSources(sources));
            case PRE_AGGREGATED -> preAggregated(env, sources);
            case OBVIOUS -> obvious(env, sources);
        }
    }

    private void sourceOnly(StreamExecutionEnvironment env, Sources sources) {
        for (DataStream<Decoded> records : sources.open(env, model(), stream(), live())) {
            records.sinkTo(new DiscardingSink<>()).uid(Stage.SINK.uid("discard"));
        }
    }

    private void monitor(StreamExecutionEnvironment env, Sources sources) {
        Sinks sinks = new KafkaSinks(config.kafka(), config.topics());
        DriftPipeline.define(
                env, config, profiles, sources, keepScores ? new ScoredSinks(sinks) : sinks);
    }

    private void preAggregated(StreamExecutionEnvironment env, Sources sources) {
        byte[] profile = profileFile();
        ScoredSinks.keep(
                windows(env, sources)
                        .aggregate(
                                new CellCountsFunction(profile),
                                new CellCountsWindowFunction(profile),
                                PrimitiveArrayTypeInfo.INT_PRIMITIVE_ARRAY_TYPE_INFO,
                                PrimitiveArrayTypeInfo.INT_PRIMITIVE_ARRAY_TYPE_INFO,
                                TypeInformation.of(WindowScore.class))
                        .uid(Stage.WINDOW.uid(PipelineJob.PRE_AGGREGATED.name())));
    }

    private void obvious(StreamExecutionEnvironment env, Sources sources) {
        ScoredSinks.keep(
                windows(env, sources)
                        .process(
                                new BufferedWindowFunction(
                                        profileFile(), plan().numeric().size(), seed),
                                TypeInformation.of(WindowScore.class))
                        .uid(Stage.WINDOW.uid(PipelineJob.OBVIOUS.name())));
    }

    private byte[] profileFile() {
        try {
            return Files.readAllBytes(profile().file());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An element for each feature of each record, by feature and window. */
    private WindowedStream<Tuple2<String, Double>, String, TimeWindow> windows(
            StreamExecutionEnvironment env, Sources sources) {
        SingleOutputStreamOperator<Decoded> records =
                sources.open(env, model(), stream(), live()).get(0);
        return records.flatMap(
                        new FeatureValuesFunction(plan().numeric()),
                        Types.TUPLE(Types.STRING, Types.DOUBLE))
                .uid(Stage.DECODE.uid("values"))
                .keyBy(element -> element.f0, Types.STRING)
                .window(TumblingEventTimeWindows.of(model().window().size()));
    }

    /**
     * Checks that a job has counted every record.
     *
     * @param records in the topic
     */
    void requireComplete(PipelineJob job, JobExecutionResult result, long records) {
        require("reading the topic", records, SourceProgress.records());
        switch (job) {
            case SOURCE_ONLY -> {}
            case MONITOR, KEYED_TALLY ->
                    require(
                            job.title(),
                            records,
                            result.getAccumulatorResult(RecordCounts.TALLIED));
            case PRE_AGGREGATED, OBVIOUS -> {
                int features = plan().numeric().size();
                // Each value is in a window of its feature, and each window has two scores.
                long counted = scores(result).stream().mapToLong(WindowScore::count).sum();
                require(job.title(), records * features * 2, counted);
            }
        }
    }

    private static void require(String what, long expected, Long counted) {
        if (counted == null || counted != expected) {
            throw new IllegalStateException(
                    what + ": counted " + counted + ", but there are " + expected);
        }
    }

    /** The scores of a job that keeps them. */
    static List<WindowScore> scores(JobExecutionResult result) {
        return result.getAccumulatorResult(WindowScoresFunction.RESULT);
    }

    private ModelConfig model() {
        return config.models().get(0);
    }

    private StreamConfig stream() {
        return model().streams().get(0);
    }

    private LoadedProfile profile() {
        return profiles.of(model());
    }

    private FieldPlan plan() {
        return FieldPlan.of(model(), stream(), profile().features());
    }

    private LivePlan live() {
        return new LivePlan(/* controlOrNull= */ null, model().name(), stream(), plan());
    }
}
