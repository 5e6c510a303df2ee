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
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.ResourceType;

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
        config.writtenTopics()
                .forEach(
                        (key, name) ->
                                needed.putIfAbsent(
                                        name, new Needed(name, key.replace('_', ' '), true)));
        return List.copyOf(needed.values());
    }

    /**
     * A topic as this client sees it.
     *
     * @param partitions how many; 0 if there is no such topic, or none that it may see
     * @param hidden whether it may not see the topic, or know that there is none
     * @param allowed what it may do with the topic; empty if the broker does not say
     */
    public record Seen(int partitions, boolean hidden, Set<AclOperation> allowed) {
        private static final Seen MISSING = new Seen(0, false, Set.of());
        private static final Seen HIDDEN = new Seen(0, true, Set.of());

        public boolean exists() {
            return partitions > 0;
        }
    }

    /** Looks at topics, in the given order. */
    public Map<String, Seen> look(Collection<String> names) throws IOException {
        Map<String, Seen> seen = new LinkedHashMap<>();
        var asked =
                admin.describeTopics(
                                names,
                                new DescribeTopicsOptions().includeAuthorizedOperations(true))
                        .topicNameValues();
        for (String name : names) {
            try {
                TopicDescription topic = get(asked.get(name));
                Set<AclOperation> allowed = topic.authorizedOperations();
                seen.put(
                        name,
                        new Seen(
                                topic.partitions().size(),
                                false,
                                allowed == null ? Set.of() : allowed));
            } catch (IOException e) {
                if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                    seen.put(name, Seen.MISSING);
                } else if (e.getCause() instanceof TopicAuthorizationException) {
                    seen.put(name, Seen.HIDDEN);
                } else {
                    throw e;
                }
            }
        }
        return seen;
    }

    /** Number of partitions by name, of those of the given topics that exist. */
    public Map<String, Integer> partitions(Collection<String> names) throws IOException {
        Map<String, Integer> partitions = new LinkedHashMap<>();
        look(names)
                .forEach(
                        (name, topic) -> {
                            if (topic.exists()) {
                                partitions.put(name, topic.partitions());
                            }
                        });
        return partitions;
    }

    /**
     * Which of these rights this client does not have. A topic that is not there counts as fine.
     */
    public List<KafkaRight> lacking(List<KafkaRight> rights) throws IOException {
        List<String> names =
                rights.stream()
                        .filter(right -> right.type() == ResourceType.TOPIC)
                        .map(KafkaRight::name)
                        .distinct()
                        .toList();
        Map<String, Seen> topics = look(names);
        List<KafkaRight> lacking = new ArrayList<>();
        for (KafkaRight right : rights) {
            boolean isLacking =
                    switch (right.type()) {
                        case GROUP -> !mayRead(right);
                        case TRANSACTIONAL_ID -> !mayWrite(right);
                        default -> lacks(topics, right);
                    };
            if (isLacking) {
                lacking.add(right);
            }
        }
        return lacking;
    }

    private static boolean lacks(Map<String, Seen> topics, KafkaRight right) {
        Seen topic = topics.get(right.name());
        return topic.hidden()
                || (!topic.allowed().isEmpty() && !topic.allowed().contains(right.operation()));
    }

    /** Who may write under a transactional id may ask about it, and Kafka does not tell more. */
    private boolean mayWrite(KafkaRight right) throws IOException {
        try {
            var unused =
                    get(
                            admin.describeTransactions(List.of(right.name()))
                                    .description(right.name()));
            return true;
        } catch (IOException e) {
            if (e.getCause() instanceof TransactionalIdNotFoundException) {
                return true;
            }
            if (e.getCause() instanceof TransactionalIdAuthorizationException) {
                return false;
            }
            throw e;
        }
    }

    /** Who may read a group may ask about it, and who may do neither is told so. */
    private boolean mayRead(KafkaRight right) throws IOException {
        try {
            Set<AclOperation> allowed =
                    get(admin.describeConsumerGroups(
                                            List.of(right.name()),
                                            new DescribeConsumerGroupsOptions()
                                                    .includeAuthorizedOperations(true))
                                    .describedGroups()
                                    .get(right.name()))
                            .authorizedOperations();
            return allowed == null || allowed.isEmpty() || allowed.contains(right.operation());
        } catch (IOException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return true;
            }
            if (e.getCause() instanceof GroupAuthorizationException) {
                return false;
            }
            throw e;
        }
    }

    /**
     * How far a consumer group is with a partition.
     *
     * @param begin the oldest record that is still there
     * @param end where the next record will be
     * @param committed the first record that the group has not read; null if it never said
     */
    public record Progress(int partition, long begin, long end, Long committed) {

        /** Records that are still to be read: all that there are if the group never said. */
        public long lag() {
            return committed == null ? end - begin : Math.max(0, end - committed);
        }
    }

    /** How far a consumer group is with a topic that exists, in the order of its partitions. */
    public List<Progress> progress(String topic, int partitions, String group) throws IOException {
        Map<TopicPartition, OffsetSpec> begins = new LinkedHashMap<>();
        Map<TopicPartition, OffsetSpec> ends = new LinkedHashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            begins.put(new TopicPartition(topic, partition), OffsetSpec.earliest());
            ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        Map<TopicPartition, ListOffsetsResultInfo> first = get(admin.listOffsets(begins).all());
        Map<TopicPartition, OffsetAndMetadata> committed =
                get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        // Last, so that no group seems to be ahead of what there is.
        Map<TopicPartition, ListOffsetsResultInfo> last = get(admin.listOffsets(ends).all());
        List<Progress> progress = new ArrayList<>();
        for (TopicPartition partition : ends.keySet()) {
            OffsetAndMetadata read = committed.get(partition);
            progress.add(
                    new Progress(
                            partition.partition(),
                            first.get(partition).offset(),
                            last.get(partition).offset(),
                            read == null ? null : (Long) read.offset()));
        }
        return progress;
    }

    /** Creates topics; one that has come to exist meanwhile is fine. */
    public void create(Collection<String> names, int partitions, short replicationFactor)
            throws IOException {
        create(
                names.stream()
                        .map(name -> topic(name, partitions, replicationFactor, Map.of()))
                        .toList());
    }

    /**
     * Creates topics that Driftwatch writes, each as the configuration wants it: what is on some of
     * them has an order, so that they have one partition.
     */
    public void create(Collection<String> names, TopicsConfig config) throws IOException {
        List<NewTopic> topics = new ArrayList<>();
        for (String name : names) {
            boolean isCompacted = config.isCompacted(name);
            topics.add(
                    topic(
                            name,
                            isCompacted || name.equals(config.canary()) ? 1 : config.partitions(),
                            config.replicationFactor(),
                            isCompacted ? Map.of("cleanup.policy", "compact") : Map.of()));
        }
        create(topics);
    }

    private static NewTopic topic(
            String name, int partitions, short replicationFactor, Map<String, String> options) {
        return new NewTopic(
                        name,
                        Optional.of(partitions),
                        replicationFactor < 1 ? Optional.empty() : Optional.of(replicationFactor))
                .configs(options);
    }

    private void create(List<NewTopic> topics) throws IOException {
        for (Map.Entry<String, KafkaFuture<Void>> each :
                admin.createTopics(topics).values().entrySet()) {
            try {
                get(each.getValue());
            } catch (IOException e) {
                if (e.getCause() instanceof TopicAuthorizationException) {
                    throw new IOException(
                            KafkaFailure.forbidden(
                                    "Create on topic " + each.getKey(), kafka.bootstrapServers()),
                            e.getCause());
                }
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
        awaitLeaders(topics.stream().map(NewTopic::name).toList());
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
        return KafkaFailure.of(kafka, cause);
    }

    @Override
    public void close() {
        admin.close(java.time.Duration.ofSeconds(2));
    }
}
