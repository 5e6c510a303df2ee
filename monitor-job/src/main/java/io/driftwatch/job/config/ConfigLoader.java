package io.driftwatch.job.config;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.config.CanaryConfig;
import io.driftwatch.alerts.config.ConfigException;
import io.driftwatch.alerts.config.ConfigMapping;
import io.driftwatch.alerts.config.Kind;
import io.driftwatch.alerts.config.Location;
import io.driftwatch.alerts.config.Problems;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;

/** Reads a configuration file, or names every mistake in it. */
public final class ConfigLoader {
    private static final String CANARY = "canary";

    private static final Set<String> OWNED_KAFKA_KEYS =
            Set.of(
                    "bootstrap.servers",
                    "enable.auto.commit",
                    "key.deserializer",
                    "value.deserializer",
                    "key.serializer",
                    "value.serializer",
                    "transactional.id");

    private ConfigLoader() {}

    /**
     * Reads and checks one file. Relative paths in it are taken from the folder that holds it.
     *
     * @throws ConfigException naming all mistakes at once, with line and column
     */
    public static MonitorConfig load(Path file) {
        Problems problems = new Problems();
        MonitorConfig config = load(file, problems);
        problems.throwIfAny();
        return config;
    }

    /** Finds files that a configuration names. */
    @FunctionalInterface
    public interface OtherFiles {
        /**
         * Returns the text of a file.
         *
         * @param name as the configuration has it
         */
        String read(String name) throws IOException;

        /** Those of a folder, from which relative names begin. */
        static OtherFiles in(Path folder) {
            return name -> Files.readString(folder.resolve(name));
        }
    }

    /**
     * Reads a text that stands in no file of this machine.
     *
     * @param name what to call it in messages
     * @throws ConfigException naming all mistakes at once, with line and column
     */
    public static MonitorConfig parse(String name, String text, OtherFiles files) {
        Problems problems = new Problems();
        ConfigMapping root = ConfigMapping.parse(name, text, problems);
        problems.throwIfAny();
        MonitorConfig config = read(root, Path.of(""), files, problems);
        problems.throwIfAny();
        return config;
    }

    /** As {@link #load(Path)}, but adds the mistakes to {@code problems} and goes on. */
    public static MonitorConfig load(Path file, Problems problems) {
        String text;
        try {
            text = Files.readString(file);
        } catch (CharacterCodingException e) {
            problems.add(new Location(file.toString(), 1, 1), "is not UTF-8 text");
            return nothing();
        } catch (IOException e) {
            problems.add(
                    new Location(file.toString(), 1, 1),
                    Files.exists(file)
                            ? "cannot be read: " + e.getMessage()
                            : "there is no such file; check its path");
            return nothing();
        }
        ConfigMapping root = ConfigMapping.parse(file.toString(), text, problems);
        if (root.keys().isEmpty() && !problems.isEmpty()) {
            return nothing();
        }
        return read(root, file.toAbsolutePath().getParent(), problems);
    }

    /** Stands for a file that cannot be read at all: what it lacks would only hide why. */
    private static MonitorConfig nothing() {
        Problems unheard = new Problems();
        return read(ConfigMapping.parse("defaults", "{}", unheard), Path.of(""), unheard);
    }

    static MonitorConfig read(ConfigMapping root, Path folder, Problems problems) {
        return read(root, folder, OtherFiles.in(folder), problems);
    }

    private static MonitorConfig read(
            ConfigMapping root, Path folder, OtherFiles files, Problems problems) {
        KafkaConfig kafka = root.mapping("kafka").map(ConfigLoader::kafka).orElse(noKafka());
        TopicsConfig topics = topics(root.mapping("topics"));
        ModelReader reader = new ModelReader(folder, files, topics);
        List<ModelConfig> models = root.mappings("models").stream().map(reader::read).toList();
        if (!root.has("models")) {
            root.problem("models", "is missing; name at least one model to watch");
        } else if (models.isEmpty()) {
            root.problem("models", "is empty; name at least one model to watch");
        }
        Set<String> names = new HashSet<>();
        List<ConfigMapping> mappings = root.mappings("models");
        for (int i = 0; i < models.size(); i++) {
            if (!models.get(i).name().isEmpty() && !names.add(models.get(i).name())) {
                mappings.get(i)
                        .problem(
                                "name",
                                "'" + models.get(i).name() + "' is taken by an earlier model");
            }
        }
        AlertsConfig alerts = AlertsConfig.read(root, problems);
        for (int i = 0; i < models.size(); i++) {
            if (models.get(i).name().equals(CanaryConfig.NAME)) {
                mappings.get(i)
                        .problem("name", "is the name of the canary's own model; use another one");
            }
        }
        MetricsConfig metrics = MetricsConfig.read(root.mapping("metrics"));
        Map<String, String> flink = root.stringMap("flink");
        root.end();
        return new MonitorConfig(kafka, topics, models, alerts, metrics, flink);
    }

