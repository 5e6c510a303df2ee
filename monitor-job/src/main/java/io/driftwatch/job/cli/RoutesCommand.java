package io.driftwatch.job.cli;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.route.Matcher;
import io.driftwatch.alerts.route.Route;
import io.driftwatch.alerts.route.RouteTree;
import io.driftwatch.alerts.route.TimeIntervals;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code driftwatch routes}. */
@Command(
        name = "routes",
        mixinStandardHelpOptions = true,
        description = "Shows where alerts go.",
        synopsisSubcommandLabel = "show|test",
        subcommands = {RoutesCommand.Show.class, RoutesCommand.Test.class},
        footer = {
            "",
            "Examples:",
            "  driftwatch routes show -c driftwatch.yaml",
            "  driftwatch routes test -c driftwatch.yaml severity=critical model=flight-delay",
            "  driftwatch routes test -c driftwatch.yaml --verify.receivers=pager"
                    + " severity=critical   exit code 1 if it goes elsewhere"
        })
public final class RoutesCommand implements Callable<Integer> {
    /** What a route without a receiver is called. */
    private static final String NOBODY = "(nobody)";

    @Spec private CommandSpec spec;

    /** Names of subcommands alone say nothing: like the program without arguments. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }

    private static String receiver(Route route) {
        return route.receiver() == null ? NOBODY : route.receiver();
    }

    /** {@code driftwatch routes show}. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Prints the tree of routes.")
    static final class Show implements Callable<Integer> {
        @Mixin private ConfigOption config;
        @Spec private CommandSpec spec;

        @Override
        public Integer call() {
            RouteTree routes = config.load().alerts().routes();
            PrintWriter out = spec.commandLine().getOut();
            out.println("Routing tree:");
            out.println(".");
            print(out, routes, "", /* isLast= */ true);
            out.flush();
            return ExitCode.FINE;
        }

        private static void print(PrintWriter out, RouteTree tree, String indent, boolean isLast) {
            out.println(indent + (isLast ? "└── " : "├── ") + words(tree));
            String deeper = indent + (isLast ? "    " : "│   ");
            int last = tree.routes().size() - 1;
            for (int i = 0; i <= last; i++) {
                print(out, tree.routes().get(i), deeper, i == last);
            }
        }

        private static String words(RouteTree tree) {
            Route route = tree.route();
            List<String> words = new ArrayList<>();
            words.add(
                    route.key().equals(Route.ROOT)
                            ? "default route"
                            : Matcher.format(tree.matchers()));
            if (tree.continues()) {
                words.add("continue: true");
            }
            words.add("receiver: " + receiver(route));
            times(words, "muted: ", route.muted());
            times(words, "active: ", route.active());
            return String.join("  ", words);
        }

        private static void times(List<String> words, String what, List<TimeIntervals> times) {
            if (!times.isEmpty()) {
                words.add(what + String.join(", ", times.stream().map(t -> t.name()).toList()));
            }
        }
    }

    /** {@code driftwatch routes test}. */
    @Command(
            name = "test",
            mixinStandardHelpOptions = true,
            description = "Says which receivers an alert with these labels reaches.")
    static final class Test implements Callable<Integer> {
        @Mixin private ConfigOption config;
        @Spec private CommandSpec spec;

        @Option(
                names = "--verify.receivers",
                paramLabel = "NAMES",
                split = ",",
                description = "the receivers it must reach, in this order; exit code 1 otherwise")
        private List<String> expected;

        @Parameters(arity = "0..*", paramLabel = "LABEL=VALUE", description = "labels of an alert")
        private List<String> labels;

        @Override
        public Integer call() {
            AlertsConfig alerts = config.load().alerts();
            List<String> reached =
                    alerts.routes().match(parsed()).stream().map(RoutesCommand::receiver).toList();
            PrintWriter out = spec.commandLine().getOut();
            out.println(String.join(",", reached));
            out.flush();
            if (expected != null && !expected.equals(reached)) {
                throw new UserError(
                        "these labels reach "
                                + String.join(",", reached)
                                + " and not "
                                + String.join(",", expected));
            }
            return ExitCode.FINE;
        }

        private Map<String, String> parsed() {
            Map<String, String> parsed = new LinkedHashMap<>();
            for (String label : labels == null ? List.<String>of() : labels) {
                int equals = label.indexOf('=');
                if (equals <= 0) {
                    throw new UserError(
                            "'" + label + "' is not a label; use for example severity=critical");
                }
                parsed.put(label.substring(0, equals), label.substring(equals + 1));
            }
            return parsed;
        }
    }
}
