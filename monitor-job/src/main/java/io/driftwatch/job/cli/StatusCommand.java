package io.driftwatch.job.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.driftwatch.alerts.config.Durations;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.status.Status;
import io.driftwatch.job.status.StatusCheck;
import io.driftwatch.schemas.ClassTrust;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code driftwatch status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description =
                "Shows how an installation fares: how far the jobs are, what fires, what was"
                        + " delivered, what is wrong. Changes nothing.",
        footer = {
            "",
            "Examples:",
            "  driftwatch status -c driftwatch.yaml",
            "  driftwatch status -c driftwatch.yaml --flink http://localhost:8081"
                    + " --max-lag 100000 --max-age 3h",
            "",
            "Exit codes: 0 nothing is wrong, 1 something is (it says what), 2 usage."
        })
public final class StatusCommand implements Callable<Integer> {
    private static final String NONE = "-";

    @Mixin private ConfigOption config;
    @Spec private CommandSpec spec;

    @Option(
            names = "--flink",
            paramLabel = "URL",
            split = ",",
            description = "address of Flink's web page, to ask for the jobs; several if there are")
    private List<URI> flink = List.of();

    @Option(
            names = "--output",
            paramLabel = "table|json",
            defaultValue = "table",
            description = "how to print (default ${DEFAULT-VALUE})")
    private Output output;

    @Option(
            names = "--max-lag",
            paramLabel = "N",
            description = "it is wrong if more records of a topic are unread")
    private Long maxLag;

    @Option(
            names = "--max-age",
            paramLabel = "D",
            description = "it is wrong if a model's newest window ended longer ago, such as 3h")
    private String maxAge;

    @Option(
            names = "--tail",
            paramLabel = "N",
            defaultValue = "5000",
            description =
                    "records of each partition of scores and deliveries to look at"
                            + " (default ${DEFAULT-VALUE})")
    private long tail;

    enum Output {
        TABLE,
        JSON
    }

    @Override
    public Integer call() throws IOException {
        ClassTrust.ensure();
        MonitorConfig loaded = config.loadWithKafka();
        for (URI each : flink) {
            if (each.getScheme() == null || !each.getScheme().matches("https?")) {
                throw new UserError(
                        "--flink " + each + ": use an address such as http://localhost:8081");
            }
        }
        if (tail < 1) {
            throw new UserError("--tail " + tail + ": use at least 1");
        }
        StatusCheck check =
                new StatusCheck(
                        loaded, new StatusCheck.Limits(tail, maxLag, maxAge()), Clock.systemUTC());
        Status status = check.look(flink);
        PrintWriter out = spec.commandLine().getOut();
        if (output == Output.JSON) {
            ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            out.println(mapper.writeValueAsString(status));
        } else {
            print(status, out);
        }
        out.flush();
        return status.healthy() ? ExitCode.FINE : ExitCode.INPUT;
    }

    private Duration maxAge() {
        if (maxAge == null) {
            return null;
        }
        try {
            return Durations.parse(maxAge);
        } catch (IllegalArgumentException mistake) {
            throw new UserError("--max-age: " + mistake.getMessage(), mistake);
        }
    }

    private void print(Status status, PrintWriter out) {
        out.println("Kafka " + (status.reachable() ? "answers" : "does not answer"));
        topics(status, out);
        windows(status, out);
        alerts(status, out);
        endpoints(status, out);
        silences(status, out);
        configuration(status, out);
        jobs(status, out);
        out.println();
        if (status.healthy()) {
            out.println("Nothing is wrong.");
        } else {
            int wrong = status.problems().size();
            out.println(wrong == 1 ? "1 problem:" : wrong + " problems:");
            status.problems().forEach(problem -> out.println("  " + problem));
        }
    }

    private static void section(String title, Table table, PrintWriter out) {
        if (!table.isEmpty()) {
            out.println();
            out.println(title);
            table.print(out);
        }
    }

