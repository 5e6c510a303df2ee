package io.driftwatch.job.config;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.config.Durations;
import io.driftwatch.alerts.config.InlineSecrets;
import io.driftwatch.alerts.deliver.ReceiverConfig;
import io.driftwatch.alerts.deliver.TlsConfig;
import io.driftwatch.alerts.route.RouteTree;
import io.driftwatch.alerts.rule.NoDataRule;
import io.driftwatch.alerts.rule.Rule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds what is allowed but hardly meant. */
public final class Lint {
    private Lint() {}

    /** Warnings about a configuration without mistakes. */
    public static List<String> of(MonitorConfig config) {
        List<String> warnings = new ArrayList<>();
        boolean hasRules =
                !config.alerts().rules().isEmpty() || !config.alerts().noDataRules().isEmpty();
        if (!hasRules) {
            warnings.add("there are no rules: drift is scored, but nothing ever alerts");
        }
        if (hasRules && !config.alerts().routes().hasReceiver()) {
            warnings.add("there is no receiver: alerts go to their topic, but to nobody");
        }
        secrets(config.kafka(), warnings);
        files(config.alerts(), warnings);
        routes(config.alerts().routesBesideCanary(), "route", warnings);
        receivers(config, warnings);
        config.alerts().noDataRules().forEach(rule -> silence(config, rule, warnings));
        for (Rule rule : config.alerts().rules()) {
            rule(config, rule, warnings);
        }
        return warnings;
    }

    private static void secrets(KafkaConfig kafka, List<String> warnings) {
        new TreeMap<>(kafka.properties())
                .forEach(
                        (key, value) -> {
                            if (isSecret(key, value) && !value.contains("${")) {
                                warnings.add(
                                        "kafka.properties: "
                                                + key
                                                + " holds a secret, which travels with the job; let"
                                                + " the value name where it lies instead, such as"
                                                + " ${dir:/run/secrets:kafka-password} or"
                                                + " ${env:KAFKA_PASSWORD}");
                            }
                        });
    }

    /** What holds a secret stays where it is, so a folder of the configuration's is none of its. */
    private static void files(AlertsConfig alerts, List<String> warnings) {
        Set<String> files = new TreeSet<>(InlineSecrets.filesIn(alerts.receivers()));
        files.addAll(InlineSecrets.filesIn(alerts.retrainRoutes()));
        if (alerts.canary() != null) {
            files.addAll(InlineSecrets.filesIn(alerts.canary()));
        }
        TlsConfig tls = alerts.delivery().tls();
        Stream.of(tls.caFile(), tls.certFile(), tls.keyFile())
                .filter(Objects::nonNull)
                .forEach(files::add);
        for (String file : files) {
            if (!Path.of(file).isAbsolute()) {
                warnings.add(
                        "the file '"
                                + file
                                + "' is read where the jobs run, by each process from the folder"
                                + " that it was started in; give its whole path");
            }
        }
    }

    private static boolean isSecret(String key, String value) {
        return key.equals("sasl.jaas.config")
                ? value.toLowerCase(Locale.ROOT).matches("(?s).*(password|secret)\\s*=.*")
                : key.endsWith("password")
                        || key.endsWith("secret")
                        || key.equals("ssl.keystore.key");
    }

    private static void routes(RouteTree tree, String path, List<String> warnings) {
        List<RouteTree> children = tree.routes();
        for (int i = 0; i < children.size(); i++) {
            RouteTree child = children.get(i);
            String childPath = path + ".routes[" + i + "]";
            if (child.matchers().isEmpty() && !child.continues() && i + 1 < children.size()) {
                warnings.add(
                        childPath
                                + ": takes every alert, so none comes to the routes behind it; give"
                                + " it matchers, or continue: true");
            }
            routes(child, childPath, warnings);
        }
    }

    /** Between two windows a stream always seems silent. */
    private static void silence(MonitorConfig config, NoDataRule rule, List<String> warnings) {
        for (ModelConfig model : config.models()) {
            Duration apart = model.window().slide().plus(model.window().lateness());
            if (rule.models().matches(model.name()) && rule.after().compareTo(apart) <= 0) {
                warnings.add(
                        "rule "
                                + rule.alert()
                                + ": "
                                + model.name()
                                + " has a window every "
                                + Durations.format(model.window().slide())
                                + ", so no_data of "
                                + Durations.format(rule.after())
                                + " fires between two of them; make it longer");
            }
        }
    }

    private static void receivers(MonitorConfig config, List<String> warnings) {
        Set<String> used = new HashSet<>();
        config.alerts().routes().all().forEach(route -> used.add(route.receiver()));
        for (ReceiverConfig receiver : config.alerts().receivers()) {
            if (!used.contains(receiver.name())) {
                warnings.add("receiver " + receiver.name() + ": no route leads to it");
            }
        }
    }

    private static void rule(MonitorConfig config, Rule rule, List<String> warnings) {
        List<ModelConfig> models =
                config.models().stream().filter(m -> rule.models().matches(m.name())).toList();
        if (models.isEmpty()) {
            warnings.add("rule " + rule.alert() + ": no model matches its selector");
            return;
        }
        if (rule.retrain() && !config.alerts().retrain().enabled()) {
            warnings.add(
                    "rule "
                            + rule.alert()
                            + ": asks for retraining, but retrain.enabled is false; it only"
                            + " alerts");
        }
        for (ModelConfig model : models) {
            model(model, rule, warnings);
        }
    }

    private static void model(ModelConfig model, Rule rule, List<String> warnings) {
        if (!model.features().isEmpty()
                && model.features().stream().noneMatch(f -> rule.features().matches(f.name()))) {
            warnings.add("rule " + rule.alert() + ": no feature of " + model.name() + " matches");
            return;
        }
        boolean scored =
                model.statistics().contains(rule.statistic())
                        || model.features().stream()
                                .anyMatch(f -> f.statistics().contains(rule.statistic()));
        if (!scored) {
            warnings.add(
                    "rule "
                            + rule.alert()
                            + ": judges "
                            + rule.statistic()
                            + ", which "
                            + model.name()
                            + " does not score; add it to statistics");
        }
    }
}
