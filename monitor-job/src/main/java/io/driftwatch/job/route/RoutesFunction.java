package io.driftwatch.job.route;

import io.driftwatch.alerts.route.Grouper;
import io.driftwatch.alerts.route.Route;
import io.driftwatch.alerts.route.RouteTree;
import io.driftwatch.schemas.Alert;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/** Sends an alert down the tree of routes: once to each that takes it. */
public final class RoutesFunction implements FlatMapFunction<Alert, Routed> {
    private static final long serialVersionUID = 1L;

    private final RouteTree routes;

    public RoutesFunction(RouteTree routes) {
        this.routes = routes;
    }

    @Override
    public void flatMap(Alert alert, Collector<Routed> out) {
        for (Route route : routes.match(alert.getLabels())) {
            String group = Routed.group(route.id(), new Grouper(route).groupKey(alert));
            out.collect(new Routed(group, alert));
        }
    }
}
