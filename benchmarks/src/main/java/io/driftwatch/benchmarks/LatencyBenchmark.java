package io.driftwatch.benchmarks;

import io.driftwatch.benchmarks.MonitorJob.Look;
import io.driftwatch.benchmarks.WindowTimes.Arrived;
import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamFormat;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How long it takes from the record that moves the watermark past the end of a window to the
 * window's results on their topics, at a share of the rate at which the same job catches up.
 *
 * <p>Event time runs faster than the clock, so that many windows close in few minutes. Both ends of
 * what is measured are times at which the one broker appended a record, by one clock.
 */
@Command(name = "latency", mixinStandardHelpOptions = true)
public final class LatencyBenchmark implements Callable<Integer> {
    /** Windows at the start of the steady phase that are not looked at. */
    private static final int SETTLING = 5;

    private static final int REFERENCE_ROWS = 20_000;
    private static final int BACKLOG_WINDOWS = 4;
    private static final double WARMUP = 0.5;
    private static final int SMOKE_WINDOWS = 10;
    private static final int SMOKE_FEATURES = 50;

    @Option(names = "--features", defaultValue = "1000", description = "numeric features")
    private int features;

    @Option(names = "--windows", defaultValue = "100", description = "windows to look at")
    private int windows;

    @Option(
            names = "--seconds",
            defaultValue = "2",
            description = "a window closes every so many seconds")
    private double seconds;

    @Option(
            names = "--backlog",
            defaultValue = "200000",
            description = "records by which the highest rate is measured")
    private long backlog;

    @Option(
            names = "--rate",
            defaultValue = "0",
            description = "records per second; 0 for the share of the highest")
    private double givenRate;

    @Option(names = "--share", defaultValue = "0.5", description = "of the highest rate")
    private double share;

    @Option(
            names = "--flink",
            description = "Flink's options beside execution.checkpointing.interval=10s")
    private Map<String, String> flink = new LinkedHashMap<>();

    @Option(names = "--seed", defaultValue = "1", description = "of the made-up records")
    private long seed;

    @Option(names = "--smoke", description = "short: shows that it works, and no more")
    private boolean smoke;

    @Option(names = "--output", required = true, description = "where the Markdown goes")
    private Path output;

    /** When the broker took the record that closed a window, by the window's end. */
    private final Map<Long, Long> closedAt = new ConcurrentSkipListMap<>();

    private final AtomicReference<Exception> failure = new AtomicReference<>();

    /** What was seen of the job at the steady rate. */
    private record Steady(double highest, double rate, Look job, long waiting, String load) {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new LatencyBenchmark()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (smoke) {
            features = SMOKE_FEATURES;
            windows = SMOKE_WINDOWS;
            seconds = 1;
        }
        Workload.Shape shape = Workload.Shape.numbers(features);
        try (KafkaFixture kafka = KafkaFixture.start()) {
            Path file =
                    Workload.writeConfig(
                            kafka.folder(),
                            shape,
                            StreamFormat.AVRO,
                            "{size: 1m}",
                            kafka.bootstrapServers(),
                            "latency");
            MonitorConfig config = ConfigLoader.load(file);
            Workload.writeProfile(config, shape, seed, REFERENCE_ROWS);
            createTopics(config);
            Map<String, String> options = new LinkedHashMap<>();
            options.put("execution.checkpointing.interval", "10s");
            options.put(
                    "execution.checkpointing.dir",
                    kafka.folder().resolve("checkpoints").toUri().toString());
            options.putAll(flink);
            Steady steady =
                    run(
                            new WindowTraffic(shape, seed + 1),
                            file,
                            options,
                            kafka.bootstrapServers());
            Files.writeString(output, report(shape, steady, config, kafka.bootstrapServers()));
        }
        return 0;
    }

    /** The broker notes when it appended a record: what is measured begins and ends there. */
    private static void createTopics(MonitorConfig config) throws Exception {
        List<String> names = new ArrayList<>(config.topics().names().values());
        names.add(Workload.TOPIC);
        try (Admin admin = Admin.create(config.kafka().toProperties())) {
            admin.createTopics(
                            names.stream()
                                    .map(
                                            name ->
                                                    new NewTopic(name, 1, (short) 1)
                                                            .configs(
                                                                    Map.of(
                                                                            "message.timestamp.type",
                                                                            "LogAppendTime")))
                                    .toList())
                    .all()
                    .get();
        }
    }

