package io.driftwatch.job.retrain;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.retrain.RetrainRoute;
import io.driftwatch.job.live.Live;
import io.driftwatch.schemas.RetrainRequest;
import java.io.IOException;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/** Gives each request to the targets that retrain its model. */
public final class AssignFunction extends RichFlatMapFunction<RetrainRequest, Assigned> {
    private static final long serialVersionUID = 1L;

    private final Live<AlertsConfig> live;

    public AssignFunction(Live<AlertsConfig> live) {
        this.live = live;
    }

    @Override
    public void open(OpenContext context) throws IOException {
        live.open(getRuntimeContext());
    }

    @Override
    public void flatMap(RetrainRequest request, Collector<Assigned> out) {
        live.look();
        for (RetrainRoute route : live.get().retrainRoutes()) {
            if (route.models().matches(request.getModel())) {
                out.collect(new Assigned(route.target().name(), request));
            }
        }
    }

    @Override
    public void close() {
        live.close();
    }
}
