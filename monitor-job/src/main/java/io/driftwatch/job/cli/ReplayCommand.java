package io.driftwatch.job.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.driftwatch.alerts.config.Problems;
import io.driftwatch.job.DriftPipeline;
import io.driftwatch.job.JobEnvironment;
import io.driftwatch.job.NotifyPipeline;
import io.driftwatch.job.RecordCounts;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.decode.RecordCursor;
import io.driftwatch.job.profile.FileInput;
import io.driftwatch.job.profile.LoadedProfiles;
import io.driftwatch.job.route.RouteFunction.TimeDomain;
import io.driftwatch.job.sink.FileSinks;
import io.driftwatch.job.source.FileSources;
import io.driftwatch.job.source.FileSources.Input;
import io.driftwatch.schemas.Alert;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code driftwatch replay}. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the same job over files, without Kafka, and writes what it finds into a folder:",
            "scores.jsonl, alerts.jsonl, notifications.jsonl (what would have been sent),",
            "late.jsonl, dead_letters.jsonl and summary.json."
        },
        footer = {
            "",
            "Examples:",
            "  driftwatch replay -c driftwatch.yaml --input inference=june.csv.gz --output out",
            "  driftwatch replay -c driftwatch.yaml --input fraud:features=f.jsonl"
                    + " --input fraud:predictions=p.jsonl --output out"
        })
public final class ReplayCommand implements Callable<Integer> {
    @Mixin private ConfigOption config;
    @Mixin private TimeRangeOption range;
    @Spec private CommandSpec spec;

    @Option(
            names = {"-i", "--input"},
            required = true,
            paramLabel = "[MODEL:]ROLE=FILE",
            description = "records of one stream, in time order: .csv, .jsonl (.gz too) or .avro")
    private List<String> inputTexts;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "DIR",
            description = "folder for the results; made if it does not exist")
    private Path output;

    @Override
    public Integer call() throws Exception {
        MonitorConfig loaded = config.load();
        Problems problems = new Problems();
        LoadedProfiles profiles = LoadedProfiles.load(loaded, problems);
        problems.throwIfAny();
        String only = loaded.models().size() == 1 ? loaded.models().get(0).name() : null;
        List<Input> inputs = Inputs.parse(inputTexts, loaded, only);
        checkColumns(loaded, profiles, inputs);
        makeFolder();

        StreamExecutionEnvironment env = JobEnvironment.local(1, options(loaded));
        FileSinks sinks = new FileSinks(output);
        DataStream<Alert> alerts =
                DriftPipeline.define(
                        env,
                        loaded,
                        profiles,
                        new FileSources(inputs, range.from, range.until),
                        sinks);
        if (loaded.alerts().route().receiver() != null) {
            sinks.notifications(
                    NotifyPipeline.route(alerts, loaded.alerts(), TimeDomain.EVENT_TIME));
        } else {
            Files.writeString(output.resolve(FileSinks.NOTIFICATIONS), "");
        }
        report(run(env));
        return ExitCode.FINE;
    }

    /** A bounded run in one process begins anew when it fails: no restarts, no checkpoints. */
    private static Map<String, String> options(MonitorConfig config) {
        Map<String, String> options = new HashMap<>(config.flink());
        options.put("restart-strategy.type", "none");
        options.remove("execution.checkpointing.interval");
        return options;
    }

    /** Opens every input once, so that a wrong column is named before anything starts. */
    private static void checkColumns(
            MonitorConfig config, LoadedProfiles profiles, List<Input> inputs) {
        for (Input input : inputs) {
            ModelConfig model = config.model(input.model()).orElseThrow();
            StreamConfig stream = model.stream(input.role()).orElseThrow();
            FieldPlan plan = FieldPlan.of(model, stream, profiles.of(model).features());
            try (RecordCursor opened = new FileInput(stream, input.path()).open(plan)) {
                if (!opened.next()) {
                    throw new UserError(input.path() + ": holds no records");
                }
            } catch (IOException | IllegalArgumentException e) {
                throw new UserError(e.getMessage(), e);
            }
        }
    }

    private void makeFolder() {
        try {
            Files.createDirectories(output);
            Path probe = Files.createTempFile(output, ".driftwatch", ".probe");
            Files.delete(probe);
        } catch (IOException e) {
            throw new UserError(
                    "--output "
                            + output
                            + ": cannot be written ("
                            + e.getClass().getSimpleName()
                            + "); choose a folder of your own",
                    e);
        }
    }

    private JobExecutionResult run(StreamExecutionEnvironment env) throws Exception {
        JobClient job = env.executeAsync("driftwatch replay");
        try (Progress progress = new Progress("replay", () -> rowsSoFar(job), () -> Double.NaN)) {
            JobExecutionResult result = job.getJobExecutionResult().get();
            return result;
        }
    }

    private static long rowsSoFar(JobClient job) {
        try {
            Object rows = job.getAccumulators().get().get(RecordCounts.IN);
            return rows instanceof Long count ? count : 0;
        } catch (Exception e) {
            // Only for show: the job may just have ended.
            return 0;
        }
    }

    private void report(JobExecutionResult result) throws IOException {
        ReplaySummary summary = ReplaySummary.read(output, result);
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = summary.toJson(mapper);
        Files.writeString(
                output.resolve("summary.json"),
                mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
        PrintWriter out = spec.commandLine().getOut();
        summary.print(out);
        out.printf(Locale.ROOT, "%nResults are in %s%n", output);
        out.flush();
    }
}
