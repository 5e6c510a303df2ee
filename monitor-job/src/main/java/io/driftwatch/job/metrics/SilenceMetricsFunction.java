package io.driftwatch.job.metrics;

import io.driftwatch.alerts.route.Silences;
import io.driftwatch.alerts.route.Silences.Phase;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.Silence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Counts silences for metrics. They begin and end by the clock, so they are counted when somebody
 * looks.
 *
 * <p>State: the silences, until days after they have ended.
 */
public final class SilenceMetricsFunction extends ProcessFunction<Silence, Void>
        implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    // Checkpointed.
    private transient ListState<Silence> stored;

    // Not checkpointed; reporters read it.
    private transient ConcurrentHashMap<String, Silence> silences;

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        ClassTrust.ensure();
        stored =
                context.getOperatorStateStore()
                        .getListState(
                                new ListStateDescriptor<>(
                                        "silences", TypeInformation.of(Silence.class)));
        silences = new ConcurrentHashMap<>();
        stored.get().forEach(silence -> silences.put(silence.getId(), silence));
    }

    @Override
    public void open(OpenContext context) {
        for (Phase phase : List.of(Phase.ACTIVE, Phase.PENDING)) {
            Map<String, Silence> read = silences;
            JobMetric.SILENCES
                    .in(getRuntimeContext().getMetricGroup(), phase.name().toLowerCase(Locale.ROOT))
                    .gauge(JobMetric.SILENCES.shortName(), (Gauge<Long>) () -> count(read, phase));
        }
    }

    private static long count(Map<String, Silence> silences, Phase phase) {
        Instant now = Instant.now();
        return silences.values().stream().filter(s -> Silences.phase(s, now) == phase).count();
    }

    @Override
    public void processElement(Silence silence, Context context, Collector<Void> out) {
        Instant now = Instant.now();
        silences.put(silence.getId(), silence);
        silences.values().removeIf(each -> Silences.isOver(each, now));
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        stored.update(new ArrayList<>(silences.values()));
    }
}
