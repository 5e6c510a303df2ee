package io.driftwatch.job.cli;

import static org.apache.kafka.common.acl.AclOperation.READ;

import io.driftwatch.alerts.config.Problems;
import io.driftwatch.job.DriftPipeline;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.config.StreamFormat;
import io.driftwatch.job.kafka.KafkaFailure;
import io.driftwatch.job.kafka.KafkaRight;
import io.driftwatch.job.kafka.KafkaTopics;
import io.driftwatch.job.kafka.KafkaUser;
import io.driftwatch.job.live.ConfigDraft;
import io.driftwatch.job.live.ConfigStart;
import io.driftwatch.job.live.LiveControl;
import io.driftwatch.job.profile.LoadedProfiles;
import io.driftwatch.job.score.Baseline;
import io.driftwatch.job.sink.KafkaSinks;
import io.driftwatch.job.source.KafkaSources;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.common.resource.ResourceType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code driftwatch monitor}. */
@Command(
        name = "monitor",
        mixinStandardHelpOptions = true,
        description = "Job 1: reads the streams, scores every window, judges the rules.",
        footer = {
            "",
            "Examples:",
            "  driftwatch monitor -c driftwatch.yaml --embedded        on this machine",
            "  flink run -d driftwatch.jar monitor -c driftwatch.yaml  on a Flink cluster"
        })
public final class MonitorCommand implements Callable<Integer> {
    @Mixin private ConfigOption config;
    @Mixin private EmbeddedOption where;
    @Spec private CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "NAMES",
            split = ",",
            description = "only these models; others may be watched by other jobs")
    private List<String> models;

    @Option(
            names = "--fixed-config",
            description =
                    "do not follow the control topic: only a restart changes the configuration")
    private boolean fixed;

    @Override
    public Integer call() throws Exception {
        MonitorConfig loaded = config.loadWithKafka();
        if (models != null) {
            // Two jobs that hear the canary would hide that one of them is dead.
            loaded = loaded.withoutCanary();
        }
        Problems problems = new Problems();
        LoadedProfiles profiles = LoadedProfiles.load(loaded, problems);
        problems.throwIfAny();
        rejectFileFormats(loaded);
        List<String> watched = watched(loaded);
        StreamExecutionEnvironment env = where.environment("monitor", loaded.flink());
        if (where.isEmbedded()) {
            requireTopics(loaded, KafkaUser.MONITOR);
            spec.commandLine()
                    .getErr()
                    .println("Flink's web page: http://localhost:" + where.webPort());
            spec.commandLine().getErr().flush();
        }
        LiveControl live = fixed ? null : live(loaded, watched, profiles);
        if (loaded.hasCanary() && !fixed) {
            requireTopics(loaded, List.of(KafkaRight.topic(loaded.topics().canary(), READ)));
        }
        DriftPipeline.define(
                env,
                loaded.only(watched),
                profiles,
                Baseline.REFERENCE,
                live,
                new KafkaSources(loaded.kafka()),
                new KafkaSinks(loaded.kafka(), loaded.topics()));
        env.execute(
                "driftwatch monitor" + (models == null ? "" : " " + String.join(", ", watched)));
        return ExitCode.FINE;
    }

    private List<String> watched(MonitorConfig loaded) {
        List<String> all = loaded.models().stream().map(ModelConfig::name).toList();
        for (String name : models == null ? all : models) {
            if (!all.contains(name)) {
                throw new UserError(
                        "--model "
                                + name
                                + ": no model has this name; there are "
                                + String.join(", ", all));
            }
        }
        return models == null ? all : models;
    }

    private LiveControl live(MonitorConfig loaded, List<String> watched, LoadedProfiles profiles) {
        try {
            ConfigDraft draft = ConfigDraft.of(config.file(), loaded);
            LiveControl live =
                    LiveControl.ofMonitor(config.file(), loaded, watched, draft, profiles);
            ConfigStart.announce(live, draft).ifPresent(this::tell);
            return live;
        } catch (IOException e) {
            throw new UserError(
                    e.getMessage() + "; with --fixed-config the job does without the control topic",
                    e);
        }
    }

    private void tell(String newer) {
        spec.commandLine().getErr().println("driftwatch: " + newer);
        spec.commandLine().getErr().flush();
    }

    private static void rejectFileFormats(MonitorConfig config) {
        for (ModelConfig model : config.models()) {
            for (StreamConfig stream : model.streams()) {
                if (stream.format() == StreamFormat.CSV) {
                    throw new UserError(
                            "model '"
                                    + model.name()
                                    + "', stream '"
                                    + stream.role().key()
                                    + "': format csv is for files; records on Kafka need json, avro"
                                    + " or avro_single_object");
                }
            }
        }
    }

    /** Finds out at once what would otherwise show as a job that restarts again and again. */
    static void requireTopics(MonitorConfig config, KafkaUser user) {
        requireTopics(config, user.rights(config));
    }

    private static void requireTopics(MonitorConfig config, List<KafkaRight> rights) {
        try (KafkaTopics topics = new KafkaTopics(config.kafka())) {
            List<KafkaRight> lacking = topics.lacking(rights);
            if (!lacking.isEmpty()) {
                throw new UserError(
                        KafkaFailure.forbidden(lacking, config.kafka().bootstrapServers()));
            }
            List<String> needed =
                    rights.stream()
                            .filter(right -> right.type() == ResourceType.TOPIC)
                            .map(KafkaRight::name)
                            .distinct()
                            .toList();
            Map<String, Integer> existing = topics.partitions(needed);
            List<String> missing =
                    needed.stream().filter(name -> !existing.containsKey(name)).toList();
            if (!missing.isEmpty()) {
                throw new UserError(
                        "these topics do not exist: "
                                + String.join(", ", missing)
                                + "; check their names in the configuration, or make them with"
                                + " driftwatch topics create");
            }
        } catch (IOException e) {
            throw new UserError(e.getMessage(), e);
        }
    }
}
