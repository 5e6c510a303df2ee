package io.driftwatch.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How long {@code driftwatch replay} takes for half a year of flights, from the shell's point of
 * view: a new process each time, the start of JVM and cluster included.
 */
@Command(name = "replay", mixinStandardHelpOptions = true)
public final class ReplayBenchmark implements Callable<Integer> {
    @Option(names = "--launcher", required = true, description = "the driftwatch script")
    private Path launcher;

    @Option(names = "--flights", required = true, description = "flights-sample.csv.gz")
    private Path flights;

    @Option(names = "--runs", defaultValue = "5", description = "how often")
    private int runs;

    @Option(names = "--output", required = true, description = "where the Markdown goes")
    private Path output;

    public static void main(String[] args) {
        System.exit(new CommandLine(new ReplayBenchmark()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        try (TemporaryFolder folder = new TemporaryFolder()) {
            Path rows = folder.path().resolve("flights.csv");
            long count = prepare(rows);
            Path config = writeConfig(folder.path());
            // Builds what is not built yet, which is not to be timed.
            run("--version");
            double profile =
                    run(
                            "profile",
                            "-c",
                            config,
                            "--input",
                            "inference=" + rows,
                            "--until",
                            "2001-02-01");
            List<List<String>> table = new ArrayList<>();
            double[] seconds = new double[runs];
            for (int i = 0; i < runs; i++) {
                String load = Machine.load();
                Path results = folder.path().resolve("results-" + i);
                seconds[i] =
                        run(
                                "replay",
                                "-c",
                                config,
                                "--input",
                                "inference=" + rows,
                                "--output",
                                results);
                table.add(List.of(Integer.toString(i + 1), format(seconds[i]), load));
            }
            Arrays.sort(seconds);
            double median = (seconds[(runs - 1) / 2] + seconds[runs / 2]) / 2;
            table.add(List.of("**median**", "**" + format(median) + "**", ""));
            Files.writeString(output, report(count, profile, table));
        }
        return 0;
    }

    private static String report(long count, double profile, List<List<String>> table) {
        return new Markdown()
                .heading("ReplayBenchmark")
                .paragraph(
                        "%,d flights, 5 features, daily windows, default statistics; each run is a"
                                + " whole process. Profiling January before took %s s.",
                        count, format(profile))
                .table(List.of("run", "seconds", "load average"), table)
                .toString();
    }

    /** The flights with a made-up prediction beside them: longer flights make up some delay. */
    private long prepare(Path target) throws IOException {
        try (BufferedReader in =
                        new BufferedReader(
                                new InputStreamReader(
                                        new GZIPInputStream(Files.newInputStream(flights)),
                                        StandardCharsets.UTF_8));
                BufferedWriter out = Files.newBufferedWriter(target)) {
            out.write(in.readLine() + ",predicted_delay\n");
            long rows = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] cells = line.split(",", -1);
                int hour = Integer.parseInt(cells[0].substring(11, 13));
                double miles = Double.parseDouble(cells[2]);
                double predicted = 0.8 * hour - 0.002 * miles;
                out.write(line + "," + String.format(Locale.ROOT, "%.2f", predicted) + "\n");
                rows++;
            }
            return rows;
        }
    }

    private static Path writeConfig(Path folder) throws IOException {
        return Files.writeString(
                folder.resolve("flights.yaml"),
                """
                models:
                  - name: flight-delay
                    profile: flights.avro
                    streams:
                      - {role: inference, topic: flights, format: csv, event_time: scheduled}
                    window: {size: 1d}
                    features:
                      delay_minutes: {type: numeric}
                      distance_miles: {type: numeric}
                      origin: {type: categorical}
                      destination: {type: categorical}
                      predicted_delay: {type: numeric, role: prediction}
                rules:
                  - {alert: FeatureDrift, statistic: psi, above: 0.2, significance: 0.001}
                """);
    }

    private double run(Object... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        Arrays.stream(args).map(Object::toString).forEach(command::add);
        long start = System.nanoTime();
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        process.getOutputStream().close();
        if (process.waitFor() != 0) {
            throw new IOException("driftwatch " + args[0] + " failed; see above");
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static String format(double seconds) {
        return String.format(Locale.ROOT, "%.1f", seconds);
    }
}
