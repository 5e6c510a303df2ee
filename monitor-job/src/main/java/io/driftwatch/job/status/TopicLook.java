package io.driftwatch.job.status;

import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.kafka.KafkaTopics;
import io.driftwatch.job.kafka.KafkaTopics.Needed;
import io.driftwatch.job.kafka.KafkaTopics.Progress;
import io.driftwatch.job.source.KafkaSources;
import io.driftwatch.job.source.NotifyTopics;
import io.driftwatch.job.status.StatusCheck.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How far the jobs are with the topics that they read. */
final class TopicLook {
    private final MonitorConfig config;
    private final Limits limits;
    private final List<String> problems;

    TopicLook(MonitorConfig config, Limits limits, List<String> problems) {
        this.config = config;
        this.limits = limits;
        this.problems = problems;
    }

    List<Status.Topic> topics(KafkaTopics kafka, Map<String, Integer> existing) throws IOException {
        List<Status.Topic> topics = new ArrayList<>();
        String monitor = KafkaSources.group(config.kafka());
        for (Needed each : KafkaTopics.of(config)) {
            if (!each.written()) {
                topics.add(topic(kafka, each, existing.get(each.name()), monitor, "monitor"));
            }
        }
        if (config.hasCanary()) {
            Needed canary = new Needed(config.topics().canary(), "records of the canary", true);
            Integer partitions = existing.get(canary.name());
            topics.add(topic(kafka, canary, partitions, monitor, "monitor"));
        }
        if (StatusCheck.wantsNotify(config)) {
            Needed alerts = new Needed(config.topics().alerts(), "changes of alerts", true);
            String notify = NotifyTopics.group(config.kafka());
            topics.add(topic(kafka, alerts, existing.get(alerts.name()), notify, "notify"));
        }
        return topics;
    }

    private Status.Topic topic(
            KafkaTopics kafka, Needed needed, Integer partitions, String group, String job)
            throws IOException {
        List<Progress> progress =
                partitions == null ? List.of() : kafka.progress(needed.name(), partitions, group);
        long records = progress.stream().mapToLong(p -> p.end() - p.begin()).sum();
        int committed = (int) progress.stream().filter(p -> p.committed() != null).count();
        long lag = progress.stream().mapToLong(Progress::lag).sum();
        if (records > 0 && committed == 0) {
            problems.add(
                    "the "
                            + job
                            + " job has never committed how far it is in "
                            + needed.name()
                            + " (group "
                            + group
                            + "); is it running, with checkpoints?");
        } else if (limits.maxLag() != null && lag > limits.maxLag()) {
            problems.add(
                    "the "
                            + job
                            + " job is "
                            + lag
                            + " records behind in "
                            + needed.name()
                            + ", more than "
                            + limits.maxLag());
        }
        return new Status.Topic(
                needed.name(),
                needed.purpose(),
                group,
                progress.size(),
                records,
                committed,
                lag,
                progress.stream()
                        .map(
                                p ->
                                        new Status.Partition(
                                                p.partition(), p.end(), p.committed(), p.lag()))
                        .toList());
    }
}
