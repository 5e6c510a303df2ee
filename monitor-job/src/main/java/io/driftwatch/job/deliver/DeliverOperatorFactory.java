package io.driftwatch.job.deliver;

import io.driftwatch.alerts.deliver.DeliveryConfig;
import io.driftwatch.alerts.deliver.ReceiverConfig;
import io.driftwatch.alerts.deliver.RetryPolicy;
import java.util.List;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes the operator that delivers; it needs its task's mailbox, which only a factory gets. */
public final class DeliverOperatorFactory extends AbstractStreamOperatorFactory<Sent>
        implements OneInputStreamOperatorFactory<Addressed, Sent> {
    private static final long serialVersionUID = 1L;

    private final List<ReceiverConfig> receivers;
    private final RetryPolicy policy;
    private final DeliveryConfig config;
    private final boolean awaitsCheckpoints;

    /**
     * @param receivers whom notifications can name
     * @param policy how often and how patiently to try
     * @param config what holds for all deliveries
     * @param awaitsCheckpoints whether the job has checkpoints; without any, notifications are sent
     *     as soon as they come
     */
    public DeliverOperatorFactory(
            List<ReceiverConfig> receivers,
            RetryPolicy policy,
            DeliveryConfig config,
            boolean awaitsCheckpoints) {
        this.receivers = List.copyOf(receivers);
        this.policy = policy;
        this.config = config;
        this.awaitsCheckpoints = awaitsCheckpoints;
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <T extends StreamOperator<Sent>> T createStreamOperator(
            StreamOperatorParameters<Sent> parameters) {
        return (T) new DeliverOperator(parameters, receivers, policy, config, awaitsCheckpoints);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
        return DeliverOperator.class;
    }
}
