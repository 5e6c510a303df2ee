package io.driftwatch.benchmarks;

import io.driftwatch.benchmarks.Contender.Cost;
import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A topic of JSON records, scored by a plain Python consumer and by the monitor job. What comes
 * once is left out by measuring after a warm-up: of the consumer a tenth of the records, of the job
 * whole passes over the topic, as its code is compiled while it runs.
 */
final class OthersTopic {
    private static final int WARM_UP_SHARE = 10;

    private final OthersScripts scripts;
    private final KafkaFixture kafka;
    private final long records;
    private final long seed;
    private final PipelineProcess steady;

    /**
     * @param steady how the job is run where its start is left out
     */
    OthersTopic(
            OthersScripts scripts,
            KafkaFixture kafka,
            long records,
            long seed,
            PipelineProcess steady) {
        this.scripts = scripts;
        this.kafka = kafka;
        this.records = records;
        this.seed = seed;
        this.steady = steady;
    }

    void compare(int rounds, Markdown markdown) throws IOException {
        Path config =
                WindowedRecords.writeConfig(
                        kafka.folder(), StreamFormat.JSON, kafka.bootstrapServers());
        Path reference = prepare(config);
        Path found = kafka.folder().resolve("found.csv");
        Path foundByUjson = kafka.folder().resolve("found-ujson.csv");
        List<Contender> contenders =
                List.of(
                        new Contender(
                                "Python consumer, json", () -> consumer("json", reference, found)),
                        new Contender(
                                "Python consumer, ujson",
                                () -> consumer("ujson", reference, foundByUjson)),
                        new Contender("driftwatch monitor", () -> job(config)));
        List<String> loads = Contender.compare(contenders, rounds);
        OthersAgreement expected = OthersAgreement.ofJob(scores(config));
        long windows = records / WindowedRecords.WINDOW_ROWS;
        int compared = expected.require(found, windows) + expected.require(foundByUjson, windows);
        markdown.paragraph(
                "%,d such records as JSON in a topic of one partition (seed %d). CPU time is user and"
                        + " system time of the whole process, the broker not; without the start is"
                        + " after a warm-up: of the consumer a tenth of the records, of the job"
                        + " passes over the topic for %.0f s. Medians of %d rounds by turns; load"
                        + " average before each %s. %,d values of psi and ks were compared and"
                        + " agree.",
                records, seed, steady.warmupSeconds(), rounds, String.join(", ", loads), compared);
        Contender.table(markdown, contenders);
    }

    private Path prepare(Path configFile) throws IOException {
        Path csv = kafka.folder().resolve("reference.csv");
        Path npy = kafka.folder().resolve("reference.npy");
        new WindowedRecords(seed, Workload.REFERENCE_ROWS).writeCsv(csv);
        scripts.python("prepare_reference.py", csv, npy);
        MonitorConfig config = ConfigLoader.load(configFile);
        Workload.writeProfile(config, WindowedRecords.SHAPE, seed);
        kafka.createTopics(config, 1);
        new WindowedRecords(seed + 1, records).sendJson(kafka.bootstrapServers());
        return npy;
    }

    private Cost consumer(String json, Path reference, Path found) throws IOException {
        ChildProcess run =
                scripts.python(
                        "kafka_consumer.py",
                        json,
                        "numpy",
                        reference,
                        kafka.bootstrapServers(),
                        Workload.TOPIC,
                        records,
                        records / WARM_UP_SHARE,
                        WindowedRecords.WINDOW_MILLIS,
                        found);
        String[] measured = run.output().strip().split(" ", -1);
        double seconds = Long.parseLong(measured[1]) / 1e9;
        return new Cost(records / run.cpuSeconds(), Long.parseLong(measured[0]) / seconds);
    }

    private Cost job(Path config) throws IOException {
        double before = ChildProcess.cpuSecondsOfChildren();
        once().run(PipelineJob.MONITOR, config, records);
        double whole = ChildProcess.cpuSecondsOfChildren() - before;
        Measured measured = steady.run(PipelineJob.MONITOR, config, records);
        return new Cost(records / whole, 1e6 / measured.cpuMicrosPerRecord());
    }

    /** One pass over the topic, cold. */
    private static PipelineProcess once() {
        return PipelineProcess.STEADY.lasting(0, 0);
    }

    private Path scores(Path config) throws IOException {
        Path file = kafka.folder().resolve("scores.txt");
        once().with(List.of(), List.of("--scores=" + file))
                .run(PipelineJob.MONITOR, config, records);
        return file;
    }
}
