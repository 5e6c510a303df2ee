package io.driftwatch.benchmarks;

import io.driftwatch.job.JobEnvironment;
import io.driftwatch.job.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs one job over the topic, in a process of its own, and again until it has run long enough:
 * each pass is the whole job, from the first record of the topic to its last. The first seconds are
 * warm-up. The rest is measured, of each pass from where the source has read a tenth of the records
 * to its last one: neither the start of the cluster nor its end. A topic that lasts for one pass is
 * best, as another pass has the compiler at work again. Prints what was measured, as {@link
 * Measured#toLine} writes it. Ends with its input.
 */
@Command(name = "pipeline-run")
public final class PipelineRun implements Callable<Integer> {
    private static final long LOOK_EVERY_MILLIS = 5;
    private static final int LEAD = 10;

    @Option(names = "--job", required = true)
    private PipelineJob job;

    @Option(names = "--config", required = true, description = "of driftwatch monitor")
    private Path configFile;

    @Option(names = "--records", required = true, description = "records in the topic")
    private long records;

    @Option(names = "--parallelism", defaultValue = "1")
    private int parallelism;

    @Option(names = "--warmup", defaultValue = "8", description = "seconds of warm-up, at least")
    private double warmup;

    @Option(names = "--measure", defaultValue = "10", description = "seconds measured, at least")
    private double measure;

    @Option(names = "-D", description = "option of Flink")
    private Map<String, String> options = new HashMap<>();

    @Option(names = "--recording", description = "JFR file of the first measured pass")
    private Path recording;

    @Option(names = "--scores", description = "file for the scores of the last pass")
    private Path scores;

    @Option(names = "--seed", defaultValue = "1", description = "of the reference rows")
    private long seed;

    private PipelineDataflow dataflow;
    private long warmUntil;
    private JobExecutionResult last;

    /** How far the job was at one instant. */
    private record Instant(long records, long nanos, long cpuNanos, Allocations allocations) {
        static Instant now() {
            return new Instant(
                    SourceProgress.records(),
                    System.nanoTime(),
                    Machine.processCpuNanos(),
                    Allocations.now());
        }

        Measured since(Instant begin) {
            return new Measured(
                    records - begin.records,
                    nanos - begin.nanos,
                    cpuNanos - begin.cpuNanos,
                    allocations.since(begin.allocations));
        }
    }

    public static void main(String[] args) {
        Thread endOfInput = new Thread(PipelineRun::exitWithInput);
        endOfInput.setDaemon(true);
        endOfInput.start();
        System.exit(new CommandLine(new PipelineRun()).execute(args));
    }

    /** Without whoever started this there is no Kafka, and the job would wait for it forever. */
    private static void exitWithInput() {
        try {
            while (System.in.read() >= 0) {
                // Nobody says anything.
            }
        } catch (IOException e) {
            Progress.say("input cannot be read: %s", e.getMessage());
        }
        System.exit(1);
    }

    @Override
    public Integer call() throws Exception {
        dataflow = new PipelineDataflow(ConfigLoader.load(configFile), scores != null, seed);
        Measured measured = Measured.NOTHING;
        do {
            measured = measured.plus(pass(recording));
        } while (measured.records() == 0 || measured.seconds() < measure);
        if (scores != null) {
            Files.write(
                    scores,
                    PipelineDataflow.scores(last).stream().map(WindowScore::toLine).toList());
        }
        System.out.println(measured.toLine());
        return 0;
    }

    /** The whole job once. */
    private Measured pass(Path recordingFile) throws Exception {
        SourceProgress.forget();
        Map<String, String> all = new HashMap<>(options);
        all.put("metrics.reporters", "progress");
        all.put("metrics.reporter.progress.factory.class", SourceProgress.Factory.class.getName());
        all.put("restart-strategy.type", "none");
        StreamExecutionEnvironment env = JobEnvironment.local(parallelism, all);
        // A group of its own: the offsets that another pass has committed must not be taken up.
        dataflow.define(job, env, "benchmark-" + UUID.randomUUID());
        CompletableFuture<JobExecutionResult> result =
                env.executeAsync(job.name()).getJobExecutionResult();
        Measured measured = watch(result, recordingFile);
        last = result.get();
        dataflow.requireComplete(job, last, records);
        return measured;
    }

    private Measured watch(CompletableFuture<JobExecutionResult> result, Path recordingFile)
            throws Exception {
        waitFor(records / LEAD, result);
        long now = System.nanoTime();
        warmUntil = warmUntil == 0 ? now + Math.round(warmup * 1e9) : warmUntil;
        while (System.nanoTime() < warmUntil && SourceProgress.records() < records) {
            waitFor(Math.min(records, SourceProgress.records() + 1), result);
        }
        try (Recording jfr = recordingFile == null ? null : startRecording()) {
            Instant begin = Instant.now();
            waitFor(records, result);
            Measured measured = Instant.now().since(begin);
            if (jfr != null) {
                jfr.stop();
                jfr.dump(recordingFile);
            }
            return measured;
        }
    }

    private static Recording startRecording() throws IOException, ParseException {
        Recording recording = new Recording(Configuration.getConfiguration("profile"));
        recording.start();
        return recording;
    }

    /** Returns once the sources have read so many records. */
    private static void waitFor(long count, CompletableFuture<JobExecutionResult> result)
            throws Exception {
        while (SourceProgress.records() < count) {
            if (result.isDone()) {
                result.get();
                if (SourceProgress.records() < count) {
                    throw new IllegalStateException(
                            "the job ended after "
                                    + SourceProgress.records()
                                    + " records, expected "
                                    + count);
                }
            }
            // The sources must not be made to say how far they are: they are what is measured.
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
    }
}
