package io.driftwatch.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How {@link PipelineRun} is run in a process of its own.
 *
 * @param parallelism of the job
 * @param heap of the process, as {@code -Xmx} takes it; the same for all jobs of a comparison
 * @param warmupSeconds warm-up, at least
 * @param measureSeconds measured, at least
 * @param checkpoints time between two checkpoints, as Flink reads it; not for a source-only job
 * @param jvmOptions beside the usual ones
 * @param arguments of {@link PipelineRun} beside those that follow from the others
 */
record PipelineProcess(
        int parallelism,
        String heap,
        double warmupSeconds,
        double measureSeconds,
        String checkpoints,
        List<String> jvmOptions,
        List<String> arguments) {

    /** Parallelism 1, the launcher's heap, and long enough for the compiler to be done. */
    static final PipelineProcess STEADY =
            new PipelineProcess(1, BenchmarkProcess.HEAP, 8, 10, "2s", List.of(), List.of());

    PipelineProcess withParallelism(int subtasks) {
        return new PipelineProcess(
                subtasks, heap, warmupSeconds, measureSeconds, checkpoints, jvmOptions, arguments);
    }

    PipelineProcess withHeap(String size) {
        return new PipelineProcess(
                parallelism,
                size,
                warmupSeconds,
                measureSeconds,
                checkpoints,
                jvmOptions,
                arguments);
    }

    PipelineProcess lasting(double warmup, double measure) {
        return new PipelineProcess(
                parallelism, heap, warmup, measure, checkpoints, jvmOptions, arguments);
    }

    PipelineProcess withCheckpoints(String interval) {
        return new PipelineProcess(
                parallelism, heap, warmupSeconds, measureSeconds, interval, jvmOptions, arguments);
    }

    PipelineProcess with(List<String> moreJvmOptions, List<String> moreArguments) {
        List<String> jvm = new ArrayList<>(jvmOptions);
        jvm.addAll(moreJvmOptions);
        List<String> all = new ArrayList<>(arguments);
        all.addAll(moreArguments);
        return new PipelineProcess(
                parallelism, heap, warmupSeconds, measureSeconds, checkpoints, jvm, all);
    }

    /** Also writes a JFR recording, with the places of all code and not only of safepoints. */
    PipelineProcess recording(Path file) {
        return with(
                List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:+DebugNonSafepoints"),
                List.of("--recording=" + file));
    }

    /**
     * Runs a job and waits for its end.
     *
     * @param records in the topic
     */
    Measured run(PipelineJob job, Path config, long records) throws IOException {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "--job=" + job.name(),
                                "--config=" + config,
                                "--records=" + records,
                                "--parallelism=" + parallelism,
                                "--warmup=" + warmupSeconds,
                                "--measure=" + measureSeconds));
        if (job != PipelineJob.SOURCE_ONLY) {
            all.add("-Dexecution.checkpointing.interval=" + checkpoints);
            all.add(
                    "-Dexecution.checkpointing.dir="
                            + config.resolveSibling("checkpoints").toUri());
        }
        all.addAll(arguments);
        try (BenchmarkProcess process =
                BenchmarkProcess.start(PipelineRun.class, heap, jvmOptions, all)) {
            Measured measured = Measured.parse(process.readLine());
            Progress.say(
                    "%s: %,.0f records/s, %.2f us of CPU and %,.0f bytes a record, over %.1f s",
                    job.title(),
                    measured.recordsPerSecond(),
                    measured.cpuMicrosPerRecord(),
                    measured.bytesPerRecord(),
                    measured.seconds());
            return measured;
        }
    }
}
