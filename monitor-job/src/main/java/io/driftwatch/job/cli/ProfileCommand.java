package io.driftwatch.job.cli;

import io.driftwatch.alerts.config.Durations;
import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.dependence.Dependence;
import io.driftwatch.detectors.dependence.DependenceEstimator;
import io.driftwatch.detectors.dependence.Season;
import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Tally;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.config.StreamFormat;
import io.driftwatch.job.config.StreamRole;
import io.driftwatch.job.profile.FileInput;
import io.driftwatch.job.profile.ProfileFile;
import io.driftwatch.job.profile.ProfileTask;
import io.driftwatch.job.profile.ReferenceBuilder;
import io.driftwatch.job.profile.ReferenceInput;
import io.driftwatch.job.profile.ReferenceSample;
import io.driftwatch.job.profile.TopicInput;
import io.driftwatch.job.source.FileSources.Input;
import io.driftwatch.schemas.DeadLetter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code driftwatch profile}. */
@Command(
        name = "profile",
        mixinStandardHelpOptions = true,
        description = "Builds the reference profile of a model from files or topics.",
        footer = {
            "",
            "Examples:",
            "  driftwatch profile -c driftwatch.yaml --input inference=train.csv"
                    + " --output profiles/m.avro",
            "  driftwatch profile -c driftwatch.yaml --model fraud --input features=f.csv.gz"
                    + " --input predictions=p.jsonl --output profiles/fraud.avro",
            "  driftwatch profile -c driftwatch.yaml --from-topic inference --from 2026-01-01"
                    + " --until 2026-02-01 --output profiles/m.avro"
        })
public final class ProfileCommand implements Callable<Integer> {
    /** A window should be at most a tenth of the reference, or false alarms depend on its luck. */
    private static final int GOOD_REFERENCE_ROWS = 1000;

    /** Above this, rows are far from independent, which is worth a look at the data. */
    private static final double MUCH_OVERDISPERSION = 2;

