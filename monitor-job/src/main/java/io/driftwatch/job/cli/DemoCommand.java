package io.driftwatch.job.cli;

import io.driftwatch.job.demo.Demo;
import io.driftwatch.job.demo.DemoExample;
import io.driftwatch.job.demo.DemoOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code driftwatch demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Shows it all at work on real data, in about a minute and in one process.",
            "That is a Kafka broker, both Flink jobs, five months of flights, and a webhook receiver",
            "in place of Slack. Writes only into a temporary folder, which it deletes."
        },
        footer = {
            "",
            "Examples:",
            "  driftwatch demo                  from start to end",
            "  driftwatch demo --keep           leaves everything running to look around",
            "  driftwatch demo --files flights  only writes the records, to profile and replay them"
        })
public final class DemoCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--speed",
            paramLabel = "N",
            defaultValue = "4",
            description = "days of data each second (default ${DEFAULT-VALUE})")
    private double speed;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "8081",
            description =
                    "port of Flink's web page, or the next free one (default ${DEFAULT-VALUE})")
    private int port;

    @Option(names = "--keep", description = "keep everything running at the end, until Ctrl-C")
    private boolean keep;

    @Option(
            names = "--files",
            paramLabel = "DIR",
            description = "run nothing; write the records as files into DIR")
    private Path files;

    @Override
    public Integer call() throws Exception {
        if (!(speed > 0 && speed <= 1000)) {
            throw new ParameterException(
                    spec.commandLine(), "--speed " + speed + " is not above 0 and at most 1000");
        }
        if (port < 1 || port > 65_000) {
            throw new ParameterException(
                    spec.commandLine(), "--port " + port + " is not between 1 and 65000");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (files != null) {
            long written = DemoExample.find().export(files);
            out.printf(Locale.ROOT, "%,d records written into %s%n", written, files);
            out.flush();
            return ExitCode.FINE;
        }
        return run(out) ? ExitCode.FINE : ExitCode.INPUT;
    }

    private boolean run(PrintWriter out) throws Exception {
        try {
            return new Demo(DemoExample.find(), new DemoOptions(speed, port, keep), out).run();
        } catch (NoClassDefFoundError e) {
            throw new UserError(
                    "the demo needs Kafka's server, which the job jar does not hold; run"
                            + " ./driftwatch demo",
                    e);
        }
    }
}
