package io.driftwatch.job.cli;

import io.driftwatch.job.ruletest.JunitReport;
import io.driftwatch.job.ruletest.RuleTest;
import io.driftwatch.job.ruletest.RuleTestFile;
import io.driftwatch.job.ruletest.RuleTestRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code driftwatch test}. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description =
                "Tests rules and routes: scores in, alerts and notifications out. No cluster, no"
                        + " data.",
        footer = {
            "",
            "Examples:",
            "  driftwatch test rules-test.yaml",
            "  driftwatch test rules-test.yaml --run 'page.*' --debug   what happened, and when",
            "  driftwatch test *-test.yaml --junit report.xml           for CI",
            "",
            "Exit code 1 if a test fails."
        })
public final class TestCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "files of tests (YAML)")
    private List<Path> files;

    @Option(
            names = "--run",
            paramLabel = "REGEX",
            description = "only the tests whose whole name matches")
    private Pattern only = Pattern.compile(".*");

    @Option(names = "--debug", description = "print every alert and notification")
    private boolean debug;

    @Option(names = "--junit", paramLabel = "FILE", description = "also write a JUnit report")
    private Path junit;

    @Override
    public Integer call() {
        Map<String, List<RuleTestRun>> runs = new LinkedHashMap<>();
        for (Path file : files) {
            runs.put(file.toString(), run(file));
        }
        if (junit != null) {
            try {
                JunitReport.write(junit, runs);
            } catch (IOException e) {
                throw new UserError("--junit " + junit + ": cannot be written", e);
            }
        }
        boolean allPass =
                runs.values().stream()
                        .flatMap(List::stream)
                        .allMatch(run -> run.failures().isEmpty());
        return allPass ? ExitCode.FINE : ExitCode.INPUT;
    }

    private List<RuleTestRun> run(Path file) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("Testing: " + file);
        RuleTestFile tests = RuleTestFile.read(file);
        List<RuleTestRun> runs = new ArrayList<>();
        for (RuleTest test : tests.tests()) {
            if (only.matcher(test.name()).matches()) {
                RuleTestRun run = RuleTestRun.of(test, tests.config().alerts());
                print(run, out);
                runs.add(run);
            }
        }
        if (runs.isEmpty()) {
            throw new UserError(file + ": no test has a name that matches --run " + only);
        }
        long failed = runs.stream().filter(run -> !run.failures().isEmpty()).count();
        out.println(
                failed == 0
                        ? "  SUCCESS: " + runs.size() + " passed"
                        : "  FAILED: " + failed + " of " + runs.size());
        out.flush();
        return runs;
    }

    private void print(RuleTestRun run, PrintWriter out) {
        if (debug || !run.failures().isEmpty()) {
            out.println("  " + (run.failures().isEmpty() ? "passed: " : "FAILED: ") + run.name());
        }
        run.failures().forEach(failure -> out.println("    " + failure));
        if (debug) {
            run.timeline().forEach(line -> out.println("    " + line));
        }
    }
}
