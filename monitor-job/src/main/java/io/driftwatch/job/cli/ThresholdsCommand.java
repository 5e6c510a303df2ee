package io.driftwatch.job.cli;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.config.FalseAlarms;
import io.driftwatch.alerts.retrain.RetrainPolicy;
import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.significance.FalseAlarmBudget;
import io.driftwatch.detectors.statistic.Statistics;
import io.driftwatch.job.TemporaryFolder;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.SignificanceConfig;
import io.driftwatch.job.profile.ModelProfiles;
import io.driftwatch.job.profile.ReferenceSample;
import io.driftwatch.job.score.Baseline;
import io.driftwatch.job.sink.FileSinks;
import io.driftwatch.job.thresholds.Method;
import io.driftwatch.job.thresholds.Proposal;
import io.driftwatch.job.thresholds.RuleFragment;
import io.driftwatch.job.thresholds.ThresholdStudy;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.json.AvroJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code driftwatch thresholds}. */
@Command(
        name = "thresholds",
        mixinStandardHelpOptions = true,
        description = {
            "Proposes a threshold for every feature and statistic, from history in files.",
            "Replays it, shows what would have fired, and writes the rules."
        },
        footer = {
            "",
            "Methods:",
            "  law        where chance alone would exceed it as often as the budget allows",
            "  history    the largest value of history: nothing in it would have fired",
            "  mean_3sd   mean and three standard deviations of history, as NannyML does",
            "",
            "Examples:",
            "  driftwatch thresholds -c driftwatch.yaml --input inference=may.csv.gz --output rules.yaml",
            "  driftwatch thresholds -c driftwatch.yaml --input inference=reference.csv"
                    + " --method mean_3sd --leave-one-out"
        })
public final class ThresholdsCommand implements Callable<Integer> {
    /** Below this, three standard deviations of so few numbers are little more than a guess. */
    private static final int FEW_WINDOWS = 30;

    private static final int SHOWN_WINDOWS = 5;

    @Mixin private ConfigOption config;
    @Mixin private TimeRangeOption range;
    @Spec private CommandSpec spec;

