package io.driftwatch.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Where the job's time goes and what it allocates: one run with JFR, and what that saw, as text.
 */
@Command(name = "profile", mixinStandardHelpOptions = true)
public final class PipelineProfile implements Callable<Integer> {
    @Option(
            names = "--workload",
            paramLabel = "NAME",
            defaultValue = "avro-20",
            description = "see pipeline")
    private PipelineWorkload workload;

    @Option(
            names = "--job",
            defaultValue = "MONITOR",
            description = "one of ${COMPLETION-CANDIDATES}")
    private PipelineJob job;

    @Option(names = "--recording", description = "reads this JFR file instead of making one")
    private Path existing;

    @Option(names = "--warmup", defaultValue = "20", description = "seconds of warm-up, at least")
    private double warmup;

    @Option(names = "--records", description = "records in the topic, instead of the workload's")
    private Long records;

    @Option(names = "--seed", defaultValue = "1", description = "of the made-up records")
    private long seed;

    @Option(names = "--smoke", description = "a short run: shows that it works, no more")
    private boolean smoke;

    @Option(
            names = "--output",
            required = true,
            description = "where the Markdown goes, and beside it the recording")
    private Path output;

    public static void main(String[] args) {
        System.exit(
                new CommandLine(new PipelineProfile())
                        .registerConverter(PipelineWorkload.class, PipelineWorkload::named)
                        .execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Markdown markdown = new Markdown();
        if (existing != null) {
            markdown.heading("Profile: " + existing.getFileName());
            Hotspots.read(existing).describe(markdown, Double.NaN);
        } else {
            profile(markdown);
        }
        Files.writeString(output, markdown.toString());
        return 0;
    }

    private void profile(Markdown markdown) throws Exception {
        long count = records != null ? records : workload.records(smoke);
        double warm = smoke ? 1 : warmup;
        Path recording = output.toAbsolutePath().resolveSibling("profile-" + workload + ".jfr");
        String load = Machine.load();
        Measured measured;
        try (KafkaFixture kafka = KafkaFixture.start()) {
            Path config = kafka.prepare(workload.shape(), workload.format(), seed, 1, count);
            measured =
                    PipelineProcess.STEADY
                            .lasting(warm, 0)
                            .recording(recording)
                            .run(job, config, count);
        }
        markdown.heading("Profile: " + job.title() + ", " + workload.title())
                .paragraph(
                        "A JFR recording of %.1f s after %.0f s of warm-up: %,.0f records/s, %.2f"
                                + " us of CPU and %,.0f bytes a record; seed %d; load average"
                                + " before %s, after %s. JFR looks at running threads every 10 ms"
                                + " or so; places are exact to the inlined method"
                                + " (DebugNonSafepoints).",
                        measured.seconds(),
                        warm,
                        measured.recordsPerSecond(),
                        measured.cpuMicrosPerRecord(),
                        measured.bytesPerRecord(),
                        seed,
                        load,
                        Machine.load());
        Hotspots.read(recording).describe(markdown, measured.bytesPerRecord());
    }
}
