package io.driftwatch.alerts.config;

import io.driftwatch.alerts.deliver.DeliveryConfig;
import io.driftwatch.alerts.deliver.ReceiverConfig;
import io.driftwatch.alerts.retrain.RetrainPolicy;
import io.driftwatch.alerts.retrain.RetrainRoute;
import io.driftwatch.alerts.route.InhibitRule;
import io.driftwatch.alerts.route.RouteTree;
import io.driftwatch.alerts.route.TimeIntervals;
import io.driftwatch.alerts.rule.Combination;
import io.driftwatch.alerts.rule.NoDataRule;
import io.driftwatch.alerts.rule.Rule;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What the file says about alerts: rules, the tree of routes and its time intervals, receivers,
 * inhibition, delivery and retraining.
 *
 * @param rules the rules, in file order; copied
 * @param combinations rules about rules, in file order; copied
 * @param noDataRules rules about silent streams, in file order; copied
 * @param routes where alerts go, never null; without a receiver if the file names none, and then
 *     nothing is sent
 * @param receivers the receivers, in file order, the canary's behind them; copied
 * @param inhibitRules which alerts silence which others; copied
 * @param delivery what holds for all deliveries
 * @param retrain when models may be retrained, never null
 * @param retrainRoutes by whom, beside whoever reads the topic; copied
 * @param canary the self-test, whose route and receiver are among the others; null without
 */
public record AlertsConfig(
        List<Rule> rules,
        List<Combination> combinations,
        List<NoDataRule> noDataRules,
        RouteTree routes,
        List<ReceiverConfig> receivers,
        List<InhibitRule> inhibitRules,
        DeliveryConfig delivery,
        RetrainPolicy retrain,
        List<RetrainRoute> retrainRoutes,
        CanaryConfig canary)
        implements Serializable {
    public AlertsConfig {
        rules = List.copyOf(rules);
        combinations = List.copyOf(combinations);
        noDataRules = List.copyOf(noDataRules);
        receivers = List.copyOf(receivers);
        inhibitRules = List.copyOf(inhibitRules);
        retrainRoutes = List.copyOf(retrainRoutes);
    }

    /** The same without a self-test; its route and receiver stay, for whoever has it. */
    public AlertsConfig withoutCanary() {
        return new AlertsConfig(
                rules,
                combinations,
                noDataRules,
                routes,
                receivers,
                inhibitRules,
                delivery,
                retrain,
                retrainRoutes,
                /* canary= */ null);
    }

    /** The routes that the file names. */
    public RouteTree routesBesideCanary() {
        return new RouteTree(
                routes.matchers(),
                routes.continues(),
                routes.route(),
                routes.routes().stream().filter(each -> !CanaryConfig.isOwn(each)).toList());
    }

    /** The receivers that the file names. */
    public List<ReceiverConfig> receiversBesideCanary() {
        return receivers.stream().filter(each -> !each.name().equals(CanaryConfig.NAME)).toList();
    }

    /**
     * Reads these keys of the file, and no other. Mistakes are recorded and what has one is left
     * out, so the result is only to be used if there are no problems. Unknown keys of the root are
     * for the caller to report, by {@link ConfigMapping#end}.
     */
    public static AlertsConfig read(ConfigMapping root, Problems problems) {
        RuleReader rules = new RuleReader(problems);
        rules.read(root);
        DeliveryConfig delivery = DeliveryReader.read(root);
        ReceiverReader receiverReader = new ReceiverReader(delivery.guard());
        List<ReceiverConfig> receivers = receiverReader.read(root);
        List<String> names = receivers.stream().map(ReceiverConfig::name).distinct().toList();
        Map<String, TimeIntervals> intervals = TimeIntervalReader.read(root);
        RouteTree routes = new RouteReader(names, intervals).read(root);
        List<InhibitRule> inhibitRules = InhibitRuleReader.read(root);
        CanaryConfig canary = new CanaryReader(receiverReader, names).read(root);
        return new AlertsConfig(
                rules.rules(),
                rules.combinations(),
                rules.noDataRules(),
                canary == null ? routes : canary.withRoutes(routes),
                canary == null ? receivers : canary.withReceiver(receivers),
                inhibitRules,
                delivery,
                new RetrainReader(intervals).read(root),
                new RetrainTargetReader(delivery.guard()).read(root),
                canary);
    }
}
