package io.driftwatch.job.config;

import java.io.Serializable;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * How to reach Kafka.
 *
 * @param bootstrapServers host:port, separated by commas; empty where the file has no {@code kafka}
 * @param properties go to every Kafka client unchanged; may hold secrets, so never printed
 */
public record KafkaConfig(String bootstrapServers, Map<String, String> properties)
        implements Serializable {
    private static final String REQUEST_TIMEOUT = "request.timeout.ms";
    private static final int REQUEST_TIMEOUT_MILLIS = 5000;
    private static final String PROVIDERS = "config.providers";
    private static final String PROVIDER_PACKAGE = "org.apache.kafka.common.config.provider.";

    /** How values name what stands elsewhere, and who of Kafka's own classes fetches it. */
    private static final Map<String, String> KNOWN_PROVIDERS =
            new TreeMap<>(
                    Map.of(
                            "dir", "DirectoryConfigProvider",
                            "env", "EnvVarConfigProvider",
                            "file", "FileConfigProvider"));

    public KafkaConfig {
        properties = Map.copyOf(properties);
    }

    /**
     * Everything a client needs to connect, in a fresh object. A value such as {@code
     * ${dir:/run/secrets:password}} stays as it is: the client puts the secret in its place, where
     * it runs, so that none travels with the job.
     */
    public Properties toProperties() {
        Properties all = new Properties();
        all.putAll(properties);
        all.setProperty("bootstrap.servers", bootstrapServers);
        if (!properties.containsKey(PROVIDERS)) {
            addProviders(all);
        }
        return all;
    }

    /**
     * Everything a producer needs that gives up after a while. It may take longer if the user's own
     * {@code request.timeout.ms} or {@code linger.ms} want it so: a producer refuses less.
     */
    public Properties toProducerProperties(int patienceMillis) {
        Properties all = toProperties();
        all.putIfAbsent(REQUEST_TIMEOUT, Integer.toString(REQUEST_TIMEOUT_MILLIS));
        all.putIfAbsent("linger.ms", "0");
        all.putIfAbsent("max.block.ms", Integer.toString(patienceMillis));
        all.put("acks", "all");
        all.put(
                "delivery.timeout.ms",
                Long.toString(
                        Math.max(
                                patienceMillis,
                                number(all, REQUEST_TIMEOUT) + number(all, "linger.ms"))));
        return all;
    }

    /** 0 for what is no number, which the producer itself says best. */
    private static long number(Properties all, String key) {
        String text = all.getProperty(key);
        return text.matches("[0-9]{1,9}") ? Long.parseLong(text) : 0;
    }

    private void addProviders(Properties all) {
        StringBuilder names = new StringBuilder();
        KNOWN_PROVIDERS.forEach(
                (name, type) -> {
                    if (properties.values().stream().anyMatch(v -> v.contains("${" + name + ":"))) {
                        names.append(names.isEmpty() ? "" : ",").append(name);
                        all.setProperty(PROVIDERS + "." + name + ".class", PROVIDER_PACKAGE + type);
                    }
                });
        if (!names.isEmpty()) {
            all.setProperty(PROVIDERS, names.toString());
        }
    }

    @Override
    public String toString() {
        return "KafkaConfig[" + bootstrapServers + ", properties=" + properties.keySet() + "]";
    }
}
