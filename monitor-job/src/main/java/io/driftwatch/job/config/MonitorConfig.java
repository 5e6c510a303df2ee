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
 * @param metrics what is exported as metrics beside counts
 * @param flink Flink options that go to the cluster's configuration unchanged
 */
public record MonitorConfig(
        KafkaConfig kafka,
        TopicsConfig topics,
        List<ModelConfig> models,
        AlertsConfig alerts,
        MetricsConfig metrics,
        Map<String, String> flink)
        implements Serializable {

    public MonitorConfig {
        models = List.copyOf(models);
        flink = Map.copyOf(flink);
    }

    /** The same for some of the models only. */
    public MonitorConfig only(Collection<String> names) {
        List<ModelConfig> some = models.stream().filter(m -> names.contains(m.name())).toList();
        return new MonitorConfig(kafka, topics, some, alerts, metrics, flink);
    }

    /** The same without a self-test. */
    public MonitorConfig withoutCanary() {
        return new MonitorConfig(kafka, topics, models, alerts.withoutCanary(), metrics, flink);
    }

    /** Whether a self-test is configured. */
    public boolean hasCanary() {
        return alerts.canary() != null;
    }

    /**
     * What the topics that Driftwatch writes are for, and their names, in the order of the flow.
     */
    public Map<String, String> writtenTopics() {
        return topics.names(hasCanary());
    }

    public Optional<ModelConfig> model(String name) {
        return models.stream().filter(m -> m.name().equals(name)).findFirst();
    }
}
