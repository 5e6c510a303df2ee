package io.driftwatch.job.status;

import io.driftwatch.alerts.config.Durations;
import io.driftwatch.alerts.deliver.EndpointConfig;
import io.driftwatch.alerts.deliver.ReceiverConfig;
import io.driftwatch.alerts.route.Silences;
import io.driftwatch.job.config.KafkaConfig;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.kafka.KafkaTopics;
import io.driftwatch.job.kafka.KafkaTopics.Needed;
import io.driftwatch.job.kafka.KafkaTopics.Progress;
import io.driftwatch.job.kafka.TopicRecords;
import io.driftwatch.job.source.ControlTopic;
import io.driftwatch.job.source.KafkaSources;
import io.driftwatch.job.source.NotifyTopics;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import io.driftwatch.schemas.Silence;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Looks at what an installation has left on its topics, and at its jobs. Changes nothing. */
public final class StatusCheck {
    /** Names under which the commands start their jobs. */
    private static final String MONITOR = "driftwatch monitor";

    private static final String NOTIFY = "driftwatch notify";

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
        boolean reachable = false;
        try (KafkaTopics kafka = new KafkaTopics(config.kafka())) {
            Map<String, Integer> existing = existing(kafka);
            reachable = true;
            topics = topics(kafka, existing);
            if (existing.containsKey(config.topics().scores())) {
                windows = windows();
                judgeWindows(topics, windows);
            }
            if (existing.containsKey(config.topics().alerts())) {
                alerts = alerts();
            }
            if (existing.containsKey(config.topics().deliveries())) {
                endpoints = endpoints();
            }
            if (existing.containsKey(config.topics().control())) {
                silences = silences();
            }
        } catch (IOException e) {
            problems.add(e.getMessage());
        }
        List<Status.Job> jobs = jobs(flink);
        return new Status(
                problems.isEmpty(),
                List.copyOf(problems),
                reachable,
                topics,
                windows,
                alerts,
                endpoints,
                silences,
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

    private List<Status.Topic> topics(KafkaTopics kafka, Map<String, Integer> existing)
            throws IOException {
        List<Status.Topic> topics = new ArrayList<>();
        String monitor = KafkaSources.group(config.kafka());
        for (Needed each : KafkaTopics.of(config)) {
            if (!each.written()) {
                topics.add(topic(kafka, each, existing.get(each.name()), monitor, "monitor"));
            }
        }
        if (wantsNotify()) {
            Needed alerts = new Needed(config.topics().alerts(), "changes of alerts", true);
            String notify = NotifyTopics.group(config.kafka());
            topics.add(topic(kafka, alerts, existing.get(alerts.name()), notify, "notify"));
        }
        return topics;
    }

    private boolean wantsNotify() {
        return config.alerts().routes().hasReceiver() || config.alerts().retrain().enabled();
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

    private List<Status.Window> windows() throws IOException {
        Map<String, Map<String, List<Score>>> newest = new TreeMap<>();
        for (Score score : read(config.topics().scores(), Score.class)) {
            if (score.getSegment().isEmpty()) {
                newest.computeIfAbsent(score.getModel(), model -> new TreeMap<>())
                        .merge(score.getModelVersion(), List.of(score), StatusCheck::newer);
            }
        }
        List<Status.Window> windows = new ArrayList<>();
        newest.forEach(
                (model, versions) ->
                        versions.forEach(
                                (version, scores) -> windows.add(window(model, version, scores))));
        return windows;
    }

    /** The scores of the newer window; all of them if they are of the same one. */
    private static List<Score> newer(List<Score> known, List<Score> one) {
        int order = known.get(0).getWindowEnd().compareTo(one.get(0).getWindowEnd());
        if (order != 0) {
            return order > 0 ? known : one;
        }
        List<Score> all = new ArrayList<>(known);
        all.addAll(one);
        return all;
    }

    private static Status.Window window(String model, String version, List<Score> scores) {
        // Of a window that was revised, or written again after a failure, the last counts.
        Map<String, Score> last = new LinkedHashMap<>();
        scores.forEach(s -> last.put(s.getFeature() + "\n" + s.getStatistic(), s));
        int scored =
                (int)
                        last.values().stream()
                                .filter(s -> s.getStatus() == ScoreStatus.scored)
                                .count();
        return new Status.Window(
                model,
                version,
                scores.get(0).getWindowEnd().toString(),
                last.values().stream().mapToLong(Score::getCount).max().orElse(0),
                scored,
                last.size() - scored);
    }

    private void judgeWindows(List<Status.Topic> topics, List<Status.Window> windows) {
        Set<String> read = read(topics);
        for (ModelConfig model : config.models()) {
            Instant newest =
                    windows.stream()
                            .filter(window -> window.model().equals(model.name()))
                            .map(window -> Instant.parse(window.end()))
                            .max(Comparator.naturalOrder())
                            .orElse(null);
            if (newest == null) {
                if (model.streams().stream().anyMatch(s -> read.contains(s.topic()))) {
                    problems.add(
                            "there is no score of "
                                    + model.name()
                                    + " although records were read; its first window may still be"
                                    + " open, or its records are late or dead letters");
                }
            } else if (limits.maxAge() != null
                    && newest.plus(limits.maxAge()).isBefore(clock.instant())) {
                problems.add(
                        "the newest window of "
                                + model.name()
                                + " ended at "
                                + newest
                                + ", more than "
                                + Durations.format(limits.maxAge())
                                + " ago");
            }
        }
    }

    /** Topics of which the jobs have read something. */
    private static Set<String> read(List<Status.Topic> topics) {
        Set<String> read = new HashSet<>();
        for (Status.Topic topic : topics) {
            for (Status.Partition partition : topic.progress()) {
                if (partition.committed() != null && partition.committed() > 0) {
                    read.add(topic.name());
                }
            }
        }
        return read;
    }

    private List<Status.Firing> alerts() throws IOException {
        Map<String, Alert> last = new LinkedHashMap<>();
        for (Alert alert : readAll(config.topics().alerts(), Alert.class)) {
            last.merge(
                    alert.getFingerprint(),
                    alert,
                    (a, b) -> b.getSequence() >= a.getSequence() ? b : a);
        }
        return last.values().stream()
                .filter(alert -> alert.getState() == AlertState.firing)
                .sorted(Comparator.comparing(Alert::getStartsAt))
                .map(StatusCheck::firing)
                .toList();
    }

    private static Status.Firing firing(Alert alert) {
        Map<String, String> labels = alert.getLabels();
        return new Status.Firing(
                alert.getFingerprint(),
                labels.getOrDefault("alertname", ""),
                labels.getOrDefault("severity", ""),
                alert.getScore().getModel(),
                alert.getScore().getModelVersion(),
                alert.getScore().getFeature(),
                alert.getStartsAt().toString(),
                alert.getAnnotations().getOrDefault("summary", alert.getReason()));
    }

    private List<Status.Endpoint> endpoints() throws IOException {
        Set<String> known = new HashSet<>();
        for (ReceiverConfig receiver : config.alerts().receivers()) {
            for (EndpointConfig endpoint : receiver.endpoints()) {
                known.add(receiver.name() + "\n" + endpoint.name());
            }
        }
        Map<String, List<Delivery>> byEndpoint = new TreeMap<>();
        for (Delivery delivery : read(config.topics().deliveries(), Delivery.class)) {
            byEndpoint
                    .computeIfAbsent(
                            delivery.getReceiver() + "\n" + delivery.getEndpoint(),
                            key -> new ArrayList<>())
                    .add(delivery);
        }
        List<Status.Endpoint> endpoints = new ArrayList<>();
        byEndpoint.forEach(
                (key, deliveries) -> {
                    Status.Endpoint endpoint = endpoint(deliveries);
                    endpoints.add(endpoint);
                    if (known.contains(key)
                            && !endpoint.outcome().equals(DeliveryOutcome.delivered.name())) {
                        problems.add(
                                "the last delivery to "
                                        + endpoint.receiver()
                                        + " "
                                        + endpoint.endpoint()
                                        + " was "
                                        + endpoint.outcome()
                                        + " at "
                                        + endpoint.at()
                                        + ": "
                                        + endpoint.reason());
                    }
                });
        return endpoints;
    }

    private static Status.Endpoint endpoint(List<Delivery> deliveries) {
        Comparator<Delivery> byEnd = Comparator.comparing(Delivery::getFinishedAt);
        Delivery last = deliveries.stream().max(byEnd).orElseThrow();
        // One that is written again after a failure is still one.
        Map<String, Delivery> byId = new HashMap<>();
        deliveries.forEach(each -> byId.put(each.getNotificationId(), each));
        List<Delivery> delivered =
                byId.values().stream()
                        .filter(each -> each.getOutcome() == DeliveryOutcome.delivered)
                        .toList();
        return new Status.Endpoint(
                last.getReceiver(),
                last.getEndpoint(),
                last.getOutcome().name(),
                last.getFinishedAt().toString(),
                last.getReason(),
                byId.size() - delivered.size(),
                delivered.stream()
                        .max(byEnd)
                        .map(each -> each.getFinishedAt().toString())
                        .orElse(null));
    }

    private List<Status.Quiet> silences() throws IOException {
        Instant now = clock.instant();
        KafkaConfig kafka = config.kafka();
        return new TopicRecords<>(
                        kafka, config.topics().control(), ControlTopic.SILENCE, Silence.class)
                .latest().stream()
                        .filter(each -> Silences.phase(each, now) == Silences.Phase.ACTIVE)
                        .map(
                                each ->
                                        new Status.Quiet(
                                                each.getId(),
                                                each.getEndsAt().toString(),
                                                each.getCreatedBy(),
                                                List.copyOf(each.getMatchers()),
                                                each.getComment()))
                        .toList();
    }

    private <T extends org.apache.avro.specific.SpecificRecord> List<T> read(
            String topic, Class<T> type) throws IOException {
        return new TopicRecords<>(config.kafka(), topic, "", type).tail(limits.tail());
    }

    private <T extends org.apache.avro.specific.SpecificRecord> List<T> readAll(
            String topic, Class<T> type) throws IOException {
        return new TopicRecords<>(config.kafka(), topic, "", type).all();
    }

    private List<Status.Job> jobs(List<URI> flink) {
        List<Status.Job> jobs = new ArrayList<>();
        boolean complete = true;
        for (URI each : flink) {
            try {
                jobs.addAll(new FlinkRest(each).jobs());
            } catch (IOException e) {
                complete = false;
                String why = e.getMessage() == null ? "no connection" : e.getMessage();
                problems.add("Flink at " + each + " does not answer as expected (" + why + ")");
            }
        }
        if (!flink.isEmpty() && complete) {
            judge(MONITOR, jobs);
            if (wantsNotify()) {
                judge(NOTIFY, jobs);
            }
        }
        return jobs;
    }

    private void judge(String name, List<Status.Job> jobs) {
        List<Status.Job> running =
                jobs.stream().filter(job -> job.name().equals(name) && job.isRunning()).toList();
        if (running.isEmpty()) {
            problems.add("no job '" + name + "' is running");
        }
        for (Status.Job job : running) {
            if (job.lastCheckpoint() == null) {
                problems.add(
                        "the job '"
                                + name
                                + "' has no complete checkpoint; are checkpoints switched on"
                                + " (execution.checkpointing.interval)?");
            }
        }
    }
}
