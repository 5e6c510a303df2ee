package io.driftwatch.job.cli;

import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.kafka.KafkaRight;
import io.driftwatch.job.kafka.KafkaTopics;
import io.driftwatch.job.kafka.KafkaTopics.Needed;
import io.driftwatch.job.kafka.KafkaTopics.Seen;
import io.driftwatch.job.kafka.KafkaUser;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code driftwatch topics}. */
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        description =
                "Shows which topics and rights a configuration needs, and creates what is missing.",
        footer = {
            "",
            "Examples:",
            "  driftwatch topics plan -c driftwatch.yaml     what there is and what is missing",
            "  driftwatch topics create -c driftwatch.yaml   create the topics Driftwatch writes",
            "  driftwatch topics acls -c driftwatch.yaml     the commands of Kafka that give every",
            "                                                user of ours what it needs, no more",
            "",
            "The topics of the model's own streams belong to their producers; --inputs creates",
            "them as well."
        })
public final class TopicsCommand implements Callable<Integer> {
    @Mixin private ConfigOption config;
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "plan|create|acls", description = "what to do")
    private Action action;

    @Option(names = "--inputs", description = "also create the topics of the model's streams")
    private boolean inputs;

    @Option(
            names = "--principal",
            paramLabel = "USER=PRINCIPAL",
            description =
                    "with acls: who monitor, notify, canary, operator, analyst or installer is to Kafka;"
                            + " default is User:driftwatch-USER")
    private Map<KafkaUser, String> principals = Map.of();

    enum Action {
        PLAN,
        CREATE,
        ACLS
    }

    @Override
    public Integer call() {
        MonitorConfig loaded = config.loadWithKafka();
        List<Needed> needed = KafkaTopics.of(loaded);
        PrintWriter out = spec.commandLine().getOut();
        if (action == Action.ACLS) {
            printRights(out, loaded);
            return ExitCode.FINE;
        }
        try (KafkaTopics topics = new KafkaTopics(loaded.kafka())) {
            Map<String, Seen> existing = topics.look(needed.stream().map(Needed::name).toList());
            List<String> create =
                    needed.stream()
                            .filter(n -> n.written() || inputs)
                            .map(Needed::name)
                            .filter(name -> !existing.get(name).exists())
                            .toList();
            if (action == Action.CREATE && !create.isEmpty()) {
                topics.create(create, loaded.topics());
            }
            print(out, needed, existing, create);
        } catch (IOException e) {
            throw new UserError(e.getMessage(), e);
        }
        return ExitCode.FINE;
    }

    private void print(
            PrintWriter out, List<Needed> needed, Map<String, Seen> existing, List<String> create) {
        Table table = new Table("topic", "holds", "partitions", "");
        for (Needed topic : needed) {
            Seen seen = existing.get(topic.name());
            boolean made = create.contains(topic.name());
            String state;
            if (seen.exists()) {
                state = "exists";
            } else if (seen.hidden() && action == Action.PLAN) {
                state = "may not be seen, or is not there";
            } else if (made) {
                state = action == Action.CREATE ? "created" : "missing, create makes it";
            } else {
                state = "missing, its producer makes it (or --inputs)";
            }
            table.row(
                    topic.name(),
                    topic.purpose(),
                    seen.exists() ? Integer.toString(seen.partitions()) : "-",
                    state);
        }
        table.print(out);
    }

    private void printRights(PrintWriter out, MonitorConfig config) {
        for (KafkaUser user : KafkaUser.values()) {
            if (user.rights(config).isEmpty()) {
                continue;
            }
            String principal = principals.getOrDefault(user, "User:driftwatch-" + user.key());
            out.println("# " + user.key());
            for (KafkaRight right : user.rights(config)) {
                out.println(right.command(principal, config.kafka().bootstrapServers()));
            }
        }
        out.flush();
    }
}
