package io.driftwatch.alerts.config;

import io.driftwatch.alerts.deliver.ReceiverConfig;
import io.driftwatch.alerts.route.Route;
import io.driftwatch.alerts.rule.Rule;
import java.io.Serializable;
import java.util.List;

/**
 * What the file says about alerts: {@code rules}, {@code route}, {@code receivers}, {@code
 * inhibit_rules} and {@code retrain}.
 *
 * @param rules the rules, in file order; copied
 * @param route where alerts go, never null; its receiver is null if the file names none, and then
 *     nothing is sent
 * @param receivers the receivers, in file order; copied
 * @param retrainEnabled whether rules may ask for a retraining
 */
public record AlertsConfig(
        List<Rule> rules, Route route, List<ReceiverConfig> receivers, boolean retrainEnabled)
        implements Serializable {
    public AlertsConfig {
        rules = List.copyOf(rules);
        receivers = List.copyOf(receivers);
    }

    /**
     * Reads these keys of the file, and no other. Mistakes are recorded and what has one is left
     * out, so the result is only to be used if there are no problems. Unknown keys of the root are
     * for the caller to report, by {@link ConfigMapping#end}.
     */
    public static AlertsConfig read(ConfigMapping root, Problems problems) {
        List<Rule> rules = new RuleReader(problems).read(root);
        List<ReceiverConfig> receivers = new ReceiverReader().read(root);
        List<String> names = receivers.stream().map(ReceiverConfig::name).distinct().toList();
        Route route = RouteReader.read(root, names);
        if (!root.mappings("inhibit_rules").isEmpty()) {
            root.problem("inhibit_rules", "not supported yet; use inhibit_rules: []");
        }
        return new AlertsConfig(rules, route, receivers, retrainEnabled(root));
    }

    private static boolean retrainEnabled(ConfigMapping root) {
        return root.mapping("retrain")
                .map(
                        mapping -> {
                            boolean enabled = mapping.flag("enabled", false);
                            mapping.end();
                            return enabled;
                        })
                .orElse(false);
    }
}