    private static void topics(Status status, PrintWriter out) {
        Table table = new Table("topic", "holds", "partitions", "records", "unread", "group");
        for (Status.Topic topic : status.topics()) {
            String unread = topic.committed() == 0 && topic.records() > 0 ? "all" : "";
            table.row(
                    topic.name(),
                    topic.purpose(),
                    topic.partitions() == 0 ? NONE : Integer.toString(topic.partitions()),
                    Long.toString(topic.records()),
                    unread.isEmpty() ? Long.toString(topic.lag()) : unread,
                    topic.group());
        }
        section("Topics that the jobs read", table, out);
    }

    private static void windows(Status status, PrintWriter out) {
        Table table = new Table("model", "version", "window end", "rows", "scores", "without");
        for (Status.Window window : status.windows()) {
            table.row(
                    window.model(),
                    window.version(),
                    window.end(),
                    Long.toString(window.samples()),
                    Integer.toString(window.scored()),
                    Integer.toString(window.unscored()));
        }
        section("Newest windows", table, out);
    }

    private static void alerts(Status status, PrintWriter out) {
        Table table = new Table("alert", "severity", "model", "version", "feature", "since");
        for (Status.Firing alert : status.alerts()) {
            table.row(
                    alert.alert(),
                    alert.severity(),
                    alert.model(),
                    alert.version(),
                    alert.feature(),
                    alert.since());
        }
        section("Alerts that fire", table, out);
    }

    private static void endpoints(Status status, PrintWriter out) {
        Table table =
                new Table("receiver", "endpoint", "last", "at", "undelivered", "last delivered");
        for (Status.Endpoint endpoint : status.endpoints()) {
            table.row(
                    endpoint.receiver(),
                    endpoint.endpoint(),
                    endpoint.outcome(),
                    endpoint.at(),
                    Integer.toString(endpoint.undelivered()),
                    endpoint.lastDelivered() == null ? NONE : endpoint.lastDelivered());
        }
        section("Deliveries", table, out);
    }

    private static void silences(Status status, PrintWriter out) {
        Table table = new Table("silence", "until", "by", "matchers", "comment");
        for (Status.Quiet silence : status.silences()) {
            table.row(
                    silence.id(),
                    silence.until(),
                    silence.by(),
                    String.join(" ", silence.matchers()),
                    silence.comment());
        }
        section("Silences that hold", table, out);
    }

    private static void configuration(Status status, PrintWriter out) {
        if (status.configuration() == null) {
            return;
        }
        Table table = new Table("version", "by", "at", "accepted by", "refused by");
        table.row(
                Long.toString(status.configuration().version()),
                status.configuration().by(),
                status.configuration().at(),
                processes(status, true),
                processes(status, false));
        section("Configuration", table, out);
    }

    /** Such as "monitor 2, notify 1": jobs and the number of their processes. */
    private static String processes(Status status, boolean accepted) {
        Map<String, Long> counts =
                status.configuration().answers().stream()
                        .filter(answer -> answer.accepted() == accepted)
                        .collect(
                                Collectors.groupingBy(
                                        Status.Answer::job, TreeMap::new, Collectors.counting()));
        return counts.isEmpty()
                ? NONE
                : counts.entrySet().stream()
                        .map(each -> each.getKey() + " " + each.getValue())
                        .collect(Collectors.joining(", "));
    }

    private static void jobs(Status status, PrintWriter out) {
        Table table =
                new Table("job", "state", "since", "restarts", "last checkpoint", "failed ones");
        for (Status.Job job : status.jobs()) {
            table.row(
                    job.name(),
                    job.state(),
                    job.since(),
                    job.restarts() == null ? NONE : Long.toString(job.restarts()),
                    job.lastCheckpoint() == null ? NONE : job.lastCheckpoint(),
                    job.failedCheckpoints() == null
                            ? NONE
                            : Long.toString(job.failedCheckpoints()));
        }
        section("Jobs on Flink", table, out);
    }
}
