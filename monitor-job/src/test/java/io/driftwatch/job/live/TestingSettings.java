package io.driftwatch.job.live;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.deliver.DeliveryConfig;
import io.driftwatch.alerts.deliver.ReceiverConfig;
import io.driftwatch.alerts.retrain.RetrainPolicy;
import io.driftwatch.alerts.retrain.RetrainRoute;
import io.driftwatch.alerts.route.InhibitRule;
import io.driftwatch.alerts.route.RouteTree;
import java.util.List;

/** Settings of operators that stay as they are. */
public final class TestingSettings {
    private TestingSettings() {}

    public static Live<AlertsConfig> routing(RouteTree routes, List<InhibitRule> inhibitRules) {
        return fixed(
                routes,
                List.of(),
                inhibitRules,
                DeliveryConfig.standard(),
                RetrainPolicy.builder().build(),
                List.of());
    }

    public static Live<AlertsConfig> receivers(
            List<ReceiverConfig> receivers, DeliveryConfig delivery) {
        return fixed(
                null, receivers, List.of(), delivery, RetrainPolicy.builder().build(), List.of());
    }

    public static Live<AlertsConfig> retraining(
            RetrainPolicy policy, List<RetrainRoute> routes, DeliveryConfig delivery) {
        return fixed(null, List.of(), List.of(), delivery, policy, routes);
    }

    private static Live<AlertsConfig> fixed(
            RouteTree routes,
            List<ReceiverConfig> receivers,
            List<InhibitRule> inhibitRules,
            DeliveryConfig delivery,
            RetrainPolicy retrain,
            List<RetrainRoute> retrainRoutes) {
        return Live.fixed(
                new AlertsConfig(
                        List.of(),
                        List.of(),
                        List.of(),
                        routes,
                        receivers,
                        inhibitRules,
                        delivery,
                        retrain,
                        retrainRoutes,
                        /* canary= */ null));
    }
}
