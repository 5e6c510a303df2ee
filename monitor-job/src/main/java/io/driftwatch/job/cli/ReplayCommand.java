package io.driftwatch.job.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.job.NotifyPipeline;
import io.driftwatch.job.score.Baseline;
import io.driftwatch.job.sink.FileSinks;
import io.driftwatch.schemas.Alert;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.flink.api.common.JobExecutionResult;
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
            "Runs the same job over files, or over topics as they are now.",
            "Writes what it finds into a folder:",
            "scores.jsonl, alerts.jsonl, notifications.jsonl (what would have been sent),",
            "late.jsonl, dead_letters.jsonl and summary.json."
        },
        footer = {
            "",
            "Examples:",
            "  driftwatch replay -c driftwatch.yaml --input inference=june.csv.gz --output out",
            "  driftwatch replay -c driftwatch.yaml --input fraud:features=f.jsonl"
                    + " --input fraud:predictions=p.jsonl --output out",
            "  driftwatch replay -c driftwatch.yaml --from-topic --from 2026-06-14T00:00Z"
                    + " --until 2026-06-15T00:00Z --output out"
        })
public final class ReplayCommand implements Callable<Integer> {
    @Mixin private ConfigOption config;
    @Mixin private TimeRangeOption range;
    @Spec private CommandSpec spec;

    @Option(
            names = {"-i", "--input"},
            paramLabel = "[MODEL:]ROLE=FILE",
            description = "records of one stream, in time order: .csv, .jsonl (.gz too) or .avro")
    private List<String> inputTexts = List.of();

    @Option(
            names = "--from-topic",
            description = "read the streams' topics instead, all that they hold now")
    private boolean fromTopic;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "DIR",
            description = "folder for the results; made if it does not exist")
    private Path output;

    @Override
    public Integer call() throws Exception {
        if (fromTopic == !inputTexts.isEmpty()) {
            throw new UserError("give either --input ROLE=FILE or --from-topic");
        }
        FileRun files =
                fromTopic
                        ? FileRun.prepareTopics(config, range)
                        : FileRun.prepare(config, inputTexts, range);
        makeFolder();
        StreamExecutionEnvironment env = files.environment();
        FileSinks sinks = new FileSinks(output);
        DataStream<Alert> alerts = files.define(env, Baseline.REFERENCE, sinks);
        AlertsConfig routing = files.config().alerts();
        if (routing.routes().hasReceiver()) {
            sinks.notifications(NotifyPipeline.replay(alerts, routing));
        } else {
            Files.writeString(output.resolve(FileSinks.NOTIFICATIONS), "");
        }
        report(FileRun.run(env, "replay"));
        return ExitCode.FINE;
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
