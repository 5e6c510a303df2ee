package io.driftwatch.job.kafka;

import io.driftwatch.job.config.KafkaConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.TopicsConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What there is on the broker, and what a configuration needs there. */
public final class KafkaTopics implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 15;
    private static final int LOOK_AGAIN_MILLIS = 50;

    private final KafkaConfig kafka;
    private final Admin admin;

    /**
     * A topic that a configuration uses.
     *
     * @param name its name
     * @param purpose what for, in words
     * @param written whether Driftwatch writes it, rather than reads it
     */
    public record Needed(String name, String purpose, boolean written) {}

    public KafkaTopics(KafkaConfig kafka) throws IOException {
        this.kafka = kafka;
        Properties properties = kafka.toProperties();
        properties.putIfAbsent("default.api.timeout.ms", PATIENCE_SECONDS * 1000);
        properties.putIfAbsent("request.timeout.ms", 5000);
        try {
            this.admin = Admin.create(properties);
        } catch (KafkaException e) {
            throw unreachable(e);
        }
    }

    /** All topics of a configuration, those that are read first. */
    public static List<Needed> of(MonitorConfig config) {
        Map<String, Needed> needed = new LinkedHashMap<>();
        config.models()
                .forEach(
                        model ->
                                model.streams()
                                        .forEach(
                                                stream ->
                                                        needed.putIfAbsent(
                                                                stream.topic(),
                                                                new Needed(
                                                                        stream.topic(),
                                                                        stream.role().key()
                                                                                + " of "
                                                                                + model.name(),
                                                                        false))));
        config.topics()
                .names()
                .forEach(
                        (key, name) ->
                                needed.putIfAbsent(
                                        name, new Needed(name, key.replace('_', ' '), true)));
        return List.copyOf(needed.values());
    }

    /** Number of partitions by name, of those of the given topics that exist. */
    public Map<String, Integer> partitions(Collection<String> names) throws IOException {
        Set<String> existing = Set.copyOf(get(admin.listTopics().names()));
        List<String> wanted = names.stream().filter(existing::contains).toList();
        return get(admin.describeTopics(wanted).allTopicNames()).entrySet().stream()
                .collect(
                        Collectors.toMap(Map.Entry::getKey, e -> e.getValue().partitions().size()));
    }

    /** Creates topics; one that has come to exist meanwhile is fine. */
    public void create(Collection<String> names, int partitions, short replicationFactor)
            throws IOException {
        create(names, partitions, replicationFactor, Map.of());
    }

    /** Creates topics that Driftwatch writes, each as the configuration wants it. */
    public void create(Collection<String> names, TopicsConfig config) throws IOException {
        Map<Boolean, List<String>> byCompaction =
                names.stream().collect(Collectors.partitioningBy(config::isCompacted));
        short replicas = config.replicationFactor();
        create(byCompaction.get(false), config.partitions(), replicas, Map.of());
        create(byCompaction.get(true), 1, replicas, Map.of("cleanup.policy", "compact"));
    }

    private void create(
            Collection<String> names,
            int partitions,
            short replicationFactor,
            Map<String, String> options)
            throws IOException {
        List<NewTopic> topics = new ArrayList<>();
        for (String name : names) {
            topics.add(
                    new NewTopic(
                                    name,
                                    Optional.of(partitions),
                                    replicationFactor < 1
                                            ? Optional.empty()
                                            : Optional.of(replicationFactor))
                            .configs(options));
        }
        for (KafkaFuture<Void> each : admin.createTopics(topics).values().values()) {
            try {
                get(each);
            } catch (IOException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
        awaitLeaders(names);
    }

    /** The controller confirms a topic before the brokers know of it, and the next who asks. */
    private void awaitLeaders(Collection<String> names) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!haveLeaders(names)) {
            if (System.nanoTime() > deadline) {
                throw unreachable(
                        new TimeoutException("topics that were created have no leader yet"));
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while asking Kafka", e);
            }
        }
    }

    private boolean haveLeaders(Collection<String> names) throws IOException {
        try {
            return get(admin.describeTopics(names).allTopicNames()).values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition -> partition.leader() != null);
        } catch (IOException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    private <T> T get(KafkaFuture<T> future) throws IOException {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw unreachable(e.getCause());
        } catch (TimeoutException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking Kafka", e);
        }
    }

    private IOException unreachable(Throwable cause) {
        if (cause instanceof TopicExistsException) {
            return new IOException(cause.getMessage(), cause);
        }
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String why =
                root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        return new IOException(
                "Kafka at "
                        + kafka.bootstrapServers()
                        + " does not answer as expected ("
                        + why
                        + "); check kafka.bootstrap_servers, kafka.properties and the network",
                cause);
    }

    @Override
    public void close() {
        admin.close(java.time.Duration.ofSeconds(2));
    }
}