    private static KafkaConfig noKafka() {
        return new KafkaConfig("", Map.of());
    }

    private static KafkaConfig kafka(ConfigMapping kafka) {
        String servers = required(kafka, "bootstrap_servers");
        Map<String, String> properties = new LinkedHashMap<>(kafka.stringMap("properties"));
        for (String key : properties.keySet()) {
            if (OWNED_KAFKA_KEYS.contains(key)) {
                kafka.problem("properties", "'" + key + "' is set by Driftwatch itself; remove it");
            }
        }
        checkLogin(kafka, properties);
        kafka.end();
        return new KafkaConfig(servers, properties);
    }

    /** Found here, because what Kafka says of it later quotes pieces of the password. */
    private static void checkLogin(ConfigMapping kafka, Map<String, String> properties) {
        String login = properties.get("sasl.jaas.config");
        if (login == null) {
            return;
        }
        try {
            JaasContext.loadClientContext(Map.of("sasl.jaas.config", new Password(login)));
        } catch (IllegalArgumentException unreadable) {
            kafka.problem(
                    "properties",
                    "'sasl.jaas.config' (value hidden) cannot be read; write MODULE required"
                            + " username=\"...\" password=\"...\"; with a semicolon at the end");
        }
    }

    private static TopicsConfig topics(java.util.Optional<ConfigMapping> given) {
        ConfigMapping topics = given.orElse(null);
        if (topics == null) {
            topics = ConfigMapping.parse("defaults", "{}", new Problems());
        }
        TopicsConfig config =
                new TopicsConfig(
                        topic(topics, "scores"),
                        topic(topics, "alerts"),
                        topic(topics, "late"),
                        topic(topics, "dead_letters"),
                        topic(topics, "deliveries"),
                        topic(topics, "retrain_requests"),
                        topic(topics, "retrain_status"),
                        topic(topics, "control"),
                        topic(topics, CANARY),
                        topics.choice(
                                "encoding",
                                TopicsConfig.Encoding.class,
                                TopicsConfig.Encoding.AVRO),
                        (int) topics.integer("partitions", 1, 1, 10_000),
                        (short) topics.integer("replication_factor", -1, -1, 100));
        Set<String> names = new HashSet<>();
        Map<String, String> all = new LinkedHashMap<>(config.names());
        all.put(CANARY, config.canary());
        for (Map.Entry<String, String> entry : all.entrySet()) {
            if (!names.add(entry.getValue())) {
                topics.problem(
                        entry.getKey(),
                        "'"
                                + entry.getValue()
                                + "' is used for two purposes; give each its own topic");
            }
        }
        topics.end();
        return config;
    }

    /** Text that must be there and must not be empty. */
    static String required(ConfigMapping mapping, String key) {
        String text = mapping.string(key, null);
        if (text.isEmpty() && mapping.kind(key) == Kind.SCALAR) {
            mapping.problem(key, "is empty; give it some text");
        }
        return text;
    }

    private static String topic(ConfigMapping topics, String key) {
        String name = topics.string(key, "driftwatch." + key.replace('_', '-'));
        checkTopic(topics, key, name);
        return name;
    }

    static void checkTopic(ConfigMapping mapping, String key, String name) {
        if (!name.isEmpty() && !name.matches("[a-zA-Z0-9._-]{1,249}")) {
            mapping.problem(
                    key,
                    "'" + name + "' is not a topic name; use letters, digits, '.', '_' and '-'");
        }
    }
}
