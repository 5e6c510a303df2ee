package io.driftwatch.job.config;

import io.driftwatch.alerts.config.AlertsConfig;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A whole configuration file, checked.
 *
 * @param kafka how to reach Kafka
 * @param topics topics that Driftwatch writes
 * @param models the watched models
 * @param alerts rules, route, receivers and retraining
 * @param flink Flink options that go to the cluster's configuration unchanged
 */
public record MonitorConfig(
        KafkaConfig kafka,
        TopicsConfig topics,
        List<ModelConfig> models,
        AlertsConfig alerts,
        Map<String, String> flink)
        implements Serializable {

    public MonitorConfig {
        models = List.copyOf(models);
        flink = Map.copyOf(flink);
    }

    /** The same for some of the models only. */
    public MonitorConfig only(Collection<String> names) {
        List<ModelConfig> some = models.stream().filter(m -> names.contains(m.name())).toList();
        return new MonitorConfig(kafka, topics, some, alerts, flink);
    }

    public Optional<ModelConfig> model(String name) {
        return models.stream().filter(m -> m.name().equals(name)).findFirst();
    }
}
