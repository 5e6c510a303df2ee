package io.driftwatch.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How much slower the monitor job is than reading its topic at all: pairs of a source-only job and
 * of the whole job over the same topic, each in a fresh process, by turns. Machines and their load
 * change from minute to minute, so only the ratio within a pair says much.
 */
@Command(name = "pipeline", mixinStandardHelpOptions = true)
public final class PipelineBenchmark implements Callable<Integer> {

    @Option(
            names = "--workload",
            paramLabel = "NAME",
            description = "one of ${COMPLETION-CANDIDATES}; all if none is named")
    private List<PipelineWorkload> workloads = Arrays.asList(PipelineWorkload.values());

    @Option(names = "--records", description = "records in the topic, instead of the workload's")
    private Long records;

    @Option(names = "--warmup", defaultValue = "8", description = "seconds of warm-up, at least")
    private double warmup;

    @Option(names = "--measure", defaultValue = "5", description = "seconds measured, at least")
    private double measure;

    @Option(
            names = "--parallelism",
            defaultValue = "1",
            description = "of the jobs; the topic has as many partitions")
    private int parallelism;

    @Option(names = "--heap", defaultValue = BenchmarkProcess.HEAP, description = "of each job")
    private String heap;

    @Option(names = "--pairs", defaultValue = "5", description = "how often each job is run")
    private int pairs;

    @Option(names = "--seed", defaultValue = "1", description = "of the made-up records")
    private long seed;

    @Option(names = "--jfr", description = "folder for a JFR recording of each run")
    private Path recordings;

    @Option(names = "--smoke", description = "short runs: shows that it works, no more")
    private boolean smoke;

    @Option(names = "--output", required = true, description = "where the Markdown goes")
    private Path output;

    /** Two runs, one after the other. */
    private record Pair(Measured sourceOnly, Measured monitor, String load) {
        double rate() {
            return monitor.recordsPerSecond() / sourceOnly.recordsPerSecond();
        }

        double cpu() {
            return sourceOnly.cpuMicrosPerRecord() / monitor.cpuMicrosPerRecord();
        }
    }

    /** All pairs of one workload. */
    private record Result(PipelineWorkload workload, long records, List<Pair> pairs) {}

