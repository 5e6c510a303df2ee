package io.driftwatch.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Driftwatch beside what people would write themselves: psi and ks of 20 numeric features in
 * windows of 10,000 rows, from files by numpy, and from a topic of JSON by a plain Python consumer.
 * Figures are rows per second of CPU time. That all do the same work is checked.
 */
@Command(name = "others", mixinStandardHelpOptions = true)
public final class OthersBenchmark implements Callable<Integer> {
    @Option(names = "--launcher", required = true, description = "the driftwatch script")
    private Path launcher;

    @Option(
            names = "--windows",
            defaultValue = "100",
            description = "windows of 10,000 rows in the files")
    private int windows;

    @Option(names = "--topic-windows", defaultValue = "200", description = "and in the topic")
    private int topicWindows;

    @Option(names = "--rounds", defaultValue = "5", description = "how often each way is run")
    private int rounds;

    @Option(names = "--seed", defaultValue = "1", description = "of the made-up rows")
    private long seed;

    @Option(names = "--smoke", description = "few rows, one round")
    private boolean smoke;

    @Option(names = "--output", required = true, description = "where the Markdown goes")
    private Path output;

    public static void main(String[] args) {
        System.exit(new CommandLine(new OthersBenchmark()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        PipelineProcess steady = PipelineProcess.STEADY;
        if (smoke) {
            windows = 5;
            topicWindows = 10;
            rounds = 1;
            steady = steady.lasting(1, 1);
        }
        OthersScripts scripts = new OthersScripts(launcher);
        scripts.install();
        Markdown markdown = new Markdown().heading("OthersBenchmark");
        try (TemporaryFolder folder = new TemporaryFolder()) {
            new OthersFiles(scripts, folder.path(), rows(windows), seed).compare(rounds, markdown);
        }
        try (KafkaFixture kafka = KafkaFixture.start()) {
            new OthersTopic(scripts, kafka, rows(topicWindows), seed, steady)
                    .compare(rounds, markdown);
        }
        Files.writeString(output, markdown.toString());
        return 0;
    }

    private static long rows(int windows) {
        return (long) windows * WindowedRecords.WINDOW_ROWS;
    }
}
