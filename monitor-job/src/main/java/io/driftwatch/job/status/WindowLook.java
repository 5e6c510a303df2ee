package io.driftwatch.job.status;

import io.driftwatch.alerts.config.Durations;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.kafka.TopicRecords;
import io.driftwatch.job.status.StatusCheck.Limits;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The newest windows that were scored, and whether they are new enough. */
final class WindowLook {
    private final MonitorConfig config;
    private final Limits limits;
    private final Clock clock;
    private final List<String> problems;

    WindowLook(MonitorConfig config, Limits limits, Clock clock, List<String> problems) {
        this.config = config;
        this.limits = limits;
        this.clock = clock;
        this.problems = problems;
    }

    List<Status.Window> windows() throws IOException {
        Map<String, Map<String, List<Score>>> newest = new TreeMap<>();
        for (Score score :
                new TopicRecords<>(config.kafka(), config.topics().scores(), "", Score.class)
                        .tail(limits.tail())) {
            if (score.getSegment().isEmpty()) {
                newest.computeIfAbsent(score.getModel(), model -> new TreeMap<>())
                        .merge(score.getModelVersion(), List.of(score), WindowLook::newer);
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

    /** Says which models have none that is new enough. */
    void judge(List<Status.Topic> topics, List<Status.Window> windows) {
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
}