    public static void main(String[] args) {
        System.exit(
                new CommandLine(new PipelineBenchmark())
                        .registerConverter(PipelineWorkload.class, PipelineWorkload::named)
                        .execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (smoke) {
            pairs = Math.min(pairs, 2);
            warmup = 1;
            measure = 1;
        }
        if (recordings != null) {
            Files.createDirectories(recordings);
        }
        List<Result> results = new ArrayList<>();
        for (PipelineWorkload workload : workloads) {
            results.add(measure(workload));
        }
        Files.writeString(output, report(results));
        return 0;
    }

    private Result measure(PipelineWorkload workload) throws IOException {
        long count = records != null ? records : workload.records(smoke);
        List<Pair> done = new ArrayList<>();
        try (KafkaFixture kafka = KafkaFixture.start()) {
            Progress.say("%s: %,d records", workload, count);
            Path config =
                    kafka.prepare(workload.shape(), workload.format(), seed, parallelism, count);
            for (int i = 0; i < pairs; i++) {
                done.add(pair(i, workload, config, count));
            }
        }
        return new Result(workload, count, done);
    }

    private Pair pair(int index, PipelineWorkload workload, Path config, long count)
            throws IOException {
        String load = Machine.load();
        // By turns, so that a machine that slows down in the meantime favours neither.
        boolean sourceFirst = index % 2 == 0;
        PipelineJob first = sourceFirst ? PipelineJob.SOURCE_ONLY : PipelineJob.MONITOR;
        PipelineJob second = sourceFirst ? PipelineJob.MONITOR : PipelineJob.SOURCE_ONLY;
        Measured one = process(first, index, workload).run(first, config, count);
        Measured other = process(second, index, workload).run(second, config, count);
        Pair pair = sourceFirst ? new Pair(one, other, load) : new Pair(other, one, load);
        Progress.say(
                "%s, pair %d: job/source-only %.2f, by CPU %.2f",
                workload, index + 1, pair.rate(), pair.cpu());
        return pair;
    }

    private PipelineProcess process(PipelineJob job, int index, PipelineWorkload workload) {
        PipelineProcess process =
                PipelineProcess.STEADY
                        .withParallelism(parallelism)
                        .withHeap(heap)
                        .lasting(warmup, measure);
        if (recordings == null) {
            return process;
        }
        String name = workload + "-" + job.title() + "-" + (index + 1) + ".jfr";
        return process.recording(recordings.resolve(name));
    }

    private String report(List<Result> results) {
        Markdown markdown =
                new Markdown()
                        .heading("The job against reading the topic")
                        .paragraph(
                                "Medians of %d pair(s) of a source-only job and of the whole one,"
                                        + " by turns, each in a fresh process with a heap of %s;"
                                        + " parallelism %d, %d partition(s); seed %d. A process"
                                        + " reads its topic to the end: the first tenth, and the %.0f"
                                        + " s after it, are warm-up, the rest is measured, and if"
                                        + " that took less than %.0f s another pass. Start and end"
                                        + " of the cluster are not measured. CPU time and allocated"
                                        + " bytes are those of the whole process; what threads"
                                        + " allocated that ended meanwhile (Flink starts few) is"
                                        + " not in it.",
                                pairs, heap, parallelism, parallelism, seed, warmup, measure)
                        .table(
                                List.of(
                                        "workload",
                                        "source-only records/s",
                                        "job records/s",
                                        "ratio by time",
                                        "ratio by CPU",
                                        "source-only bytes/record",
                                        "job bytes/record",
                                        "aim",
                                        "load average"),
                                results.stream().map(PipelineBenchmark::summary).toList());
        results.forEach(result -> details(markdown, result));
        return markdown.toString();
    }

    private static List<String> summary(Result result) {
        List<Pair> pairs = result.pairs();
        return List.of(
                result.workload().title(),
                format("%,.0f", Median.of(pairs, p -> p.sourceOnly().recordsPerSecond())),
                format("%,.0f", Median.of(pairs, p -> p.monitor().recordsPerSecond())),
                format("**%.2f**", Median.of(pairs, Pair::rate)),
                format("**%.2f**", Median.of(pairs, Pair::cpu)),
                format("%,.0f", Median.of(pairs, p -> p.sourceOnly().bytesPerRecord())),
                format("%,.0f", Median.of(pairs, p -> p.monitor().bytesPerRecord())),
                format("%.2f", result.workload().aim()),
                format("%.1f", Median.of(pairs, p -> Double.parseDouble(p.load()))));
    }

    private static void details(Markdown markdown, Result result) {
        List<List<String>> rows = new ArrayList<>();
        for (Pair pair : result.pairs()) {
            rows.add(
                    List.of(
                            Integer.toString(rows.size() + 1),
                            format("%,.0f", pair.sourceOnly().recordsPerSecond()),
                            format("%,.0f", pair.monitor().recordsPerSecond()),
                            format("%.2f", pair.rate()),
                            format("%.2f", pair.sourceOnly().cpuMicrosPerRecord()),
                            format("%.2f", pair.monitor().cpuMicrosPerRecord()),
                            format("%.2f", pair.cpu()),
                            format("%,.0f", pair.sourceOnly().bytesPerRecord()),
                            format("%,.0f", pair.monitor().bytesPerRecord()),
                            format("%.1f", pair.sourceOnly().seconds()),
                            format("%.1f", pair.monitor().seconds()),
                            pair.load()));
        }
        markdown.heading("Pipeline: " + result.workload().title())
                .paragraph(
                        "%s as %s, %,d records in the topic, an hour's window holds %,d of them.",
                        result.workload().shape(),
                        result.workload().format(),
                        result.records(),
                        3_600_000 / Workload.STEP_MILLIS)
                .table(
                        List.of(
                                "pair",
                                "source-only records/s",
                                "job records/s",
                                "ratio",
                                "source-only CPU us/record",
                                "job CPU us/record",
                                "ratio",
                                "source-only bytes/record",
                                "job bytes/record",
                                "source-only s",
                                "job s",
                                "load average"),
                        rows);
    }

    private static String format(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
