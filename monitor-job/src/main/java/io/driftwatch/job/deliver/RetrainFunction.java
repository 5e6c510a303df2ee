package io.driftwatch.job.deliver;

import io.driftwatch.alerts.retrain.RetrainRequests;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.RetrainRequest;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Asks for one retraining an episode of each alert that wants one. The key is the fingerprint;
 * state is the last episode that asked.
 */
public final class RetrainFunction extends KeyedProcessFunction<String, Alert, RetrainRequest> {
    private static final long serialVersionUID = 1L;

    private transient ValueState<Long> asked;

    @Override
    public void open(OpenContext context) {
        ClassTrust.ensure();
        asked = getRuntimeContext().getState(new ValueStateDescriptor<>("asked", Types.LONG));
    }

    @Override
    public void processElement(Alert alert, Context context, Collector<RetrainRequest> out)
            throws Exception {
        Long before = asked.value();
        if (before == null || before < alert.getEpisode()) {
            asked.update(alert.getEpisode());
            out.collect(RetrainRequests.of(alert, alert.getScore().getWindowEnd()));
        }
    }
}
