package io.driftwatch.job.cli;

import io.driftwatch.job.demo.DemoExample;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code driftwatch demo}. */
@Command(name = "demo", mixinStandardHelpOptions = true, description = "x")
public final class DemoCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = "--files", paramLabel = "DIR", description = "only write the records")
    private Path files;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        long written = DemoExample.find().export(files);
        out.printf(Locale.ROOT, "%,d records written into %s%n", written, files);
        out.flush();
        return ExitCode.FINE;
    }
}
