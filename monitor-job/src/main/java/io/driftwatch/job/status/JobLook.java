package io.driftwatch.job.status;

import io.driftwatch.job.config.MonitorConfig;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The jobs, as Flink sees them. */
final class JobLook {
    /** Names under which the commands start their jobs. */
    private static final String MONITOR = "driftwatch monitor";

    private static final String NOTIFY = "driftwatch notify";

    /** What is no fault. */
    private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED");

    private final MonitorConfig config;
    private final List<String> problems;

    JobLook(MonitorConfig config, List<String> problems) {
        this.config = config;
        this.problems = problems;
    }

    List<Status.Job> jobs(List<URI> flink) {
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
            if (StatusCheck.wantsNotify(config)) {
                judge(NOTIFY, jobs);
            }
        }
        return jobs;
    }

    /** What the newest job of a name does instead, if it is there: it may be trying to. */
    private static String insteadOf(String name, List<Status.Job> jobs) {
        return jobs.stream()
                .filter(job -> job.name().equals(name))
                .max(Comparator.comparing(Status.Job::since))
                .map(
                        job ->
                                ": it is "
                                        + job.state()
                                        + (ENDED.contains(job.state())
                                                ? ""
                                                : "; why is on Flink's web page, under Exceptions"))
                .orElse("");
    }

    private void judge(String name, List<Status.Job> jobs) {
        List<Status.Job> running =
                jobs.stream().filter(job -> job.name().equals(name) && job.isRunning()).toList();
        if (running.isEmpty()) {
            problems.add("no job '" + name + "' is running" + insteadOf(name, jobs));
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
