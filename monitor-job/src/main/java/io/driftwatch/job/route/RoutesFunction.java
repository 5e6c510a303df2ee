package io.driftwatch.job.route;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.config.CanaryConfig;
import io.driftwatch.alerts.route.Grouper;
import io.driftwatch.alerts.route.Route;
import io.driftwatch.job.live.Live;
import io.driftwatch.schemas.Alert;
import java.io.IOException;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/** Sends an alert down the tree of routes: once to each that takes it. */
public final class RoutesFunction extends RichFlatMapFunction<Alert, Routed> {
    private static final long serialVersionUID = 1L;

    private final Live<AlertsConfig> live;

    public RoutesFunction(Live<AlertsConfig> live) {
        this.live = live;
    }

    @Override
    public void open(OpenContext context) throws IOException {
        live.open(getRuntimeContext());
    }

    @Override
    public void flatMap(Alert alert, Collector<Routed> out) {
        live.look();
        if (live.get().canary() == null && CanaryConfig.isAbout(alert.getLabels())) {
            // Of a monitor job that has the canary already: it is nobody's business yet.
            return;
        }
        for (Route route : live.get().routes().match(alert.getLabels())) {
            String group = Routed.group(route.id(), new Grouper(route).groupKey(alert));
            out.collect(new Routed(group, alert));
        }
    }

    @Override
    public void close() {
        live.close();
    }
}
