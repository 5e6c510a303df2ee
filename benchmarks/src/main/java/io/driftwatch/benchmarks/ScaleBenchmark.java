package io.driftwatch.benchmarks;

import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What much of everything costs: many series in one TaskManager, and what a record costs with more
 * features, longer windows, larger references, more panes and more subtasks.
 */
@Command(name = "scale", mixinStandardHelpOptions = true)
public final class ScaleBenchmark implements Callable<Integer> {
    /** Warm-up and measured, in seconds. */
    private PipelineProcess process = PipelineProcess.STEADY.lasting(2, 3);

    /** Half of it. */
    enum Part {
        CAPACITY,
        COST
    }

    private static final List<Integer> FEATURES = List.of(10, 20, 50, 100, 200, 400);
    private static final List<String> LENGTHS = List.of("1m", "1h", "1d");
    private static final List<Integer> REFERENCE_ROWS = List.of(10_000, 100_000, 1_000_000);

    /** Every window is scored, so those with the same slide score as many of them. */
    private static final List<String> SLIDING =
            List.of(
                    "size: 1m, slide: 1m",
                    "size: 1h, slide: 1m",
                    "size: 6h, slide: 1m",
                    "size: 1h, slide: 10m",
                    "size: 1h, slide: 1h");

    private static final List<Integer> PARALLELISM = List.of(1, 2);
    private static final int PARTITIONS = 2;

    /** Chance decides how many rows a segment gets, and a profile asks for 200. */
    private static final int REFERENCE_ROWS_A_SEGMENT = 300;

    private static final int RECORDS_A_WINDOW = (int) (3_600_000 / Workload.STEP_MILLIS);
    private static final long SMOKE_VALUES = 4_000_000;

    @Option(names = "--part", description = "CAPACITY or COST; both if none is named")
    private Part part;

    @Option(names = "--features", defaultValue = "200", description = "of the capacity's model")
    private int features;

    @Option(names = "--segments", defaultValue = "500", description = "of the capacity's model")
    private int segments;

    @Option(names = "--windows", defaultValue = "3", description = "of the capacity's traffic")
    private int windows;

    @Option(
            names = "--process-size",
            defaultValue = "2g",
            description = "memory of the whole TaskManager process")
    private String processSize;

    @Option(names = "--rounds", defaultValue = "3", description = "how often each job is run")
    private int rounds;

    @Option(names = "--values", defaultValue = "60000000", description = "numbers in a topic")
    private long values;

    @Option(names = "--seed", defaultValue = "1", description = "of the made-up records")
    private long seed;

    @Option(names = "--smoke", description = "short: shows that it works, and no more")
    private boolean smoke;

    @Option(names = "--output", required = true, description = "where the Markdown goes")
    private Path output;

