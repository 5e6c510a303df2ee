package io.driftwatch.job.cli;

import io.driftwatch.alerts.config.Durations;
import io.driftwatch.alerts.route.Silences;
import io.driftwatch.alerts.route.Silences.Phase;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.kafka.TopicRecords;
import io.driftwatch.job.source.ControlTopic;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.Silence;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code driftwatch silence}. */
@Command(
        name = "silence",
        mixinStandardHelpOptions = true,
        description = "Keeps alerts quiet for a time, while the jobs run on.",
        synopsisSubcommandLabel = "add|list|expire",
        subcommands = {
            SilenceCommand.Add.class,
            SilenceCommand.ListThem.class,
            SilenceCommand.Expire.class
        },
        footer = {
            "",
            "Examples:",
            "  driftwatch silence add -c driftwatch.yaml --comment 'new sensor' --duration 8h"
                    + " 'feature=~\"temp_.*\"'",
            "  driftwatch silence list -c driftwatch.yaml",
            "  driftwatch silence expire -c driftwatch.yaml"
                    + " $(driftwatch silence list -c driftwatch.yaml --quiet)"
        })
public final class SilenceCommand implements Callable<Integer> {
    private static final Clock CLOCK = Clock.systemUTC();

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }

    private static TopicRecords<Silence> topic(ConfigOption config) {
        MonitorConfig loaded = config.loadWithKafka();
        return new TopicRecords<>(
                loaded.kafka(), loaded.topics().control(), ControlTopic.SILENCE, Silence.class);
    }

    /** {@code driftwatch silence add}. */
    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Adds a silence and prints its id.")
    static final class Add implements Callable<Integer> {
        @Mixin private ConfigOption config;
        @Spec private CommandSpec spec;

        @Parameters(
                arity = "1..*",
                paramLabel = "MATCHER",
                description = "label=\"value\", or with != =~ !~; all must match")
        private List<String> matchers;

        @Option(names = "--comment", required = true, description = "why")
        private String comment;

        @Option(names = "--author", description = "who; default is the user of this machine")
        private String author = System.getProperty("user.name");

        @Option(
                names = "--duration",
                paramLabel = "D",
                defaultValue = "1h",
                description = "how long, such as 30m or 2d (default ${DEFAULT-VALUE})")
        private String duration;

        @Option(names = "--from", paramLabel = "T", description = "begin, ISO 8601; default now")
        private String from;

        @Option(
                names = "--until",
                paramLabel = "T",
                description = "end, ISO 8601, instead of --duration")
        private String until;

        @Override
        public Integer call() {
            ClassTrust.ensure();
            Instant now = CLOCK.instant();
            Instant begin = from == null ? now : instant("--from", from);
            Instant end = until == null ? begin.plus(length()) : instant("--until", until);
            Silence silence;
            try {
                silence = Silences.create(matchers, begin, end, author, comment, now);
            } catch (IllegalArgumentException mistake) {
                throw new UserError(mistake.getMessage(), mistake);
            }
            TopicRecords<Silence> topic = topic(config);
            try {
                topic.write(withForgotten(silence, topic.latest(), now));
            } catch (IOException e) {
                throw new UserError(e.getMessage(), e);
            }
            spec.commandLine().getOut().println(silence.getId());
            spec.commandLine().getOut().flush();
            return ExitCode.FINE;
        }

        private Duration length() {
            try {
                return Durations.parse(duration);
            } catch (IllegalArgumentException mistake) {
                throw new UserError("--duration: " + mistake.getMessage(), mistake);
            }
        }

        private static Instant instant(String option, String text) {
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException mistake) {
                throw new UserError(
                        option
                                + " '"
                                + text
                                + "' is not a time; use for example 2026-11-21T18:00:00Z",
                        mistake);
            }
        }

        /** The topic does not grow for ever. */
        private static Map<String, Silence> withForgotten(
                Silence added, List<Silence> all, Instant now) {
            Map<String, Silence> records = new HashMap<>();
            for (Silence each : all) {
                if (Silences.isOver(each, now)) {
                    records.put(each.getId(), null);
                }
            }
            records.put(added.getId(), added);
            return records;
        }
    }

    /** {@code driftwatch silence list}. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Prints the silences that hold or will.")
    static final class ListThem implements Callable<Integer> {
        @Mixin private ConfigOption config;
        @Spec private CommandSpec spec;

        @Option(names = "--expired", description = "also those that have ended in the last 5 days")
        private boolean expired;

        @Option(
                names = {"-q", "--quiet"},
                description = "ids only")
        private boolean quiet;

        @Override
        public Integer call() {
            Instant now = CLOCK.instant();
            PrintWriter out = spec.commandLine().getOut();
            List<Silence> shown;
            try {
                shown = topic(config).latest().stream().filter(s -> isShown(s, now)).toList();
            } catch (IOException e) {
                throw new UserError(e.getMessage(), e);
            }
            if (quiet) {
                shown.forEach(silence -> out.println(silence.getId()));
            } else if (shown.isEmpty()) {
                out.println("no silences");
            } else {
                table(shown, now).print(out);
            }
            out.flush();
            return ExitCode.FINE;
        }

        private boolean isShown(Silence silence, Instant now) {
            return expired || Silences.phase(silence, now) != Phase.EXPIRED;
        }

        private static Table table(List<Silence> silences, Instant now) {
            Table table = new Table("id", "state", "from", "until", "by", "matchers", "comment");
            for (Silence silence : silences) {
                table.row(
                        silence.getId(),
                        Silences.phase(silence, now).name().toLowerCase(Locale.ROOT),
                        silence.getStartsAt().toString(),
                        silence.getEndsAt().toString(),
                        silence.getCreatedBy(),
                        String.join(" ", silence.getMatchers()),
                        silence.getComment());
            }
            return table;
        }
    }

    /** {@code driftwatch silence expire}. */
    @Command(name = "expire", mixinStandardHelpOptions = true, description = "Ends silences now.")
    static final class Expire implements Callable<Integer> {
        @Mixin private ConfigOption config;

        @Parameters(arity = "1..*", paramLabel = "ID", description = "ids, as list prints them")
        private List<String> ids;

        @Override
        public Integer call() {
            Instant now = CLOCK.instant();
            TopicRecords<Silence> topic = topic(config);
            try {
                List<Silence> all = topic.latest();
                Map<String, Silence> ended = new HashMap<>();
                for (String id : ids) {
                    ended.put(id, Silences.expired(find(all, id), now));
                }
                topic.write(ended);
            } catch (IOException e) {
                throw new UserError(e.getMessage(), e);
            }
            return ExitCode.FINE;
        }

        private static Silence find(List<Silence> all, String id) {
            return all.stream()
                    .filter(silence -> silence.getId().equals(id))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new UserError(
                                            "there is no silence "
                                                    + id
                                                    + "; see driftwatch silence list --expired"));
        }
    }
}
