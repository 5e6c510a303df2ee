package io.driftwatch.benchmarks;

import io.driftwatch.benchmarks.Contender.Cost;
import io.driftwatch.job.config.StreamFormat;
import io.driftwatch.job.sink.FileSinks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Files, scored by numpy and by {@code driftwatch replay}. What comes once is what a file of the
 * first window alone costs.
 */
final class OthersFiles {
    /** Plain Python reads Avro so slowly that a part of the rows must do. */
    private static final int SLOW_SHARE = 20;

    private static final String NO_BROKER = "localhost:9092";

    private static final String NUMPY = "numpy from CSV";
    private static final String PANDAS = "pandas and numpy from CSV";
    private static final String SCIPY = "numpy and scipy's ks_2samp from CSV";
    private static final String NUMPY_AVRO = "numpy from Avro";
    private static final String REPLAY = "driftwatch replay from CSV";
    private static final String REPLAY_AVRO = "driftwatch replay from Avro";

    private final OthersScripts scripts;
    private final Path folder;
    private final long rows;
    private final long seed;

    OthersFiles(OthersScripts scripts, Path folder, long rows, long seed) {
        this.scripts = scripts;
        this.folder = folder;
        this.rows = rows;
        this.seed = seed;
    }

    /**
     * Rows in a file, and the first window's in another.
     *
     * @param count in the former
     */
    private record Rows(Path all, long count, Path first) {}

    /** Scores a file. */
    private interface Scoring {
        ChildProcess run(Path rows, Path results) throws IOException;
    }

    void compare(int rounds, Markdown markdown) throws IOException {
        Path csvConfig = WindowedRecords.writeConfig(folder, StreamFormat.CSV, NO_BROKER);
        Path avroConfig = WindowedRecords.writeConfig(folder, StreamFormat.AVRO, NO_BROKER);
        Path reference = prepareReference(csvConfig);
        Rows csv = csv();
        Rows avro = avro("rows", rows);
        Rows few = avro("few", fewRows());
        List<Contender> contenders =
                List.of(
                        contender(NUMPY, csv, numpy("numpy", "numpy", reference)),
                        contender(PANDAS, csv, numpy("pandas", "numpy", reference)),
                        contender(SCIPY, csv, numpy("numpy", "scipy", reference)),
                        contender(NUMPY_AVRO, few, numpy("avro", "numpy", reference)),
                        contender(REPLAY, csv, replay(csvConfig)),
                        contender(REPLAY_AVRO, avro, replay(avroConfig)));
        List<String> loads = Contender.compare(contenders, rounds);
        int compared = requireAgreement();
        markdown.paragraph(
                "%,d rows of %d numbers in files, windows of %,d rows, a reference of %,d (seed %d)."
                        + " CPU time is user and system time of whole processes; without the start"
                        + " is what the rows after the first window cost. Medians of %d rounds by"
                        + " turns, of the ratios too; load average before each %s. %,d values of"
                        + " psi and ks were compared and agree. *%s*, by Debian's python3-avro, got"
                        + " %,d rows.",
                rows,
                WindowedRecords.SHAPE.numeric(),
                WindowedRecords.WINDOW_ROWS,
                Workload.REFERENCE_ROWS,
                seed,
                rounds,
                String.join(", ", loads),
                compared,
                NUMPY_AVRO,
                fewRows());
        Contender.table(markdown, contenders);
    }

    private Path prepareReference(Path config) throws IOException {
        Path csv = folder.resolve("reference.csv");
        Path npy = folder.resolve("reference.npy");
        new WindowedRecords(seed, Workload.REFERENCE_ROWS).writeCsv(csv);
        scripts.driftwatch("profile", "-c", config, "-i", "features=" + csv);
        scripts.python("prepare_reference.py", csv, npy);
        return npy;
    }

    private Rows csv() throws IOException {
        Rows files = new Rows(folder.resolve("rows.csv"), rows, folder.resolve("first.csv"));
        new WindowedRecords(seed + 1, files.count()).writeCsv(files.all());
        new WindowedRecords(seed + 1, WindowedRecords.WINDOW_ROWS).writeCsv(files.first());
        return files;
    }

    private Rows avro(String name, long count) throws IOException {
        Rows files = new Rows(folder.resolve(name + ".avro"), count, folder.resolve("first.avro"));
        new WindowedRecords(seed + 1, files.count()).writeAvro(files.all());
        new WindowedRecords(seed + 1, WindowedRecords.WINDOW_ROWS).writeAvro(files.first());
        return files;
    }

    private long fewRows() {
        long windows = rows / WindowedRecords.WINDOW_ROWS / SLOW_SHARE;
        return Math.max(2, windows) * WindowedRecords.WINDOW_ROWS;
    }

    private Scoring numpy(String reader, String ks, Path reference) {
        return (file, results) ->
                scripts.python(
                        "numpy_windows.py",
                        reader,
                        ks,
                        reference,
                        file,
                        WindowedRecords.WINDOW_MILLIS,
                        results);
    }

    private Scoring replay(Path config) {
        return (file, results) ->
                scripts.driftwatch("replay", "-c", config, "-i", "features=" + file, "-o", results);
    }

    private Contender contender(String title, Rows rows, Scoring scoring) {
        Path results = results(title);
        return new Contender(
                title,
                () -> {
                    double first = scoring.run(rows.first(), results).cpuSeconds();
                    double all = scoring.run(rows.all(), results).cpuSeconds();
                    long more = rows.count() - WindowedRecords.WINDOW_ROWS;
                    return new Cost(rows.count() / all, more / (all - first));
                });
    }

    private int requireAgreement() throws IOException {
        long windows = rows / WindowedRecords.WINDOW_ROWS;
        int compared = 0;
        for (String replay : List.of(REPLAY, REPLAY_AVRO)) {
            OthersAgreement expected =
                    OthersAgreement.ofReplay(results(replay).resolve(FileSinks.SCORES));
            for (String script : List.of(NUMPY, PANDAS, SCIPY)) {
                compared += expected.require(results(script), windows);
            }
            compared +=
                    expected.require(results(NUMPY_AVRO), fewRows() / WindowedRecords.WINDOW_ROWS);
        }
        return compared;
    }

    private Path results(String title) {
        return folder.resolve(title.replace(' ', '-'));
    }
}
