package io.driftwatch.job.retrain;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.job.live.Live;
import io.driftwatch.schemas.RetrainCommand;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes the operator that calls targets; it needs its task's mailbox, as a factory gets it. */
public final class TargetOperatorFactory extends AbstractStreamOperatorFactory<RetrainCommand>
        implements OneInputStreamOperatorFactory<Assigned, RetrainCommand> {
    private static final long serialVersionUID = 1L;

    private final Live<AlertsConfig> live;

    /**
     * @param live the targets, which addresses may be called and whom to trust, and how long a run
     *     may take before the guard rails give it up
     */
    public TargetOperatorFactory(Live<AlertsConfig> live) {
        this.live = live;
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <T extends StreamOperator<RetrainCommand>> T createStreamOperator(
            StreamOperatorParameters<RetrainCommand> parameters) {
        return (T) new TargetOperator(parameters, live);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
        return TargetOperator.class;
    }
}
