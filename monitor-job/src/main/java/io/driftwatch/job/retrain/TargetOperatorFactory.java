package io.driftwatch.job.retrain;

import io.driftwatch.alerts.deliver.DeliveryConfig;
import io.driftwatch.alerts.retrain.RetrainRoute;
import io.driftwatch.schemas.RetrainCommand;
import java.time.Duration;
import java.util.List;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes the operator that calls targets; it needs its task's mailbox, as a factory gets it. */
public final class TargetOperatorFactory extends AbstractStreamOperatorFactory<RetrainCommand>
        implements OneInputStreamOperatorFactory<Assigned, RetrainCommand> {
    private static final long serialVersionUID = 1L;

    private final List<RetrainRoute> routes;
    private final DeliveryConfig delivery;
    private final Duration patience;

    /**
     * @param routes the targets
     * @param delivery which addresses may be called, and whom to trust
     * @param patience how long a run may take before the guard rails give it up
     */
    public TargetOperatorFactory(
            List<RetrainRoute> routes, DeliveryConfig delivery, Duration patience) {
        this.routes = List.copyOf(routes);
        this.delivery = delivery;
        this.patience = patience;
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <T extends StreamOperator<RetrainCommand>> T createStreamOperator(
            StreamOperatorParameters<RetrainCommand> parameters) {
        return (T) new TargetOperator(parameters, routes, delivery, patience);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
        return TargetOperator.class;
    }
}
