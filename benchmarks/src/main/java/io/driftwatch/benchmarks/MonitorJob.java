package io.driftwatch.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A {@link MonitorProcess}, seen from whoever started it. */
final class MonitorJob implements AutoCloseable {
    private static final long LOOK_EVERY_MILLIS = 5;

    /**
     * How far the job was at one instant, or between two.
     *
     * @param records records that its source has read
     * @param nanos the time, from an arbitrary zero
     * @param cpuNanos CPU time of the whole process
     */
    record Look(long records, long nanos, long cpuNanos) {
        static Look now() {
            return new Look(SourceProgress.records(), System.nanoTime(), Machine.processCpuNanos());
        }

        /** As a line that {@link #parse} understands. */
        String toLine() {
            return records + " " + nanos + " " + cpuNanos;
        }

        static Look parse(String line) {
            String[] parts = line.split(" ", -1);
            return new Look(
                    Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
        }

        Look since(Look begin) {
            return new Look(
                    records - begin.records, nanos - begin.nanos, cpuNanos - begin.cpuNanos);
        }

        double recordsPerSecond() {
            return records * 1e9 / nanos;
        }

        /** How many cores it kept busy. */
        double cores() {
            return (double) cpuNanos / nanos;
        }
    }

    private final BenchmarkProcess process;
    private volatile Look last;
    private volatile IOException failure;

    private MonitorJob(BenchmarkProcess process) {
        this.process = process;
        Thread listener = new Thread(this::listen, "listens to the monitor job");
        listener.setDaemon(true);
        listener.start();
    }

    /**
     * Starts it.
     *
     * @param options Flink's
     */
    static MonitorJob start(Path config, Map<String, String> options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(config.toString()));
        options.forEach((key, value) -> arguments.add(key + "=" + value));
        return new MonitorJob(
                BenchmarkProcess.start(MonitorProcess.class, BenchmarkProcess.HEAP, arguments));
    }

    private void listen() {
        try {
            while (true) {
                last = Look.parse(process.readLine());
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    /** How far it was a moment ago, once its source has read so many records. */
    Look waitFor(long records) throws IOException, InterruptedException {
        while (failure == null) {
            Look look = last;
            if (look != null && look.records() >= records) {
                return look;
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        throw failure;
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
