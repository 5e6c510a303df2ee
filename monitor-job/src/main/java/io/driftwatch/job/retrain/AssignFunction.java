package io.driftwatch.job.retrain;

import io.driftwatch.alerts.retrain.RetrainRoute;
import io.driftwatch.schemas.RetrainRequest;
import java.util.List;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/** Gives each request to the targets that retrain its model. */
public final class AssignFunction implements FlatMapFunction<RetrainRequest, Assigned> {
    private static final long serialVersionUID = 1L;

    private final List<RetrainRoute> routes;

    public AssignFunction(List<RetrainRoute> routes) {
        this.routes = List.copyOf(routes);
    }

    @Override
    public void flatMap(RetrainRequest request, Collector<Assigned> out) {
        for (RetrainRoute route : routes) {
            if (route.models().matches(request.getModel())) {
                out.collect(new Assigned(route.target().name(), request));
            }
        }
    }
}
