package io.driftwatch.job.metrics;

import io.driftwatch.alerts.retrain.RetrainStatus;
import io.driftwatch.schemas.ClassTrust;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Counts retrain requests for metrics: where those that are not over stand, and what all became.
 *
 * <p>State: a small record for each request that is not over.
 */
public final class RetrainMetricsFunction extends ProcessFunction<RetrainMark, Void>
        implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    private static final List<RetrainStatus> NOT_OVER =
            List.of(
                    RetrainStatus.WAITING,
                    RetrainStatus.AWAITING_APPROVAL,
                    RetrainStatus.SUBMITTED,
                    RetrainStatus.RUNNING);

    // Checkpointed.
    private transient ListState<RetrainMark> stored;

    // Not checkpointed.
    private transient Map<String, RetrainMark> open;
    private transient Map<String, Counted> models;

    /** The numbers of one model. */
    private static final class Counted {
        private final Map<String, Reading> present = new HashMap<>();
        private final Map<String, Counter> changes = new HashMap<>();

        Counted(MetricGroup metrics, String model) {
            for (RetrainStatus status : RetrainStatus.values()) {
                MetricGroup group = JobMetric.RETRAIN_REQUESTS.in(metrics, model, status.label());
                changes.put(status.label(), group.counter(JobMetric.RETRAIN_CHANGES.shortName()));
                if (NOT_OVER.contains(status)) {
                    Reading reading = new Reading(0);
                    present.put(
                            status.label(),
                            group.gauge(JobMetric.RETRAIN_REQUESTS.shortName(), reading));
                }
            }
        }
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        ClassTrust.ensure();
        stored =
                context.getOperatorStateStore()
                        .getListState(
                                new ListStateDescriptor<>(
                                        "requests", TypeInformation.of(RetrainMark.class)));
    }

    @Override
    public void open(OpenContext context) throws Exception {
        open = new HashMap<>();
        models = new HashMap<>();
        for (RetrainMark mark : stored.get()) {
            open.put(mark.requestId(), mark);
        }
        open.values().forEach(mark -> counted(mark.model()));
        show();
    }

    private Counted counted(String model) {
        return models.computeIfAbsent(
                model, name -> new Counted(getRuntimeContext().getMetricGroup(), name));
    }

    @Override
    public void processElement(RetrainMark mark, Context context, Collector<Void> out) {
        Counted counted = counted(mark.model());
        Counter counter = counted.changes.get(mark.status());
        if (counter == null) {
            return;
        }
        counter.inc();
        if (counted.present.containsKey(mark.status())) {
            open.put(mark.requestId(), mark);
        } else {
            open.remove(mark.requestId());
        }
        show();
    }

    private void show() {
        models.forEach(
                (model, counted) ->
                        counted.present.forEach(
                                (status, reading) -> reading.set((double) count(model, status))));
    }

    private long count(String model, String status) {
        return open.values().stream()
                .filter(mark -> mark.model().equals(model) && mark.status().equals(status))
                .count();
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        stored.update(new ArrayList<>(open.values()));
    }
}
