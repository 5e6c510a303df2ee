package io.driftwatch.job.kafka;

import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.driftwatch.job.config.KafkaConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.config.TopicsConfig;
import io.driftwatch.job.source.KafkaSources;
import io.driftwatch.job.source.NotifyTopics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Who of ours uses Kafka, each with no more rights than it needs. */
public enum KafkaUser {
    /** Job 1. */
    MONITOR {
        @Override
        public List<KafkaRight> rights(MonitorConfig config) {
            TopicsConfig topics = config.topics();
            List<KafkaRight> rights = new ArrayList<>(streams(config));
            if (config.hasCanary()) {
                rights.add(KafkaRight.topic(topics.canary(), READ));
            }
            rights.add(group(config.kafka(), KafkaSources.GROUP));
            Stream.of(topics.scores(), topics.alerts(), topics.late(), topics.deadLetters())
                    .forEach(topic -> rights.add(KafkaRight.topic(topic, WRITE)));
            rights.add(KafkaRight.topic(topics.control(), READ));
            rights.add(KafkaRight.topic(topics.control(), WRITE));
            rights.add(TopicTransaction.right(topics.control()));
            return rights;
        }
    },

    /** Job 2; what it needs for retraining only where that is switched on. */
    NOTIFY {
        @Override
        public List<KafkaRight> rights(MonitorConfig config) {
            TopicsConfig topics = config.topics();
            boolean retrains = config.alerts().retrain().enabled();
            List<KafkaRight> rights = new ArrayList<>();
            rights.add(KafkaRight.topic(topics.alerts(), READ));
            rights.add(KafkaRight.topic(topics.control(), READ));
            rights.add(KafkaRight.topic(topics.control(), WRITE));
            rights.add(group(config.kafka(), NotifyTopics.GROUP));
            if (config.alerts().routes().hasReceiver()) {
                rights.add(KafkaRight.topic(topics.deliveries(), WRITE));
                rights.add(KafkaRight.topic(topics.deadLetters(), WRITE));
            }
            if (retrains) {
                rights.add(KafkaRight.topic(topics.scores(), READ));
                rights.add(KafkaRight.topic(topics.retrainRequests(), WRITE));
                rights.add(KafkaRight.topic(topics.retrainStatus(), WRITE));
            }
            return rights;
        }
    },

    /** The self-test, where one is configured. */
    CANARY {
        @Override
        public List<KafkaRight> rights(MonitorConfig config) {
            TopicsConfig topics = config.topics();
            return config.hasCanary()
                    ? List.of(
                            KafkaRight.topic(topics.canary(), WRITE),
                            KafkaRight.topic(topics.alerts(), READ))
                    : List.of();
        }
    },

    /** Whoever silences alerts, approves retrainings or reports how they went. */
    OPERATOR {
        @Override
        public List<KafkaRight> rights(MonitorConfig config) {
            TopicsConfig topics = config.topics();
            return List.of(
                    KafkaRight.topic(topics.control(), READ),
                    KafkaRight.topic(topics.control(), WRITE),
                    TopicTransaction.right(topics.control()),
                    KafkaRight.topic(topics.retrainStatus(), READ));
        }
    },

    /** Whoever builds profiles and replays from topics. */
    ANALYST {
        @Override
        public List<KafkaRight> rights(MonitorConfig config) {
            return streams(config);
        }
    },

    /** Whoever runs {@code topics create}, once and after upgrades. */
    INSTALLER {
        @Override
        public List<KafkaRight> rights(MonitorConfig config) {
            List<KafkaRight> rights = new ArrayList<>();
            for (String topic : config.writtenTopics().values()) {
                rights.add(KafkaRight.topic(topic, CREATE));
                rights.add(KafkaRight.topic(topic, DESCRIBE));
            }
            streamTopics(config).forEach(topic -> rights.add(KafkaRight.topic(topic, DESCRIBE)));
            return rights;
        }
    };

    /** What it does with Kafka under a configuration. */
    public abstract List<KafkaRight> rights(MonitorConfig config);

    /** What it is called in the documentation. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static List<KafkaRight> streams(MonitorConfig config) {
        return streamTopics(config).stream().map(topic -> KafkaRight.topic(topic, READ)).toList();
    }

    private static List<String> streamTopics(MonitorConfig config) {
        return config.models().stream()
                .flatMap(model -> model.streams().stream())
                .map(StreamConfig::topic)
                .distinct()
                .toList();
    }

    private static KafkaRight group(KafkaConfig kafka, String standard) {
        return KafkaRight.groups(kafka.properties().getOrDefault("group.id", standard));
    }
}
