package io.driftwatch.job.status;

import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.live.ConfigTopic;
import io.driftwatch.schemas.AppliedConfig;
import io.driftwatch.schemas.ConfigStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The configuration in force, and whether the jobs have taken it up. */
final class ConfigurationLook {
    private final MonitorConfig config;
    private final List<String> problems;

    ConfigurationLook(MonitorConfig config, List<String> problems) {
        this.config = config;
        this.problems = problems;
    }

    /** Null if none was ever published: the jobs go by what they were submitted with. */
    Status.Configuration configuration() throws IOException {
        ConfigTopic topic = new ConfigTopic(config.kafka(), config.topics().control());
        Optional<AppliedConfig> current = topic.current();
        if (current.isEmpty()) {
            return null;
        }
        AppliedConfig applied = current.get();
        List<Status.Answer> answers =
                topic.answers(applied.getVersion()).stream()
                        .sorted(
                                Comparator.comparing(ConfigStatus::getJob)
                                        .thenComparing(ConfigStatus::getAt))
                        .map(
                                each ->
                                        new Status.Answer(
                                                each.getJob(),
                                                each.getWorker(),
                                                each.getAccepted(),
                                                each.getReason(),
                                                each.getAt().toString()))
                        .toList();
        answers.stream()
                .filter(answer -> !answer.accepted() && !isAccepted(answer, answers))
                .map(
                        answer ->
                                "the "
                                        + answer.job()
                                        + " job refuses version "
                                        + applied.getVersion()
                                        + " of the configuration: "
                                        + answer.reason())
                .distinct()
                .forEach(problems::add);
        return new Status.Configuration(
                applied.getVersion(),
                applied.getAppliedBy(),
                applied.getAppliedAt().toString(),
                answers);
    }

    /** Whether the job has accepted it since, in another process: it was restarted, or mended. */
    private static boolean isAccepted(Status.Answer refusal, List<Status.Answer> answers) {
        return answers.stream()
                .anyMatch(
                        each ->
                                each.accepted()
                                        && each.job().equals(refusal.job())
                                        && Instant.parse(each.at())
                                                .isAfter(Instant.parse(refusal.at())));
    }
}
