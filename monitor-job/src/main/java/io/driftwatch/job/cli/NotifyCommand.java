package io.driftwatch.job.cli;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.deliver.ReceiverConfig;
import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.job.NotifyPipeline;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.kafka.KafkaUser;
import io.driftwatch.job.live.ConfigDraft;
import io.driftwatch.job.live.LiveControl;
import io.driftwatch.job.sink.KafkaSinks;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
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
            "  flink run -d driftwatch.jar notify -c driftwatch.yaml             on a cluster",
            "  driftwatch notify test -c driftwatch.yaml --receiver pager        is it heard?",
            "  driftwatch notify test -c driftwatch.yaml --dry-run               what is sent?"
        })
public final class NotifyCommand implements Callable<Integer> {
    @Mixin private ConfigOption config;
    @Mixin private EmbeddedOption where;
    @Spec private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "test",
            description = "test: send each receiver a sample instead, one attempt each")
    private Action action;

    @Option(
            names = "--receiver",
            paramLabel = "NAMES",
            split = ",",
            description = "with test: only to these receivers")
    private List<String> names;

    @Option(names = "--resolved", description = "with test: the sample says resolved")
    private boolean resolved;

    @Option(
            names = "--fixed-config",
            description =
                    "do not follow the control topic: only a restart changes the configuration")
    private boolean fixed;

    @Option(names = "--dry-run", description = "with test: print the requests and send nothing")
    private boolean dryRun;

    enum Action {
        TEST
    }

    @Override
    public Integer call() throws Exception {
        if (action == Action.TEST) {
            return test();
        }
        if (names != null || resolved || dryRun) {
            throw new UserError(
                    "--receiver, --resolved and --dry-run are of driftwatch notify test");
        }
        return run();
    }

    private int test() {
        AlertsConfig alerts = config.load().alerts();
        List<ReceiverConfig> receivers = alerts.receiversBesideCanary();
        List<String> known = receivers.stream().map(ReceiverConfig::name).toList();
        if (known.isEmpty()) {
            throw new UserError(config.file() + ": has no receivers");
        }
        for (String name : names == null ? known : names) {
            if (!known.contains(name)) {
                throw new UserError(
                        "--receiver "
                                + name
                                + ": no receiver has this name; there are "
                                + String.join(", ", known));
            }
        }
        NotifyTest test =
                new NotifyTest(
                        receivers.stream()
                                .filter(each -> names == null || names.contains(each.name()))
                                .toList(),
                        alerts.delivery(),
                        resolved,
                        spec.commandLine().getOut());
        if (dryRun) {
            test.show(Clock.systemUTC());
            return ExitCode.FINE;
        }
        return test.send(Clock.systemUTC()) ? ExitCode.FINE : ExitCode.INPUT;
    }

    private int run() throws Exception {
        MonitorConfig loaded = config.loadWithKafka();
        if (!loaded.alerts().routes().hasReceiver() && !loaded.alerts().retrain().enabled()) {
            throw new UserError(
                    config.file()
                            + ": has neither a receiver nor retrain.enabled, so there is nothing"
                            + " to do; add receivers");
        }
        StreamExecutionEnvironment env = where.environment("notify", loaded.flink());
        if (where.isEmbedded()) {
            MonitorCommand.requireTopics(loaded, KafkaUser.NOTIFY);
            spec.commandLine()
                    .getErr()
                    .println("Flink's web page: http://localhost:" + where.webPort());
            spec.commandLine().getErr().flush();
        }
        NotifyPipeline.define(
                NotifyPipeline.Inputs.open(env, loaded),
                loaded.alerts(),
                fixed ? null : live(loaded),
                RetryPolicy.standard(),
                new KafkaSinks(loaded.kafka(), loaded.topics()));
        env.execute("driftwatch notify");
        return ExitCode.FINE;
    }

    private LiveControl live(MonitorConfig loaded) {
        try {
            return LiveControl.ofNotify(
                    config.file(), loaded, ConfigDraft.of(config.file(), loaded));
        } catch (IOException e) {
            throw new UserError(config.file() + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
