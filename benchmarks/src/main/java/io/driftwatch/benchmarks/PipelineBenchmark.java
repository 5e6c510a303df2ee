package io.driftwatch.benchmarks;

import io.driftwatch.benchmarks.PipelineRun.Job;
import io.driftwatch.benchmarks.PipelineRun.Measured;
import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamFormat;
import io.driftwatch.job.kafka.KafkaTopics;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How much slower the monitor job is than reading its topic at all: rounds of a source-only job and
 * of the whole job over the same topic, each in a fresh process, one after the other, at
 * parallelism 1. Machines and their load change from minute to minute, so only the ratio within a
 * pair says much.
 */
@Command(name = "pipeline", mixinStandardHelpOptions = true)
public final class PipelineBenchmark implements Callable<Integer> {
    @Option(names = "--records", defaultValue = "8000000", description = "records in the topic")
    private long records;

    @Option(names = "--warmup", defaultValue = "0.25", description = "share that is not measured")
    private double warmup;

    @Option(names = "--partitions", defaultValue = "1", description = "partitions of the topic")
    private int partitions;

    @Option(names = "--pairs", defaultValue = "5", description = "how often each job is run")
    private int pairs;

    @Option(names = "--seed", defaultValue = "1", description = "of the made-up records")
    private long seed;

    @Option(names = "--format", defaultValue = "AVRO", description = "AVRO or JSON")
    private StreamFormat format;

    @Option(names = "--jfr", description = "folder for a JFR recording of each run")
    private Path recordings;

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

