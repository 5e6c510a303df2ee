package io.driftwatch.job.cli;

import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.kafka.TopicRecords;
import io.driftwatch.job.source.ControlTopic;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.RetrainCommand;
import io.driftwatch.schemas.RetrainCommandKind;
import io.driftwatch.schemas.RetrainStatusChange;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code driftwatch retrain}. */
@Command(
        name = "retrain",
        mixinStandardHelpOptions = true,
        description = "Shows what has become of retrain requests, and decides about them.",
        synopsisSubcommandLabel = "list|approve|reject|report",
        subcommands = {
            RetrainingCommand.ListThem.class,
            RetrainingCommand.Approve.class,
            RetrainingCommand.Reject.class,
            RetrainingCommand.Report.class
        },
        footer = {
            "",
            "Examples:",
            "  driftwatch retrain list -c driftwatch.yaml",
            "  driftwatch retrain approve -c driftwatch.yaml c4deefa75ddf4fbe-1",
            "  driftwatch retrain report -c driftwatch.yaml c4deefa75ddf4fbe-1 succeeded"
                    + " --url https://ci.example.org/run/7   at the end of a pipeline"
        })
public final class RetrainingCommand implements Callable<Integer> {
    private static final Clock CLOCK = Clock.systemUTC();

    /** Nobody has to do anything about these any more. */
    private static final Set<String> OVER =
            Set.of(
                    "dry_run",
                    "helped",
                    "suppressed",
                    "withdrawn",
                    "superseded",
                    "expired",
                    "rejected");

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }

    /** The last change of each request, those that changed last at the end. */
    private static List<RetrainStatusChange> latest(MonitorConfig config) {
        Map<String, RetrainStatusChange> latest = new LinkedHashMap<>();
        try {
            for (RetrainStatusChange change :
                    new TopicRecords<>(
                                    config.kafka(),
                                    config.topics().retrainStatus(),
                                    "",
                                    RetrainStatusChange.class)
                            .all()) {
                latest.remove(change.getRequestId());
                latest.put(change.getRequestId(), change);
            }
        } catch (IOException e) {
            throw new UserError(e.getMessage(), e);
        }
        return new ArrayList<>(latest.values());
    }

    private static void say(
            MonitorConfig config, List<String> ids, RetrainCommand.Builder command) {
        List<RetrainStatusChange> known = latest(config);
        Map<String, RetrainCommand> commands = new LinkedHashMap<>();
        for (String id : ids) {
            RetrainStatusChange request =
                    known.stream()
                            .filter(change -> change.getRequestId().equals(id))
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            new UserError(
                                                    "there is no request "
                                                            + id
                                                            + "; see driftwatch retrain list"
                                                            + " --all"));
            RetrainCommand said =
                    RetrainCommand.newBuilder(command)
                            .setRequestId(id)
                            .setModel(request.getModel())
                            .setAt(CLOCK.instant().truncatedTo(ChronoUnit.MILLIS))
                            .build();
            commands.put(id + "/" + said.getKind(), said);
        }
        try {
            new TopicRecords<>(
                            config.kafka(),
                            config.topics().control(),
                            ControlTopic.RETRAIN,
                            RetrainCommand.class)
                    .write(commands);
        } catch (IOException e) {
            throw new UserError(e.getMessage(), e);
        }
    }

    /** {@code driftwatch retrain list}. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Prints the requests that are not over.")
    static final class ListThem implements Callable<Integer> {
        @Mixin private ConfigOption config;
        @Spec private CommandSpec spec;

        @Option(names = "--all", description = "also those that are over")
        private boolean all;

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            List<RetrainStatusChange> shown =
                    latest(config.loadWithKafka()).stream()
                            .filter(change -> all || !OVER.contains(change.getStatus()))
                            .toList();
            if (shown.isEmpty()) {
                out.println("no requests");
            } else {
                Table table = new Table("id", "model", "status", "since", "reason", "url");
                for (RetrainStatusChange change : shown) {
                    table.row(
                            change.getRequestId(),
                            change.getModel(),
                            change.getStatus(),
                            change.getAt().toString(),
                            change.getReason(),
                            change.getUrl() == null ? "-" : change.getUrl());
                }
                table.print(out);
            }
            out.flush();
            return ExitCode.FINE;
        }
    }

    /** Options of whoever decides. */
    private static final class Decider {
        @Mixin private ConfigOption config;

        @Parameters(arity = "1..*", paramLabel = "ID", description = "ids, as list prints them")
        private List<String> ids;

        @Option(names = "--by", description = "who; default is the user of this machine")
        private String by = System.getProperty("user.name");

        Integer say(RetrainCommandKind kind) {
            ClassTrust.ensure();
            RetrainingCommand.say(
                    config.loadWithKafka(),
                    ids,
                    RetrainCommand.newBuilder()
                            .setRequestId("")
                            .setModel("")
                            .setKind(kind)
                            .setBy(by)
                            .setAt(CLOCK.instant()));
            return ExitCode.FINE;
        }
    }

    /** {@code driftwatch retrain approve}. */
    @Command(
            name = "approve",
            mixinStandardHelpOptions = true,
            description = "Lets requests through that wait for a person, past the circuit breaker.")
    static final class Approve implements Callable<Integer> {
        @Mixin private Decider decider;

        @Override
        public Integer call() {
            return decider.say(RetrainCommandKind.approve);
        }
    }

    /** {@code driftwatch retrain reject}. */
    @Command(
            name = "reject",
            mixinStandardHelpOptions = true,
            description = "Ends requests that were not submitted.")
    static final class Reject implements Callable<Integer> {
        @Mixin private Decider decider;

        @Override
        public Integer call() {
            return decider.say(RetrainCommandKind.reject);
        }
    }

    /** {@code driftwatch retrain report}. */
    @Command(
            name = "report",
            mixinStandardHelpOptions = true,
            description = "Says how a retraining is, for pipelines.")
    static final class Report implements Callable<Integer> {
        @Mixin private ConfigOption config;

        @Parameters(index = "0", paramLabel = "ID", description = "id of the request")
        private String id;

        @Parameters(
                index = "1",
                paramLabel = "STATE",
                description = "accepted, running, succeeded or failed")
        private RetrainCommandKind state;

        @Option(names = "--external-id", description = "what the pipeline calls it")
        private String externalId;

        @Option(names = "--url", description = "where to look at it")
        private String url;

        @Option(names = "--reason", description = "in words, why")
        private String reason;

        @Override
        public Integer call() {
            if (!Set.of("accepted", "running", "succeeded", "failed").contains(state.name())) {
                throw new UserError("a report says accepted, running, succeeded or failed");
            }
            ClassTrust.ensure();
            say(
                    config.loadWithKafka(),
                    List.of(id),
                    RetrainCommand.newBuilder()
                            .setRequestId("")
                            .setModel("")
                            .setKind(state)
                            .setBy("report")
                            .setExternalId(externalId)
                            .setUrl(url)
                            .setReason(reason)
                            .setAt(CLOCK.instant()));
            return ExitCode.FINE;
        }
    }
}
