package io.driftwatch.job.metrics;

import io.driftwatch.alerts.rule.Severity;
import io.driftwatch.schemas.AlertState;
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
 * Counts alerts for metrics: how many there are now, and what they became. One subtask sees them
 * all.
 *
 * <p>State: a small record for each alert that is pending or firing.
 */
public final class AlertMetricsFunction extends ProcessFunction<AlertMark, Void>
        implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    // Configuration.
    private final List<String> models;

    // Checkpointed.
    private transient ListState<AlertMark> stored;

    // Not checkpointed.
    private transient Map<String, AlertMark> active;
    private transient Map<Place, Reading> present;
    private transient Map<Place, Counter> transitions;

    /** The labels of a number. */
    private record Place(String model, String severity, String state) {
        static Place of(AlertMark mark) {
            return new Place(mark.model(), mark.severity(), mark.state());
        }
    }

    /**
     * @param models the models that there can be alerts of
     */
    public AlertMetricsFunction(List<String> models) {
        this.models = List.copyOf(models);
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        ClassTrust.ensure();
        stored =
                context.getOperatorStateStore()
                        .getListState(
                                new ListStateDescriptor<>(
                                        "alerts", TypeInformation.of(AlertMark.class)));
    }

    @Override
    public void open(OpenContext context) throws Exception {
        active = new HashMap<>();
        present = new HashMap<>();
        transitions = new HashMap<>();
        for (String model : models) {
            for (Severity severity : Severity.values()) {
                for (AlertState state : AlertState.values()) {
                    register(new Place(model, severity.label(), state.name()));
                }
            }
        }
        for (AlertMark mark : stored.get()) {
            if (models.contains(mark.model())) {
                active.put(mark.fingerprint(), mark);
            }
        }
        show();
    }

    private void register(Place place) {
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        MetricGroup group =
                JobMetric.ALERTS.in(metrics, place.model(), place.severity(), place.state());
        transitions.put(place, group.counter(JobMetric.ALERT_TRANSITIONS.shortName()));
        if (!place.state().equals(AlertState.resolved.name())) {
            Reading reading = new Reading(0);
            present.put(place, group.gauge(JobMetric.ALERTS.shortName(), reading));
        }
    }

    @Override
    public void processElement(AlertMark mark, Context context, Collector<Void> out) {
        Counter counter = transitions.get(Place.of(mark));
        if (counter == null) {
            return;
        }
        AlertMark before = active.get(mark.fingerprint());
        if (before != null && before.sequence() >= mark.sequence()) {
            // Written again after a failure.
            return;
        }
        counter.inc();
        if (mark.state().equals(AlertState.resolved.name())) {
            active.remove(mark.fingerprint());
        } else {
            active.put(mark.fingerprint(), mark);
        }
        show();
    }

    private void show() {
        Map<Place, Integer> counts = new HashMap<>();
        active.values().forEach(mark -> counts.merge(Place.of(mark), 1, Integer::sum));
        present.forEach((place, reading) -> reading.set(counts.getOrDefault(place, 0)));
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        stored.update(new ArrayList<>(active.values()));
    }
}