    public static void main(String[] args) {
        System.exit(
                new CommandLine(new PipelineBenchmark())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (recordings != null) {
            Files.createDirectories(recordings);
        }
        List<Pair> done = new ArrayList<>();
        try (TemporaryFolder folder = new TemporaryFolder()) {
            Process broker = start(List.of(), "BrokerProcess", folder.path().resolve("kafka"));
            try (BufferedReader answers = broker.inputReader()) {
                String servers = answers.readLine();
                if (servers == null) {
                    throw new IOException("Kafka did not start");
                }
                prepare(folder.path(), servers);
                for (int i = 0; i < pairs; i++) {
                    done.add(pair(i, folder.path(), servers));
                }
            } finally {
                end(broker);
            }
        }
        Files.writeString(output, report(done));
        return 0;
    }

    private void prepare(Path folder, String servers) throws IOException {
        MonitorConfig config =
                ConfigLoader.load(
                        Workload.writeConfig(
                                folder, Workload.Shape.NUMERIC_20, format, servers, "prepare"));
        Workload.writeProfile(config, Workload.Shape.NUMERIC_20, seed);
        try (KafkaTopics topics = new KafkaTopics(config.kafka())) {
            topics.create(List.of(Workload.TOPIC), partitions, (short) 1);
            topics.create(config.topics().names().values(), 1, (short) 1);
        }
        long start = System.nanoTime();
        fill(servers);
        progress("filled the topic with %,d records in %.1f s", records, seconds(start));
    }

    private void fill(String servers) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", servers);
        properties.setProperty("linger.ms", "20");
        properties.setProperty("batch.size", Integer.toString(64 << 10));
        ByteArraySerializer plain = new ByteArraySerializer();
        Workload workload = new Workload(Workload.Shape.NUMERIC_20, seed + 1);
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, plain, plain)) {
            for (long i = 0; i < records; i++) {
                workload.next();
                byte[] value = format == StreamFormat.JSON ? workload.json() : workload.avro();
                var unused =
                        producer.send(
                                new ProducerRecord<>(
                                        Workload.TOPIC, (int) (i % partitions), null, value),
                                (sent, e) -> failure.compareAndSet(null, e));
            }
        }
        if (failure.get() != null) {
            throw new IOException("the topic could not be filled", failure.get());
        }
    }

    private Pair pair(int index, Path folder, String servers) throws Exception {
        String load = Machine.load();
        boolean sourceFirst = index % 2 == 0;
        Measured first = run(sourceFirst ? Job.SOURCE_ONLY : Job.MONITOR, index, folder, servers);
        Measured second = run(sourceFirst ? Job.MONITOR : Job.SOURCE_ONLY, index, folder, servers);
        Pair pair = sourceFirst ? new Pair(first, second, load) : new Pair(second, first, load);
        progress("pair %d: job/source-only %.2f, by CPU %.2f", index + 1, pair.rate(), pair.cpu());
        return pair;
    }

    private Measured run(Job job, int index, Path folder, String servers) throws Exception {
        String name = job.name().toLowerCase(Locale.ROOT) + "-" + index;
        // A consumer group of its own: the offsets of another run must not be taken up.
        Path config =
                Workload.writeConfig(folder, Workload.Shape.NUMERIC_20, format, servers, name);
        List<String> options =
                recordings == null
                        ? List.of()
                        : List.of(
                                "-XX:StartFlightRecording=settings=profile,filename="
                                        + recordings.resolve(name + ".jfr"));
        Process process =
                start(
                        options,
                        "PipelineRun",
                        job,
                        config,
                        folder.resolve("checkpoints"),
                        records,
                        Math.round(records * warmup));
        try (BufferedReader lines = process.inputReader()) {
            Measured measured =
                    lines.lines()
                            .filter(Measured::isIn)
                            .map(Measured::parse)
                            .findFirst()
                            .orElseThrow(() -> new IOException(name + " failed; see above"));
            progress(
                    "%s: %,.0f records/s, %.2f us of CPU a record",
                    name, measured.recordsPerSecond(), measured.cpuMicrosPerRecord());
            return measured;
        } finally {
            end(process);
        }
    }

    /** A JVM like this one, with the launcher's memory and collector. */
    private static Process start(List<String> options, String main, Object... args)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:+UseParallelGC",
                        "-Xmx2g",
                        "--add-opens=java.base/java.util=ALL-UNNAMED",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                        "-Dlog4j2.configurationFile=driftwatch-log4j2.properties"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(PipelineBenchmark.class.getPackageName() + "." + main);
        Arrays.stream(args).map(Object::toString).forEach(command::add);
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static void end(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    private String report(List<Pair> pairs) {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            Pair pair = pairs.get(i);
            rows.add(
                    List.of(
                            Integer.toString(i + 1),
                            format("%,.0f", pair.sourceOnly().recordsPerSecond()),
                            format("%,.0f", pair.monitor().recordsPerSecond()),
                            format("%.2f", pair.rate()),
                            format("%.2f", pair.sourceOnly().cpuMicrosPerRecord()),
                            format("%.2f", pair.monitor().cpuMicrosPerRecord()),
                            format("%.2f", pair.cpu()),
                            pair.load()));
        }
        rows.add(
                List.of(
                        "**median**",
                        format("%,.0f", median(pairs, p -> p.sourceOnly().recordsPerSecond())),
                        format("%,.0f", median(pairs, p -> p.monitor().recordsPerSecond())),
                        format("**%.2f**", median(pairs, Pair::rate)),
                        format("%.2f", median(pairs, p -> p.sourceOnly().cpuMicrosPerRecord())),
                        format("%.2f", median(pairs, p -> p.monitor().cpuMicrosPerRecord())),
                        format("**%.2f**", median(pairs, Pair::cpu)),
                        ""));
        return new Markdown()
                .heading("PipelineBenchmark")
                .paragraph(
                        "%d numeric features, %s, %,d records in %d partition(s), of which the"
                                + " first %.0f %% are warm-up; parallelism 1; seed %d.",
                        Workload.Shape.NUMERIC_20.numeric(),
                        format,
                        records,
                        partitions,
                        100 * warmup,
                        seed)
                .table(
                        List.of(
                                "pair",
                                "source-only records/s",
                                "job records/s",
                                "ratio",
                                "source-only CPU us/record",
                                "job CPU us/record",
                                "ratio",
                                "load average"),
                        rows)
                .toString();
    }

    private static double median(List<Pair> pairs, java.util.function.ToDoubleFunction<Pair> of) {
        double[] sorted = pairs.stream().mapToDouble(of).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static double seconds(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private static String format(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }

    private static void progress(String pattern, Object... values) {
        System.err.println(String.format(Locale.ROOT, pattern, values));
    }
}