    private Steady run(
            WindowTraffic traffic, Path config, Map<String, String> options, String servers)
            throws Exception {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", servers);
        properties.setProperty("batch.size", Integer.toString(256 << 10));
        ByteArraySerializer plain = new ByteArraySerializer();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, plain, plain)) {
            traffic.recordsPerWindow((double) backlog / BACKLOG_WINDOWS);
            for (long i = 0; i < backlog; i++) {
                send(producer, traffic);
            }
            producer.flush();
            closedAt.clear();
            try (MonitorJob job = MonitorJob.start(config, options)) {
                Look begin = job.waitFor(Math.round(WARMUP * backlog));
                double highest = job.waitFor(backlog).since(begin).recordsPerSecond();
                double rate = givenRate > 0 ? givenRate : share * highest;
                Progress.say("catches up at %,.0f records/s; now %,.0f", highest, rate);
                traffic.recordsPerWindow(rate * seconds);
                begin = job.waitFor(backlog);
                // One more, so that the last one looked at closes in full traffic.
                long count = Math.round(rate * seconds * (windows + SETTLING + 1));
                sendEvenly(producer, traffic, count, rate);
                Look end = job.waitFor(backlog);
                String load = Machine.load();
                job.waitFor(backlog + count);
                settle();
                return new Steady(
                        highest, rate, end.since(begin), backlog + count - end.records(), load);
            }
        }
    }

    /** Gives the last results time to reach their topics. */
    private static void settle() throws InterruptedException {
        Thread.sleep(Duration.ofSeconds(3).toMillis());
    }

    private void sendEvenly(
            KafkaProducer<byte[], byte[]> producer,
            WindowTraffic traffic,
            long count,
            double perSecond)
            throws IOException {
        long start = System.nanoTime();
        for (long sent = 0; sent < count; ) {
            long due = Math.min(count, (long) ((System.nanoTime() - start) / 1e9 * perSecond));
            for (; sent < due; sent++) {
                send(producer, traffic);
            }
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
        producer.flush();
        if (failure.get() != null) {
            throw new IOException("the records could not be sent", failure.get());
        }
    }

    private void send(KafkaProducer<byte[], byte[]> producer, WindowTraffic traffic) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Workload.TOPIC, 0, null, traffic.next());
        Callback noted = (sent, e) -> failed(e);
        if (traffic.closesWindow()) {
            long end = traffic.closedWindowEnd();
            noted =
                    (sent, e) -> {
                        failed(e);
                        if (e == null) {
                            closedAt.put(end, sent.timestamp());
                        }
                    };
        }
        var unused = producer.send(record, noted);
    }

    private void failed(Exception e) {
        if (e != null) {
            failure.compareAndSet(null, e);
        }
    }

    private String report(Workload.Shape shape, Steady steady, MonitorConfig config, String servers)
            throws IOException {
        Map<Long, Arrived> scores =
                WindowTimes.read(
                        servers, config.topics().scores(), Score.class, Score::getWindowEnd);
        Map<Long, Arrived> alerts =
                WindowTimes.read(
                        servers,
                        config.topics().alerts(),
                        Alert.class,
                        alert -> alert.getScore().getWindowEnd());
        Map<Long, Long> closed = new TreeMap<>();
        closedAt.entrySet().stream()
                .skip(SETTLING)
                .limit(windows)
                .forEach(each -> closed.put(each.getKey(), each.getValue()));
        require(closed, scores, "scores", Optional.empty());
        require(closed, alerts, "alerts", Optional.of(WindowTraffic.driftedFeatures(shape)));
        int scoresOfWindow = scores.get(closed.keySet().iterator().next()).results();
        return new Markdown()
                .heading("LatencyBenchmark")
                .paragraph(
                        "%s, Avro, windows of a minute of event time that close every %.1f s; in"
                                + " every second one %d features have drifted. A window has %,d scores"
                                + " and %d changes of alerts. Flink's options: %s. Seed %d.",
                        shape,
                        seconds,
                        WindowTraffic.driftedFeatures(shape),
                        scoresOfWindow,
                        WindowTraffic.driftedFeatures(shape),
                        flink.isEmpty() ? "the usual ones" : flink,
                        seed)
                .paragraph(
                        "The job catches up at %,.0f records/s and was sent %,.0f/s (%.0f %%),"
                                + " which kept %.2f cores busy, the broker's and the sender's not"
                                + " counted; load average %s. At the end %,d records were waiting.",
                        steady.highest(),
                        steady.rate(),
                        100 * steady.rate() / steady.highest(),
                        steady.job().cores(),
                        steady.load(),
                        steady.waiting())
                .table(
                        List.of(
                                "from the record that closes a window to",
                                "windows",
                                "p50 ms",
                                "p90 ms",
                                "p99 ms",
                                "most ms"),
                        List.of(
                                row("its first score", closed, scores, Arrived::firstMillis),
                                row("its last score", closed, scores, Arrived::lastMillis),
                                row("**its last alert**", closed, alerts, Arrived::lastMillis)))
                .toString();
    }

    private void require(
            Map<Long, Long> closed,
            Map<Long, Arrived> arrived,
            String what,
            Optional<Integer> results)
            throws IOException {
        if (closed.size() < windows) {
            throw new IOException("only " + closed.size() + " windows were closed");
        }
        for (long end : closed.keySet()) {
            int found = arrived.containsKey(end) ? arrived.get(end).results() : 0;
            if (found == 0 || (results.isPresent() && found != results.get())) {
                throw new IOException(
                        "the window that ends at "
                                + end
                                + " has "
                                + found
                                + " "
                                + what
                                + results.map(n -> ", expected " + n).orElse(""));
            }
        }
    }

    private static List<String> row(
            String what,
            Map<Long, Long> closed,
            Map<Long, Arrived> arrived,
            ToLongFunction<Arrived> time) {
        long[] took =
                closed.entrySet().stream()
                        .mapToLong(
                                each ->
                                        time.applyAsLong(arrived.get(each.getKey()))
                                                - each.getValue())
                        .sorted()
                        .toArray();
        return List.of(
                what,
                Integer.toString(took.length),
                Long.toString(quantile(took, 0.5)),
                Long.toString(quantile(took, 0.9)),
                Long.toString(quantile(took, 0.99)),
                Long.toString(Arrays.stream(took).max().orElseThrow()));
    }

    /** The smallest value that at least this share of all do not exceed. */
    private static long quantile(long[] sorted, double share) {
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }
}