    @Option(
            names = {"-i", "--input"},
            required = true,
            paramLabel = "[MODEL:]ROLE=FILE",
            description = "history of one stream, in time order: .csv, .jsonl (.gz too) or .avro")
    private List<String> inputTexts;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            description = "the model; may be left out if there is only one")
    private String modelName;

    @Option(
            names = "--false-alarms",
            paramLabel = "BUDGET",
            converter = BudgetConverter.class,
            description =
                    "false alarms that the rules together may raise, such as '1 per 30d'; default:"
                            + " the model's false_alarms, else that")
    private FalseAlarmBudget budget;

    @Option(
            names = "--method",
            defaultValue = "law",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
    private Method method;

    @Option(
            names = "--leave-one-out",
            description =
                    "the input is the reference itself: every window is compared with the rest")
    private boolean leaveOneOut;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "where the rules go; default: the screen")
    private Path output;

    /** Reads {@code 1 per 30d}. */
    static final class BudgetConverter implements ITypeConverter<FalseAlarmBudget> {
        @Override
        public FalseAlarmBudget convert(String text) {
            try {
                return FalseAlarms.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    @Override
    public Integer call() throws Exception {
        FileRun files = FileRun.prepare(config, inputTexts, range);
        ModelConfig model = Inputs.modelOrOnly(files.config(), modelName);
        ModelProfiles profiles = files.profiles().of(model).profiles();
        FalseAlarmBudget allowed = allowed(model);
        int tests = tests(model, profiles);
        if (tests == 0) {
            throw new UserError(
                    "none of the statistics of model '"
                            + model.name()
                            + "' is a size of a drift; add for example psi or ks to its statistics");
        }
        double level =
                allowed.level(model.window().slide(), (long) tests * profiles.samples().size());
        ThresholdStudy study = study(files, model, level);
        List<Proposal> proposals = study.proposals();
        if (proposals.isEmpty()) {
            throw new UserError(
                    "no window of the input could be scored; are there enough rows in a window of"
                            + " this size, and is it the right file?");
        }
        PrintWriter out = spec.commandLine().getOut();
        report(out, proposals, allowed, level);
        write(out, RuleFragment.of(model.name(), proposals, method, allowed));
        return ExitCode.FINE;
    }

    private FalseAlarmBudget allowed(ModelConfig model) {
        if (budget != null) {
            return budget;
        }
        FalseAlarmBudget own = model.significance().budget();
        return own == null ? FalseAlarms.parse("1 per 30d") : own;
    }

    private static int tests(ModelConfig model, ModelProfiles profiles) {
        ReferenceSample whole = profiles.whole(profiles.versions().iterator().next());
        int tests = 0;
        for (var feature : whole.features().entrySet()) {
            FeatureProfile profile = feature.getValue();
            if (model.isWatched(feature.getKey())) {
                tests +=
                        (int)
                                model.statisticsOf(feature.getKey()).stream()
                                        .filter(ThresholdStudy::covers)
                                        .map(name -> Statistics.named(name).orElseThrow())
                                        .filter(s -> s.appliesTo(profile.type()))
                                        .count();
            }
        }
        return tests;
    }

    /** The same dataflow as always, without rules, at the level that the budget leaves. */
    private ThresholdStudy study(FileRun files, ModelConfig model, double level) throws Exception {
        SignificanceConfig given = model.significance();
        ModelConfig at =
                model.with(
                        new SignificanceConfig(level, null, given.correction(), given.severity()));
        MonitorConfig plain = files.config();
        AlertsConfig alerts = plain.alerts();
        FileRun run =
                files.with(
                        new MonitorConfig(
                                plain.kafka(),
                                plain.topics(),
                                List.of(at),
                                new AlertsConfig(
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        alerts.routes(),
                                        alerts.receivers(),
                                        alerts.inhibitRules(),
                                        alerts.delivery(),
                                        RetrainPolicy.builder().build(),
                                        List.of(),
                                        alerts.canary()),
                                plain.metrics(),
                                plain.flink()));
        ThresholdStudy study = new ThresholdStudy(method, level);
        try (TemporaryFolder folder = TemporaryFolder.create("driftwatch-thresholds-")) {
            StreamExecutionEnvironment env = run.environment();
            run.define(
                    env,
                    leaveOneOut ? Baseline.REST_OF_REFERENCE : Baseline.REFERENCE,
                    new FileSinks(folder.path()));
            FileRun.run(env, "thresholds");
            read(folder.resolve(FileSinks.SCORES), study);
        }
        return study;
    }

    private static void read(Path scores, ThresholdStudy study) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(scores)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                study.add(AvroJson.fromJson(line, Score.class));
            }
        }
    }

    private void report(
            PrintWriter out, List<Proposal> proposals, FalseAlarmBudget allowed, double level) {
        Table table =
                new Table(
                        "statistic",
                        "feature",
                        "windows",
                        "rows",
                        "median",
                        "largest",
                        "by law",
                        "mean + 3 sd",
                        "proposed",
                        "would have fired");
        for (Proposal each : proposals) {
            table.row(
                    each.statistic(),
                    each.feature(),
                    each.windows(),
                    each.count(),
                    each.median(),
                    each.largest(),
                    each.law(),
                    each.mean3sd(),
                    each.threshold(),
                    each.fired().size());
        }
        table.print(out);
        out.printf(
                Locale.ROOT,
                "%nBudget: %s, %d tests in a window, each at p <= %.3g.%n",
                FalseAlarms.text(allowed),
                proposals.size(),
                level);
        List<String> fired = RuleFragment.fired(proposals, SHOWN_WINDOWS);
        if (fired.isEmpty()) {
            out.println("Nothing in this history would have fired.");
        } else {
            out.println("Would have fired, by the start of the window:");
            fired.forEach(line -> out.println("  " + line));
        }
        warn(out, proposals);
    }

    private void warn(PrintWriter out, List<Proposal> proposals) {
        int windows = proposals.stream().mapToInt(Proposal::windows).min().orElseThrow();
        if (method == Method.MEAN_3SD && windows < FEW_WINDOWS) {
            out.printf(
                    Locale.ROOT,
                    "warning: with %d windows, mean + 3 sd is uncertain: simulations without drift gave"
                            + " false alarms in %s of all windows with 6, 10 and 30 windows; use a longer"
                            + " history, or --method law%n",
                    windows,
                    leaveOneOut ? "3.9, 1.7 and 0.6 %" : "16.8, 5.7 and 1.0 %");
        }
        boolean often =
                proposals.stream().anyMatch(p -> p.fired().size() > Math.max(3, p.windows() / 20));
        if (often) {
            out.println(
                    "warning: more than one window in twenty would have fired. Either this history"
                            + " holds drift, or the reference is not like it: look at the windows above,"
                            + " choose another reference, or use --method history");
        }
    }

    private void write(PrintWriter out, String fragment) throws IOException {
        if (output == null) {
            out.println();
            out.print(fragment);
        } else {
            Files.writeString(output, fragment);
            out.println("Rules are in " + output);
        }
        out.flush();
    }
}
