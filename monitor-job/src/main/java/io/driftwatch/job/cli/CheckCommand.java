package io.driftwatch.job.cli;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.config.Location;
import io.driftwatch.alerts.config.Problem;
import io.driftwatch.alerts.config.Problems;
import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.Lint;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.kafka.KafkaRight;
import io.driftwatch.job.kafka.KafkaTopics;
import io.driftwatch.job.kafka.KafkaTopics.Needed;
import io.driftwatch.job.kafka.KafkaTopics.Seen;
import io.driftwatch.job.kafka.KafkaUser;
import io.driftwatch.job.profile.LoadedProfile;
import io.driftwatch.job.profile.LoadedProfiles;
import io.driftwatch.job.significance.PlanReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code driftwatch check}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Checks configuration files and the profiles they name, without a cluster.",
        footer = {
            "",
            "Examples:",
            "  driftwatch check driftwatch.yaml",
            "  driftwatch check --online --lint-fatal driftwatch.yaml   in a pipeline, before a"
                    + " roll-out"
        })
public final class CheckCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "configuration files")
    private List<Path> files;

    @Option(
            names = "--online",
            description =
                    "also ask Kafka whether the topics are there, and what we may do with them")
    private boolean online;

    @Option(names = "--lint-fatal", description = "warnings count: exit code 3")
    private boolean lintFatal;

    @Override
    public Integer call() {
        boolean wrong = false;
        boolean odd = false;
        for (Path file : files) {
            Result result = check(file);
            wrong |= !result.problems().isEmpty();
            odd |= !result.warnings().isEmpty();
            print(spec.commandLine().getOut(), file, result);
        }
        if (wrong) {
            return ExitCode.INPUT;
        }
        return odd && lintFatal ? ExitCode.LINT : ExitCode.FINE;
    }

    /** What was found in one file. */
    private record Result(
            MonitorConfig config,
            List<Problem> problems,
            List<String> warnings,
            List<PlanReport> plans,
            List<String> rights) {}

    private Result check(Path file) {
        Problems problems = new Problems();
        MonitorConfig config = ConfigLoader.load(file, problems);
        List<String> warnings = new ArrayList<>();
        List<PlanReport> plans = new ArrayList<>();
        List<String> rights = new ArrayList<>();
        if (problems.isEmpty()) {
            LoadedProfiles profiles = profiles(config, problems, warnings);
            warnings.addAll(Lint.of(config));
            plans(config, profiles, plans);
            plans.forEach(plan -> warnings.addAll(plan.warnings()));
            if (online) {
                topics(file, config, problems, warnings, rights);
            }
        }
        return new Result(config, problems.list(), warnings, plans, rights);
    }

    /** A profile that is not there yet is not wrong: it is built from this very configuration. */
    private static LoadedProfiles profiles(
            MonitorConfig config, Problems problems, List<String> warnings) {
        List<Problem> mistakes = new ArrayList<>();
        Problems found = new Problems();
        LoadedProfiles loaded = LoadedProfiles.load(config, found);
        mistakes.addAll(found.list());
        for (Problem mistake : mistakes) {
            if (Files.exists(Path.of(mistake.location().file()))) {
                problems.add(mistake.location(), mistake.message());
            } else {
                warnings.add(mistake.location().file() + ": " + mistake.message());
            }
        }
        return loaded;
    }

    private static void plans(
            MonitorConfig config, LoadedProfiles profiles, List<PlanReport> plans) {
        for (ModelConfig model : config.models()) {
            LoadedProfile profile = profiles.of(model);
            if (profile != null) {
                plans.add(PlanReport.of(model, config.alerts().rules(), profile.profiles()));
            }
        }
    }

    private static void topics(
            Path file,
            MonitorConfig config,
            Problems problems,
            List<String> warnings,
            List<String> rights) {
        Location place = new Location(file.toString(), 1, 1);
        if (config.kafka().bootstrapServers().isEmpty()) {
            problems.add(place, "has no kafka section, so there is nothing to check --online");
            return;
        }
        List<Needed> needed = KafkaTopics.of(config);
        try (KafkaTopics topics = new KafkaTopics(config.kafka())) {
            Map<String, Seen> existing = topics.look(needed.stream().map(Needed::name).toList());
            for (Needed topic : needed) {
                Seen seen = existing.get(topic.name());
                if (!seen.exists() && !seen.hidden()) {
                    warnings.add(
                            "topic '"
                                    + topic.name()
                                    + "' ("
                                    + topic.purpose()
                                    + ") does not exist; see driftwatch topics plan");
                }
            }
            for (KafkaUser user : KafkaUser.values()) {
                if (user.rights(config).isEmpty()) {
                    continue;
                }
                List<KafkaRight> lacking = topics.lacking(user.rights(config));
                rights.add(user.key() + ": " + may(lacking));
            }
        } catch (IOException e) {
            problems.add(place, e.getMessage());
        }
    }

    private static String may(List<KafkaRight> lacking) {
        return lacking.isEmpty()
                ? "may do all it does"
                : "lacks "
                        + lacking.stream()
                                .map(KafkaRight::toString)
                                .collect(Collectors.joining(", "));
    }

    private static void print(PrintWriter out, Path file, Result result) {
        out.println(
                "Checking '" + file + "'  " + (result.problems().isEmpty() ? "SUCCESS" : "FAILED"));
        for (Problem problem : result.problems()) {
            out.println("  " + problem);
        }
        for (String warning : result.warnings()) {
            out.println("  warning: " + warning);
        }
        if (result.problems().isEmpty()) {
            MonitorConfig config = result.config();
            out.println("Found:");
            out.println("  - " + config.models().size() + " model(s)");
            AlertsConfig alerts = config.alerts();
            int rules =
                    alerts.rules().size()
                            + alerts.combinations().size()
                            + alerts.noDataRules().size();
            out.println("  - " + rules + " rule(s)");
            out.println("  - " + config.alerts().receiversBesideCanary().size() + " receiver(s)");
        }
        if (!result.rights().isEmpty()) {
            out.println("To Kafka, the user of this configuration as");
            result.rights().forEach(line -> out.println("  - " + line));
        }
        result.plans().forEach(plan -> PlanText.print(out, plan));
        out.flush();
    }
}