    @Mixin private ConfigOption config;
    @Mixin private TimeRangeOption range;
    @Spec private CommandSpec spec;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            description = "which model; may be left out where there is one")
    private String modelName;

    @Option(
            names = {"-i", "--input"},
            paramLabel = "ROLE=FILE",
            description = "reference rows of one stream: .csv, .jsonl (.gz too) or .avro")
    private List<String> inputTexts = List.of();

    @Option(
            names = "--from-topic",
            paramLabel = "ROLE",
            description = "read that stream's topic instead, all that it holds now")
    private List<String> topicRoles = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "PROFILE",
            description = "where to write; default is the path in the configuration")
    private Path output;

    @Override
    public Integer call() throws IOException {
        MonitorConfig loaded = topicRoles.isEmpty() ? config.load() : config.loadWithKafka();
        ModelConfig model = Inputs.modelOrOnly(loaded, modelName);
        ProfileTask task = new ProfileTask(model, inputs(loaded, model), range.from, range.until);
        List<ReferenceSample> samples;
        double seconds;
        try (Progress progress = new Progress("profile " + model.name(), task::rows, task::share)) {
            samples = task.run(Instant.now(), "driftwatch " + Version.number());
            seconds = progress.seconds();
        } catch (IllegalArgumentException | IOException e) {
            throw new UserError(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
        if (samples.isEmpty()) {
            throw new UserError(nothing(task));
        }
        Path file = output == null ? model.profilePath() : output;
        try {
            ProfileFile.write(file, samples);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be written (" + e.getMessage() + ")", e);
        }
        report(spec.commandLine().getOut(), model, task, samples, file, seconds);
        return ExitCode.FINE;
    }

    private List<ReferenceInput> inputs(MonitorConfig loaded, ModelConfig model)
            throws IOException {
        List<ReferenceInput> inputs = new ArrayList<>();
        for (Input input : Inputs.parse(inputTexts, loaded, model.name())) {
            if (!input.model().equals(model.name())) {
                throw new UserError(
                        "--input for model '"
                                + input.model()
                                + "', but --model is '"
                                + model.name()
                                + "'");
            }
            inputs.add(new FileInput(model.stream(input.role()).orElseThrow(), input.path()));
        }
        for (String role : topicRoles) {
            inputs.add(new TopicInput(loaded.kafka(), stream(model, role)));
        }
        if (inputs.isEmpty()) {
            throw new UserError("nothing to read; give --input ROLE=FILE or --from-topic ROLE");
        }
        return inputs;
    }

    private static StreamConfig stream(ModelConfig model, String role) {
        StreamConfig stream =
                model.streams().stream()
                        .filter(s -> s.role().key().equals(role.toLowerCase(Locale.ROOT)))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new UserError(
                                                "model '"
                                                        + model.name()
                                                        + "' has no stream '"
                                                        + role
                                                        + "'; its streams are "
                                                        + model.streams().stream()
                                                                .map(StreamConfig::role)
                                                                .map(StreamRole::key)
                                                                .toList()));
        if (stream.format() == StreamFormat.CSV) {
            throw new UserError("format csv is for files; topics hold json or avro");
        }
        return stream;
    }

    private static String nothing(ProfileTask task) {
        if (task.rejected() > 0) {
            return "none of the "
                    + task.rows()
                    + " rows could be read; the first: "
                    + task.examples().get(0).getDetail();
        }
        if (task.outside() > 0) {
            return "all " + task.outside() + " rows lie outside --from and --until";
        }
        return "there are no rows; is it the right file or topic?";
    }

    private static void report(
            PrintWriter out,
            ModelConfig model,
            ProfileTask task,
            List<ReferenceSample> samples,
            Path file,
            double seconds) {
        ReferenceSample first = samples.get(0);
        Table table =
                new Table(
                        "feature",
                        "type",
                        "values",
                        "missing",
                        "cells",
                        "mean",
                        "sd",
                        "overdispersion");
        for (Map.Entry<String, FeatureProfile> each : first.features().entrySet()) {
            row(table, each.getKey(), each.getValue(), first.dependenceOf(each.getKey()), task);
        }
        table.print(out);
        long wholes = samples.stream().filter(s -> s.key().segmentName().isEmpty()).count();
        out.printf(
                Locale.ROOT,
                "%n%s: model %s, %d version(s), %d segment(s), %,d rows in %.1f s%n",
                file,
                first.key().model(),
                wholes,
                samples.size() - wholes,
                first.rows(),
                seconds);
        explain(out, first, model);
        warn(out, task, samples, model);
        out.flush();
    }

    private static void row(
            Table table,
            String name,
            FeatureProfile profile,
            Dependence dependence,
            ProfileTask task) {
        long count = profile.reference().count();
        String type = profile.type().name().toLowerCase(Locale.ROOT);
        boolean numeric = profile.type() == FeatureType.NUMERIC;
        String cells =
                profile instanceof NumericProfile number
                        ? number.cellCount() + (number.exact() ? " exact" : " quantile")
                        : ((CategoricalProfile) profile).categories().size()
                                + (((CategoricalProfile) profile).hasOther()
                                        ? " categories + other"
                                        : " categories");
        double rows = profile.reference().rows();
        table.row(
                name,
                task.inferred().contains(name) ? type + " (inferred)" : type,
                count,
                Numbers.percent(profile.reference().missing() / rows),
                cells,
                numeric ? ((NumericProfile) profile).moments().mean() : Double.NaN,
                numeric ? ((NumericProfile) profile).moments().sd() : Double.NaN,
                text(dependence));
    }

    private static String text(Dependence dependence) {
        if (!dependence.isMeasured()) {
            return "-";
        }
        String factor = String.format(Locale.ROOT, "%.1f", dependence.overdispersion());
        return dependence.season() == Season.NONE
                ? factor
                : String.format(
                        Locale.ROOT,
                        "%s (%s x %.0f)",
                        factor,
                        name(dependence.season()),
                        dependence.seasonRatio());
    }

    private static String name(Season season) {
        return season.name().toLowerCase(Locale.ROOT);
    }

    /** What the table leaves open: why nothing was measured, what is counted together. */
    private static void explain(PrintWriter out, ReferenceSample sample, ModelConfig model) {
        if (sample.firstEventTime() == null) {
            out.println(
                    "note: overdispersion is not measured, as the rows carry no event time; tests"
                            + " take rows for independent");
        } else if (sample.blockMillis() == 0) {
            out.printf(
                    Locale.ROOT,
                    "note: overdispersion is not measured, as fewer than %d windows of %s hold %,d"
                            + " reference rows or more; tests take rows for independent%n",
                    DependenceEstimator.MIN_BLOCKS,
                    Durations.format(model.window().size()),
                    model.window().minReferenceRows());
        }
        sample.features()
                .forEach(
                        (name, profile) -> {
                            if (sample.dependenceOf(name).overdispersion() > MUCH_OVERDISPERSION) {
                                warnOfDependence(out, name, sample.dependenceOf(name));
                            }
                            if (profile instanceof CategoricalProfile categorical
                                    && categorical.hasOther()) {
                                explainOther(out, name, categorical);
                            }
                        });
    }

    private static void warnOfDependence(PrintWriter out, String name, Dependence dependence) {
        out.printf(
                Locale.ROOT,
                "warning: the counts of %s vary %.1f times as much from window to window as those"
                        + " of independent rows%s; look for repeated events, sessions or seasons;"
                        + " tests allow for it and see less%n",
                name,
                dependence.overdispersion(),
                dependence.season() == Season.NONE
                        ? ""
                        : ", most of all with the " + name(dependence.season()).replace('_', ' '));
    }

    private static void explainOther(PrintWriter out, String name, CategoricalProfile profile) {
        Tally reference = profile.reference();
        out.printf(
                Locale.ROOT,
                "note: %s has %,d categories; the %,d most frequent have cells and hold %s of the"
                        + " values, the other %,d share one; raise categories for more cells%n",
                name,
                profile.categories().size() + profile.rememberedCount(),
                profile.categories().size(),
                Numbers.percent(
                        1
                                - (double)
                                                (reference.countOf(profile.otherCell())
                                                        + reference.countOf(profile.newCell()))
                                        / reference.count()),
                profile.rememberedCount());
    }

    private static void warn(
            PrintWriter out, ProfileTask task, List<ReferenceSample> samples, ModelConfig model) {
        if (task.rejected() > 0) {
            out.printf(
                    Locale.ROOT,
                    "warning: %,d rows could not be read and are left out%n",
                    task.rejected());
            for (DeadLetter example : task.examples()) {
                out.println("  " + example.getDetail());
            }
        }
        if (task.outside() > 0) {
            out.printf(
                    Locale.ROOT, "%,d rows outside --from and --until left out%n", task.outside());
        }
        for (String name : task.codes()) {
            out.println(
                    "note: "
                            + name
                            + " has few distinct whole numbers; if they are codes, configure it as"
                            + " {type: categorical}");
        }
        task.unlisted()
                .forEach(
                        (name, rows) ->
                                out.printf(
                                        Locale.ROOT,
                                        "warning: %s has more than 1,000,000 categories; %,d rows"
                                                + " with later ones count as new; is it an"
                                                + " identifier?%n",
                                        name,
                                        rows));
        if (task.smallSegments() > 0) {
            out.printf(
                    Locale.ROOT,
                    "note: %,d segment(s) have fewer than %,d rows, or are not among the largest"
                            + " %,d, and are watched only as part of the whole%n",
                    task.smallSegments(),
                    model.window().minReferenceRows(),
                    ReferenceBuilder.MOST_SEGMENTS);
        }
        for (ReferenceSample sample : samples) {
            if (sample.key().segmentName().isEmpty() && sample.rows() < GOOD_REFERENCE_ROWS) {
                out.printf(
                        Locale.ROOT,
                        "warning: the reference of version %s has only %,d rows; 10,000 or more give"
                                + " steady thresholds%n",
                        sample.key().version(),
                        sample.rows());
            }
        }
    }
}
