package io.driftwatch.job.cli;

import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.job.NotifyPipeline;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.kafka.KafkaTopics;
import io.driftwatch.job.sink.KafkaSinks;
import io.driftwatch.job.source.AlertsTopic;
import java.util.concurrent.Callable;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code driftwatch notify}. */
@Command(
        name = "notify",
        mixinStandardHelpOptions = true,
        description = "Job 2: groups alerts, sends them to chat, asks for retraining.",
        footer = {
            "",
            "Examples:",
            "  driftwatch notify -c driftwatch.yaml --embedded --web-port 8082   on this machine",
            "  flink run -d driftwatch.jar notify -c driftwatch.yaml             on a cluster"
        })
public final class NotifyCommand implements Callable<Integer> {
    @Mixin private ConfigOption config;
    @Mixin private EmbeddedOption where;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        MonitorConfig loaded = config.loadWithKafka();
        if (!loaded.alerts().routes().hasReceiver() && !loaded.alerts().retrainEnabled()) {
            throw new UserError(
                    config.file()
                            + ": has neither a receiver nor retrain.enabled, so there is nothing"
                            + " to do; add receivers");
        }
        StreamExecutionEnvironment env = where.environment("notify", loaded.flink());
        if (where.isEmbedded()) {
            MonitorCommand.requireTopics(
                    loaded,
                    KafkaTopics.of(loaded).stream().filter(KafkaTopics.Needed::written).toList());
            spec.commandLine()
                    .getOut()
                    .println("Flink's web page: http://localhost:" + where.webPort());
            spec.commandLine().getOut().flush();
        }
        NotifyPipeline.define(
                AlertsTopic.open(env, loaded.kafka(), loaded.topics()),
                loaded.alerts(),
                RetryPolicy.standard(),
                new KafkaSinks(loaded.kafka(), loaded.topics()));
        env.execute("driftwatch notify");
        return ExitCode.FINE;
    }
}
