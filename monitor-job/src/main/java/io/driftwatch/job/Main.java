package io.driftwatch.job;

import io.driftwatch.alerts.config.ConfigException;
import io.driftwatch.job.cli.ApplyCommand;
import io.driftwatch.job.cli.CanaryCommand;
import io.driftwatch.job.cli.CheckCommand;
import io.driftwatch.job.cli.DemoCommand;
import io.driftwatch.job.cli.ExitCode;
import io.driftwatch.job.cli.MonitorCommand;
import io.driftwatch.job.cli.NotifyCommand;
import io.driftwatch.job.cli.ProfileCommand;
import io.driftwatch.job.cli.ReplayCommand;
import io.driftwatch.job.cli.RetrainingCommand;
import io.driftwatch.job.cli.RoutesCommand;
import io.driftwatch.job.cli.SilenceCommand;
import io.driftwatch.job.cli.StatusCommand;
import io.driftwatch.job.cli.TestCommand;
import io.driftwatch.job.cli.ThresholdsCommand;
import io.driftwatch.job.cli.TopicsCommand;
import io.driftwatch.job.cli.UserError;
import io.driftwatch.job.cli.Version;
import io.driftwatch.job.kafka.KafkaFailure;
import java.io.PrintWriter;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code driftwatch} program: picks a command. */
@Command(
        name = "driftwatch",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Watches machine-learning models for drift, on Apache Kafka and Apache Flink.",
        footer = {
            "",
            "Examples:",
            "  driftwatch demo                                 see it work, in about a minute",
            "  driftwatch profile -c driftwatch.yaml --input inference=train.csv"
                    + " --output profiles/m.avro",
            "  driftwatch replay -c driftwatch.yaml --input inference=june.csv --output out",
            "  driftwatch monitor -c driftwatch.yaml --embedded",
            "",
            "Exit codes: 0 fine, 1 the input is wrong, 2 usage, 3 warnings under --lint-fatal."
        },
        subcommands = {
            DemoCommand.class,
            ProfileCommand.class,
            CheckCommand.class,
            ThresholdsCommand.class,
            MonitorCommand.class,
            NotifyCommand.class,
            CanaryCommand.class,
            ApplyCommand.class,
            ReplayCommand.class,
            RetrainingCommand.class,
            RoutesCommand.class,
            SilenceCommand.class,
            StatusCommand.class,
            TestCommand.class,
            TopicsCommand.class
        })
public final class Main {
    private static final String VERBOSE = "--verbose";

    private Main() {}

    public static void main(String[] args) {
        int code = run(args);
        // A program that was submitted to a cluster runs inside Flink's client, which must go on.
        if (code != ExitCode.FINE || !isSubmitted()) {
            System.exit(code);
        }
    }

    private static boolean isSubmitted() {
        return Arrays.stream(Thread.currentThread().getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith("org.apache.flink.client."));
    }

    /** Runs one command line and gives its exit code. */
    public static int run(String... args) {
        return run(null, null, args);
    }

    /** As above, with what is said going elsewhere; null for where it goes otherwise. */
    public static int run(PrintWriter outOrNull, PrintWriter errOrNull, String... args) {
        boolean verbose = Arrays.asList(args).contains(VERBOSE);
        String[] rest = Arrays.stream(args).filter(a -> !a.equals(VERBOSE)).toArray(String[]::new);
        CommandLine line = commandLine(rest.length == 0 ? "" : rest[0]);
        if (outOrNull != null) {
            line.setOut(outOrNull);
        }
        if (errOrNull != null) {
            line.setErr(errOrNull);
        }
        return line.setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(100)
                .setExecutionExceptionHandler(
                        (failure, command, parsed) -> explain(failure, command, verbose))
                .execute(rest.length == 0 ? new String[] {"--help"} : rest);
    }

    /**
     * The program with the command that is asked for, and with all of them if none is: to read the
     * annotations of eight commands takes longer than most of them need to run.
     */
    private static CommandLine commandLine(String asked) {
        for (Class<?> command : Main.class.getAnnotation(Command.class).subcommands()) {
            if (command.getAnnotation(Command.class).name().equals(asked)) {
                return new CommandLine(new OneCommand()).addSubcommand(command);
            }
        }
        return new CommandLine(new Main());
    }

    /** The same program for whoever has named a command already. */
    @Command(name = "driftwatch")
    private static final class OneCommand {}

    private static int explain(Exception failure, CommandLine command, boolean verbose) {
        var err = command.getErr();
        if (failure instanceof ConfigException config) {
            err.println(config.getMessage());
            int mistakes = config.problems().size();
            err.println(mistakes == 1 ? "1 mistake." : mistakes + " mistakes.");
        } else if (failure instanceof UserError) {
            err.println("driftwatch: " + failure.getMessage());
        } else {
            String why = KafkaFailure.explain(failure).orElseGet(() -> cause(failure));
            err.println("driftwatch: " + command.getCommandName() + " failed: " + why);
            err.println("Run it again with " + VERBOSE + " to see where.");
        }
        if (verbose) {
            failure.printStackTrace(err);
        }
        err.flush();
        return ExitCode.INPUT;
    }

    private static String cause(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