    public static void main(String[] args) {
        System.exit(
                new CommandLine(new ScaleBenchmark())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (smoke) {
            features = 20;
            segments = 10;
            windows = 1;
            rounds = 1;
            values = SMOKE_VALUES;
            process = process.lasting(0, 0);
        }
        Markdown report = new Markdown().heading("ScaleBenchmark");
        if (part != Part.COST) {
            try (KafkaFixture kafka = KafkaFixture.start()) {
                capacity(report, kafka);
            }
        }
        if (part != Part.CAPACITY) {
            try (CostPerRecord cost = new CostPerRecord(process, values, seed)) {
                cost(report, cost);
            }
        }
        Files.writeString(output, report.toString());
        return 0;
    }

    private void capacity(Markdown report, KafkaFixture kafka) throws Exception {
        Workload.Shape shape = Workload.Shape.numbers(features).withSegments(segments);
        MonitorConfig config = ConfigLoader.load(capacityConfig(kafka, shape, "prepare"));
        long start = System.nanoTime();
        Workload.writeProfile(config, shape, seed, REFERENCE_ROWS_A_SEGMENT * segments);
        double profileSeconds = (System.nanoTime() - start) / 1e9;
        long records = (long) windows * RECORDS_A_WINDOW;
        kafka.createTopics(config, 1);
        TopicFiller.fill(
                kafka.bootstrapServers(),
                new Workload(shape, seed + 1),
                StreamFormat.AVRO,
                1,
                records);
        String load = Machine.load();
        List<List<String>> rows = new ArrayList<>();
        for (Map.Entry<String, Map<String, String>> memory : divisions().entrySet()) {
            // A consumer group of its own: the offsets of another run must not be taken up.
            Path file = capacityConfig(kafka, shape, "capacity-" + rows.size());
            List<String> row =
                    new Capacity(file, records, kafka.folder(), processSize)
                            .run(memory.getKey(), memory.getValue())
                            .row();
            Progress.say("%s", row);
            rows.add(row);
        }
        report.paragraph(
                        "**%,d series** (%s, each with a reference of about %d rows; and the"
                                + " whole model) in one TaskManager of %s, in a process of its own"
                                + " with the memory that Flink's scripts give it; a checkpoint"
                                + " every 10 s. %,d records, which are %d windows of an hour. The"
                                + " profile of %,.0f MiB took %.0f s to build. Load average %s; seed %d.",
                        features * (segments + 1),
                        shape,
                        REFERENCE_ROWS_A_SEGMENT,
                        processSize,
                        records,
                        windows,
                        Files.size(config.models().get(0).profilePath()) / 1048576.0,
                        profileSeconds,
                        load,
                        seed)
                .table(Capacity.header(), rows);
    }

    private static Path capacityConfig(KafkaFixture kafka, Workload.Shape shape, String group)
            throws IOException {
        return Workload.writeConfig(
                kafka.folder(), shape, StreamFormat.AVRO, kafka.bootstrapServers(), group);
    }

    private static Map<String, Map<String, String>> divisions() {
        Map<String, Map<String, String>> divisions = new LinkedHashMap<>();
        divisions.put("no managed memory", Map.of("taskmanager.memory.managed.fraction", "0"));
        divisions.put("Flink's defaults", Map.of());
        return divisions;
    }

    private void cost(Markdown report, CostPerRecord cost) throws IOException {
        String before = Machine.load();
        Set<CostCase> all = new LinkedHashSet<>();
        cases().values().forEach(cases -> all.addAll(cases.values()));
        cost.measure(all, rounds);
        CostCase usual = CostCase.USUAL;
        report.paragraph(
                "**Cost of a record**: CPU time of the job's whole process, medians of %d runs by"
                        + " turns, each in a fresh process that reads %,d numbers again and again,"
                        + " at least %.0f s to warm up and %.0f s measured. Where not said"
                        + " otherwise: %d numeric features, Avro, windows of an hour, which hold"
                        + " %,d records, a reference of %,d rows, parallelism 1, a checkpoint every"
                        + " 2 s. Load average before %s, after %s; seed %d.",
                rounds,
                values,
                process.warmupSeconds(),
                process.measureSeconds(),
                usual.features(),
                RECORDS_A_WINDOW,
                usual.referenceRows(),
                before,
                Machine.load(),
                seed);
        cases().forEach((varied, cases) -> table(report, cost, varied, cases));
    }

    /** What is varied, and then the case of each setting. */
    private static Map<String, Map<String, CostCase>> cases() {
        CostCase usual = CostCase.USUAL;
        Map<String, Map<String, CostCase>> all = new LinkedHashMap<>();
        all.put("numeric features", each(FEATURES, usual::withFeatures));
        all.put("length of a window", each(LENGTHS, ScaleBenchmark::ofLength));
        all.put("rows of the reference", each(REFERENCE_ROWS, usual::withReferenceRows));
        all.put("window", each(SLIDING, ScaleBenchmark::sliding));
        all.put(
                "parallelism, 2 partitions",
                each(PARALLELISM, subtasks -> usual.withParallelism(subtasks, PARTITIONS)));
        return all;
    }

    private static <T> Map<String, CostCase> each(List<T> settings, Function<T, CostCase> caseOf) {
        Map<String, CostCase> cases = new LinkedHashMap<>();
        settings.forEach(setting -> cases.put(setting.toString(), caseOf.apply(setting)));
        return cases;
    }

    private static CostCase ofLength(String length) {
        return CostCase.USUAL.withWindow("{size: " + length + ", slide: " + length + "}");
    }

    private static CostCase sliding(String sizeAndSlide) {
        return CostCase.USUAL.withWindow("{" + sizeAndSlide + "}");
    }

    private static void table(
            Markdown report, CostPerRecord cost, String varied, Map<String, CostCase> cases) {
        CostCase first = cases.values().iterator().next();
        double firstMicros = cost.median(first, Measured::cpuMicrosPerRecord);
        double firstRate = cost.median(first, Measured::recordsPerSecond);
        List<List<String>> rows = new ArrayList<>();
        cases.forEach(
                (setting, each) -> {
                    double micros = cost.median(each, Measured::cpuMicrosPerRecord);
                    double rate = cost.median(each, Measured::recordsPerSecond);
                    rows.add(
                            List.of(
                                    setting,
                                    format("%.2f", micros),
                                    format("%.1f", 1000 * micros / each.features()),
                                    format("%.2f", micros / firstMicros),
                                    format("%,.0f", rate),
                                    format("%.2f", rate / firstRate)));
                });
        report.table(
                List.of(
                        varied,
                        "CPU us/record",
                        "CPU ns/value",
                        "CPU to the first",
                        "records/s",
                        "rate to the first"),
                rows);
    }

    private static String format(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
