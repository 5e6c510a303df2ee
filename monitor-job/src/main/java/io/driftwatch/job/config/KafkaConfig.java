package io.driftwatch.job.config;

import java.io.Serializable;
import java.util.Map;
import java.util.Properties;

/**
 * How to reach Kafka.
 *
 * @param bootstrapServers host:port, separated by commas; empty where the file has no {@code kafka}
 * @param properties go to every Kafka client unchanged; may hold secrets, so never printed
 */
public record KafkaConfig(String bootstrapServers, Map<String, String> properties)
        implements Serializable {

    public KafkaConfig {
        properties = Map.copyOf(properties);
    }

    /** Everything a client needs to connect, in a fresh object. */
    public Properties toProperties() {
        Properties all = new Properties();
        all.putAll(properties);
        all.setProperty("bootstrap.servers", bootstrapServers);
        return all;
    }

    @Override
    public String toString() {
        return "KafkaConfig[" + bootstrapServers + ", properties=" + properties.keySet() + "]";
    }
}
