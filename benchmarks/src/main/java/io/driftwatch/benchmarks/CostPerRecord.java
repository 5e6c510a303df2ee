package io.driftwatch.benchmarks;

import io.driftwatch.benchmarks.CostCase.Records;
import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Runs jobs by turns, each in a fresh process, and keeps what a record cost each of them. */
final class CostPerRecord implements AutoCloseable {
    private final PipelineProcess process;
    private final long values;
    private final long seed;

    /** Every broker holds one topic, always of the same name. */
    private final Map<Records, KafkaFixture> kafka = new LinkedHashMap<>();

    private final Map<CostCase, List<Measured>> runs = new HashMap<>();

    /**
     * @param process how the jobs are run
     * @param values numbers in a topic, whatever the number of features
     */
    CostPerRecord(PipelineProcess process, long values, long seed) {
        this.process = process;
        this.values = values;
        this.seed = seed;
    }

    /** Runs each case so many times. */
    void measure(Collection<CostCase> cases, int rounds) throws IOException {
        Map<CostCase, Path> configs = new LinkedHashMap<>();
        for (CostCase each : cases) {
            if (!kafka.containsKey(each.records())) {
                fill(each.records());
            }
            configs.put(each, prepare(each, kafka.get(each.records())));
        }
        for (int round = 0; round < rounds; round++) {
            for (CostCase each : cases) {
                Progress.say("%s", each);
                runs.computeIfAbsent(each, c -> new ArrayList<>())
                        .add(
                                process.withParallelism(each.parallelism())
                                        .run(
                                                PipelineJob.MONITOR,
                                                configs.get(each),
                                                count(each.records())));
            }
        }
    }

    /** The median of a case's runs. */
    double median(CostCase of, ToDoubleFunction<Measured> figure) {
        return Median.of(runs.get(of), figure);
    }

    private long count(Records records) {
        return values / records.features();
    }

    private void fill(Records records) throws IOException {
        KafkaFixture started = KafkaFixture.start();
        kafka.put(records, started);
        Path file = config(CostCase.USUAL.withFeatures(records.features()), started);
        started.createTopics(ConfigLoader.load(file), records.partitions());
        TopicFiller.fill(
                started.bootstrapServers(),
                new Workload(records.shape(), seed + 1),
                StreamFormat.AVRO,
                records.partitions(),
                count(records));
    }

    private Path prepare(CostCase of, KafkaFixture in) throws IOException {
        Path file = config(of, in);
        MonitorConfig config = ConfigLoader.load(file);
        if (Files.notExists(config.models().get(0).profilePath())) {
            Workload.writeProfile(config, of.records().shape(), seed, of.referenceRows());
        }
        return file;
    }

    /** Cases that compare with the same reference share a folder, and so the profile. */
    private static Path config(CostCase of, KafkaFixture in) throws IOException {
        return Workload.writeConfig(
                Files.createDirectories(in.folder().resolve("rows-" + of.referenceRows())),
                of.records().shape(),
                StreamFormat.AVRO,
                of.window(),
                in.bootstrapServers(),
                "window-" + of.window().replaceAll("[^0-9a-z]+", "-"));
    }

    @Override
    public void close() throws IOException {
        for (KafkaFixture each : kafka.values()) {
            each.close();
        }
    }
}
