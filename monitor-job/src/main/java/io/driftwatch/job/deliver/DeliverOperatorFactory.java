package io.driftwatch.job.deliver;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.job.live.Live;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes the operator that delivers; it needs its task's mailbox, which only a factory gets. */
public final class DeliverOperatorFactory extends AbstractStreamOperatorFactory<Sent>
        implements OneInputStreamOperatorFactory<Addressed, Sent> {
    private static final long serialVersionUID = 1L;

    private final Live<AlertsConfig> live;
    private final RetryPolicy policy;
    private final boolean awaitsCheckpoints;

    /**
     * @param live whom notifications can name, and what holds for all deliveries
     * @param policy how often and how patiently to try
     * @param awaitsCheckpoints whether the job has checkpoints; without any, notifications are sent
     *     as soon as they come
     */
    public DeliverOperatorFactory(
            Live<AlertsConfig> live, RetryPolicy policy, boolean awaitsCheckpoints) {
        this.live = live;
        this.policy = policy;
        this.awaitsCheckpoints = awaitsCheckpoints;
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <T extends StreamOperator<Sent>> T createStreamOperator(
            StreamOperatorParameters<Sent> parameters) {
        return (T) new DeliverOperator(parameters, live, policy, awaitsCheckpoints);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
        return DeliverOperator.class;
    }
}
