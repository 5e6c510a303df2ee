package io.driftwatch.job.metrics;

import io.driftwatch.job.config.MetricsConfig;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.schemas.ClassTrust;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Exports the newest scores as metrics. One subtask sees them all, so that a limit is a limit, and
 * remembers what it shows: after a restart the gauges are where they were.
 *
 * <p>State: the marks of what is exported, as many as the limit for each model.
 */
public final class ScoreMetricsFunction extends ProcessFunction<ScoreMark, Void>
        implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    // Configuration.
    private final Map<String, Long> intervals;
    private final int limit;
    private final String release;

    // Checkpointed.
    private transient ListState<ScoreMark> scoreState;
    private transient ListState<VersionMark> versionState;

    // Not checkpointed.
    private transient Map<String, ModelScores> models;

    /**
     * @param release which release of the program runs
     */
    public ScoreMetricsFunction(List<ModelConfig> models, MetricsConfig config, String release) {
        this.intervals = new LinkedHashMap<>();
        models.forEach(model -> intervals.put(model.name(), model.window().slide().toMillis()));
        this.limit = config.maxSeries();
        this.release = release;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        ClassTrust.ensure();
        scoreState =
                context.getOperatorStateStore()
                        .getListState(
                                new ListStateDescriptor<>(
                                        "scores", TypeInformation.of(ScoreMark.class)));
        versionState =
                context.getOperatorStateStore()
                        .getListState(
                                new ListStateDescriptor<>(
                                        "versions", TypeInformation.of(VersionMark.class)));
    }

    @Override
    public void open(OpenContext context) throws Exception {
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        JobMetric.BUILD_INFO
                .in(metrics, release)
                .gauge(JobMetric.BUILD_INFO.shortName(), new Reading(1));
        models = new HashMap<>();
        intervals.forEach(
                (name, interval) ->
                        models.put(name, new ModelScores(metrics, name, interval, limit)));
        // Versions first: what they show of windows must not be counted anew.
        for (VersionMark mark : versionState.get()) {
            if (models.containsKey(mark.model())) {
                models.get(mark.model()).take(mark);
            }
        }
        for (ScoreMark mark : scoreState.get()) {
            take(mark);
        }
    }

    @Override
    public void processElement(ScoreMark mark, Context context, Collector<Void> out) {
        take(mark);
    }

    private void take(ScoreMark mark) {
        ModelScores model = models.get(mark.model());
        if (model != null) {
            model.take(mark);
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        List<ScoreMark> scores = new ArrayList<>();
        List<VersionMark> versions = new ArrayList<>();
        for (ModelScores model : models.values()) {
            scores.addAll(model.scores());
            versions.addAll(model.versions());
        }
        scoreState.update(scores);
        versionState.update(versions);
    }
}
