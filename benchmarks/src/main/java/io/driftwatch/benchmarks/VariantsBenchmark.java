package io.driftwatch.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The monitor job beside other ways to write it, over the same records of 20 numeric features: what
 * most people would write first, and what they would write next. Rounds in which each job runs
 * once, in a fresh process, by turns. All jobs must come to the same scores.
 */
@Command(name = "variants", mixinStandardHelpOptions = true)
public final class VariantsBenchmark implements Callable<Integer> {
    private static final PipelineWorkload WORKLOAD = PipelineWorkload.AVRO_20;

    /** These would have read the shorter topic before they are warm. */
    private static final Set<PipelineJob> FAST =
            EnumSet.of(PipelineJob.SOURCE_ONLY, PipelineJob.MONITOR);

    @Option(
            names = "--records",
            defaultValue = "8000000",
            description = "records for the source-only job and the monitor job")
    private long records;

    @Option(
            names = "--slow-records",
            defaultValue = "800000",
            description = "records for the others: the first of the same ones")
    private long slowRecords;

    @Option(names = "--warmup", defaultValue = "8", description = "seconds of warm-up, at least")
    private double warmup;

    @Option(names = "--measure", defaultValue = "10", description = "seconds measured, at least")
    private double measure;

    @Option(
            names = "--checkpoints",
            defaultValue = "10s",
            description = "time between checkpoints: those of the buffering job are large")
    private String checkpoints;

    @Option(names = "--rounds", defaultValue = "5", description = "how often each job is run")
    private int rounds;

    @Option(names = "--seed", defaultValue = "1", description = "of the made-up records")
    private long seed;

    @Option(names = "--smoke", description = "short runs: shows that it works, no more")
    private boolean smoke;

    @Option(names = "--output", required = true, description = "where the Markdown goes")
    private Path output;

    private final Map<PipelineJob, List<Measured>> measured = new EnumMap<>(PipelineJob.class);
    private final List<String> loads = new ArrayList<>();
    private int agreed;

    public static void main(String[] args) {
        System.exit(new CommandLine(new VariantsBenchmark()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (smoke) {
            records = 400_000;
            slowRecords = 200_000;
            rounds = 1;
            warmup = 0;
            measure = 1;
        }
        try (KafkaFixture large = KafkaFixture.start();
                KafkaFixture small = KafkaFixture.start()) {
            Path config = prepare(large, records);
            Path slowConfig = prepare(small, slowRecords);
            for (int i = 0; i < rounds; i++) {
                round(i, config, slowConfig);
            }
            agreed = requireAgreement(large.folder(), small.folder());
        }
        Files.writeString(output, report());
        return 0;
    }

    private Path prepare(KafkaFixture kafka, long count) throws IOException {
        return kafka.prepare(WORKLOAD.shape(), WORKLOAD.format(), seed, 1, count);
    }

    private void round(int index, Path config, Path slowConfig) throws IOException {
        loads.add(Machine.load());
        List<PipelineJob> jobs = new ArrayList<>(Arrays.asList(PipelineJob.values()));
        // Another one first each time, so that none always follows the one that heats the machine.
        Collections.rotate(jobs, index);
        for (PipelineJob job : jobs) {
            boolean fast = FAST.contains(job);
            Measured run = process(job, fast ? config : slowConfig, fast ? records : slowRecords);
            measured.computeIfAbsent(job, j -> new ArrayList<>()).add(run);
        }
    }

    private Measured process(PipelineJob job, Path config, long count) throws IOException {
        PipelineProcess process =
                PipelineProcess.STEADY.withCheckpoints(checkpoints).lasting(warmup, measure);
        if (job == PipelineJob.SOURCE_ONLY) {
            return process.run(job, config, count);
        }
        List<String> arguments =
                List.of("--seed=" + seed, "--scores=" + scores(config.getParent(), job));
        return process.with(List.of(), arguments).run(job, config, count);
    }

    private static Path scores(Path folder, PipelineJob job) {
        return folder.resolve("scores-" + job + ".txt");
    }

    /** Compares what the jobs found in their last round. */
    private int requireAgreement(Path large, Path small) throws IOException {
        ScoreAgreement monitor = new ScoreAgreement(scores(large, PipelineJob.MONITOR));
        int least = WORKLOAD.shape().numeric() * 2;
        int compared = 0;
        for (PipelineJob job : PipelineJob.values()) {
            if (!FAST.contains(job)) {
                int scores = monitor.require(job, scores(small, job));
                if (scores < least) {
                    throw new IllegalStateException(
                            job.title() + " has " + scores + " scores to compare, not " + least);
                }
                compared += scores;
            }
        }
        return compared;
    }

    private String report() {
        List<List<String>> rows = new ArrayList<>();
        for (PipelineJob job : PipelineJob.values()) {
            List<Measured> runs = measured.get(job);
            rows.add(
                    List.of(
                            job.title(),
                            format("%,.0f", Median.of(runs, Measured::recordsPerSecond)),
                            format("%.2f", Median.of(runs, Measured::cpuMicrosPerRecord)),
                            format("%,.0f", Median.of(runs, Measured::bytesPerRecord)),
                            format("%.2f", timesTheJob(runs, Measured::cpuMicrosPerRecord)),
                            format("%.2f", timesTheJob(runs, m -> 1 / m.recordsPerSecond())),
                            job == PipelineJob.OBVIOUS ? "15" : ""));
        }
        return new Markdown()
                .heading("The job beside other ways to write it")
                .paragraph(
                        "%s as %s, medians of %d round(s), load average before them %s; seed %d;"
                                + " parallelism 1, a heap of %s, checkpoints every %s. The same"
                                + " source, decoder and watermarks in all. *Keyed, then tallied*"
                                + " sends records to where their model is counted, then goes on"
                                + " as the job. *Pre-aggregated* makes one element for each"
                                + " feature, keys it by feature and counts it over the profile's"
                                + " cells in an `AggregateFunction`. *Obvious* makes and keys the"
                                + " same elements, and a window function computes PSI and exact KS"
                                + " from all values of the window. Times the job: how many times"
                                + " its CPU time, and its wall time, for the same records (median"
                                + " over the rounds).",
                        WORKLOAD.shape(),
                        WORKLOAD.format(),
                        rounds,
                        String.join(", ", loads),
                        seed,
                        BenchmarkProcess.HEAP,
                        checkpoints)
                .table(
                        List.of(
                                "way",
                                "records/s",
                                "CPU us/record",
                                "bytes/record",
                                "CPU, times the job",
                                "time, times the job",
                                "aim"),
                        rows)
                .paragraph(
                        "The job read %,d records over and over, as did the source-only one, the"
                                + " others the first %,d of them: %.0f s or more as warm-up, then"
                                + " %.0f s or more that were measured. All counted every value;"
                                + " their %,d values of PSI and KS over the windows that they have"
                                + " in common lie within the bounds that the job gives for them.",
                        records, slowRecords, warmup, measure, agreed)
                .toString();
    }

    /** Median over the rounds of how many times the job's figure it is. */
    private double timesTheJob(List<Measured> runs, ToDoubleFunction<Measured> figure) {
        List<Measured> job = measured.get(PipelineJob.MONITOR);
        double[] ratios = new double[runs.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = figure.applyAsDouble(runs.get(i)) / figure.applyAsDouble(job.get(i));
        }
        return Median.of(ratios);
    }

    private static String format(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
