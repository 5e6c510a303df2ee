package io.driftwatch.job.status;

import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.kafka.KafkaTopics;
import io.driftwatch.job.kafka.KafkaTopics.Needed;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Looks at what an installation has left on its topics, and at its jobs. Changes nothing. */
public final class StatusCheck {
    private final MonitorConfig config;
    private final Limits limits;
    private final Clock clock;
    private final List<String> problems = new ArrayList<>();

    /**
     * What to put up with.
     *
     * @param tail records of each partition of our own topics that are looked at
     * @param maxLag records of a topic that may be unread; null for any number
     * @param maxAge how old the newest window of a model may be; null for any age
     */
    public record Limits(long tail, Long maxLag, Duration maxAge) {}

    public StatusCheck(MonitorConfig config, Limits limits, Clock clock) {
        this.config = config;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Looks once.
     *
     * @param flink addresses of Flink's REST interface; none to leave the jobs out
     */
    public Status look(List<URI> flink) {
        List<Status.Topic> topics = List.of();
        List<Status.Window> windows = List.of();
        List<Status.Firing> alerts = List.of();
        List<Status.Endpoint> endpoints = List.of();
        List<Status.Quiet> silences = List.of();
        Status.Configuration configuration = null;
        boolean reachable = false;
        try (KafkaTopics kafka = new KafkaTopics(config.kafka())) {
            Map<String, Integer> existing = existing(kafka);
            reachable = true;
            topics = new TopicLook(config, limits, problems).topics(kafka, existing);
            if (existing.containsKey(config.topics().scores())) {
                WindowLook look = new WindowLook(config, limits, clock, problems);
                windows = look.windows();
                look.judge(topics, windows);
            }
            AlertLook look = new AlertLook(config, clock);
            if (existing.containsKey(config.topics().alerts())) {
                alerts = look.alerts();
            }
            if (existing.containsKey(config.topics().deliveries())) {
                endpoints = new DeliveryLook(config, limits, problems).endpoints();
            }
            if (existing.containsKey(config.topics().control())) {
                silences = look.silences();
                configuration = new ConfigurationLook(config, problems).configuration();
            }
        } catch (IOException e) {
            problems.add(e.getMessage());
        }
        List<Status.Job> jobs = new JobLook(config, problems).jobs(flink);
        return new Status(
                problems.isEmpty(),
                List.copyOf(problems),
                reachable,
                topics,
                windows,
                alerts,
                endpoints,
                silences,
                configuration,
                jobs);
    }

    private Map<String, Integer> existing(KafkaTopics kafka) throws IOException {
        List<Needed> needed = KafkaTopics.of(config);
        Map<String, Integer> existing =
                kafka.partitions(needed.stream().map(Needed::name).toList());
        for (Needed topic : needed) {
            if (!existing.containsKey(topic.name())) {
                problems.add(
                        "there is no topic "
                                + topic.name()
                                + " ("
                                + topic.purpose()
                                + ")"
                                + (topic.written()
                                        ? "; make it with driftwatch topics create"
                                        : "; its producer makes it"));
            }
        }
        return existing;
    }

    /** Whether a notify job is needed at all. */
    static boolean wantsNotify(MonitorConfig config) {
        return config.alerts().routes().hasReceiver() || config.alerts().retrain().enabled();
    }
}
