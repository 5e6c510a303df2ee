package io.driftwatch.job.cli;

import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.kafka.KafkaTopics;
import io.driftwatch.job.kafka.KafkaTopics.Needed;
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
                "Shows which topics a configuration needs, and creates those that are missing.",
        footer = {
            "",
            "Examples:",
            "  driftwatch topics plan -c driftwatch.yaml     what there is and what is missing",
            "  driftwatch topics create -c driftwatch.yaml   create the topics Driftwatch writes",
            "",
            "The topics of the model's own streams belong to their producers; --inputs creates",
            "them as well."
        })
public final class TopicsCommand implements Callable<Integer> {
    @Mixin private ConfigOption config;
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "plan|create", description = "what to do")
    private Action action;

    @Option(names = "--inputs", description = "also create the topics of the model's streams")
    private boolean inputs;

    enum Action {
        PLAN,
        CREATE
    }

    @Override
    public Integer call() {
        MonitorConfig loaded = config.loadWithKafka();
        List<Needed> needed = KafkaTopics.of(loaded);
        PrintWriter out = spec.commandLine().getOut();
        try (KafkaTopics topics = new KafkaTopics(loaded.kafka())) {
            Map<String, Integer> existing =
                    topics.partitions(needed.stream().map(Needed::name).toList());
            List<String> create =
                    needed.stream()
                            .filter(n -> n.written() || inputs)
                            .map(Needed::name)
                            .filter(name -> !existing.containsKey(name))
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
            PrintWriter out,
            List<Needed> needed,
            Map<String, Integer> existing,
            List<String> create) {
        Table table = new Table("topic", "holds", "partitions", "");
        for (Needed topic : needed) {
            Integer partitions = existing.get(topic.name());
            boolean made = create.contains(topic.name());
            String state;
            if (partitions != null) {
                state = "exists";
            } else if (made) {
                state = action == Action.CREATE ? "created" : "missing, create makes it";
            } else {
                state = "missing, its producer makes it (or --inputs)";
            }
            table.row(
                    topic.name(),
                    topic.purpose(),
                    partitions == null ? "-" : partitions.toString(),
                    state);
        }
        table.print(out);
    }
}
