package io.driftwatch.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs JMH benchmarks and writes their results as Markdown. */
@Command(name = "kernels", mixinStandardHelpOptions = true)
public final class KernelBenchmarks implements Callable<Integer> {
    /** Which method is compared with which, both with the same parameters. */
    private static final Map<String, String> BASELINES =
            Map.of(
                    "avroPlan", "avroFlink",
                    "avroGeneric", "avroFlink",
                    "jsonStreaming", "jsonTree",
                    "numeric", "kllDoubles",
                    "twentyNumeric", "twentyKllDoubles");

    /** What is to be reached: operations a second, bytes, times the baseline. */
    private static final Map<String, String> AIMS =
            Map.of(
                    "avroPlan", "3 x",
                    "jsonStreaming", "2.5 x",
                    "numeric exact", "25,000,000/s, 0 bytes, 2.5 x",
                    "numeric grid", "40,000,000/s, 0 bytes, 2.5 x",
                    "twentyNumeric", "0 bytes, 2.5 x");

    @Parameters(paramLabel = "REGEX", description = "which benchmarks")
    private String include;

    @Option(names = "--smoke", description = "one short run each: shows that it works, no more")
    private boolean smoke;

    @Option(names = "--output", required = true, description = "where the Markdown goes")
    private Path output;

    public static void main(String[] args) {
        System.exit(new CommandLine(new KernelBenchmarks()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        ChainedOptionsBuilder options =
                new OptionsBuilder().include(include).addProfiler(GCProfiler.class);
        if (smoke) {
            options.forks(1)
                    .warmupIterations(1)
                    .warmupTime(TimeValue.milliseconds(500))
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(500));
        }
        String before = Machine.load();
        Collection<RunResult> results = new Runner(options.build()).run();
        Markdown markdown = new Markdown().heading(include);
        markdown.table(
                List.of(
                        "benchmark",
                        "operations/s",
                        "± (99.9%)",
                        "ns",
                        "bytes",
                        "x baseline",
                        "aim"),
                rows(results));
        markdown.paragraph("Load average before %s, after %s.", before, Machine.load());
        Files.writeString(output, markdown.toString());
        return 0;
    }

    private static List<List<String>> rows(Collection<RunResult> results) {
        Map<String, Double> scores = new TreeMap<>();
        results.forEach(r -> scores.put(name(r), r.getPrimaryResult().getScore()));
        List<List<String>> rows = new ArrayList<>();
        for (RunResult each : results) {
            Result<?> result = each.getPrimaryResult();
            Result<?> allocated = each.getSecondaryResults().get("gc.alloc.rate.norm");
            Double baseline = scores.get(baseline(name(each)));
            rows.add(
                    List.of(
                            name(each),
                            format("%,.0f", result.getScore()),
                            Double.isNaN(result.getScoreError())
                                    ? "-"
                                    : format("%,.0f", result.getScoreError()),
                            format("%,.1f", 1e9 / result.getScore()),
                            allocated == null ? "-" : format("%,.0f", allocated.getScore()),
                            baseline == null ? "-" : format("%.1f", result.getScore() / baseline),
                            AIMS.getOrDefault(name(each), "")));
        }
        return rows;
    }

    /** The name of what it is compared with; of nothing if there is none. */
    private static String baseline(String name) {
        String method = name.split(" ", 2)[0];
        return BASELINES.getOrDefault(method, "") + name.substring(method.length());
    }

    private static String name(RunResult result) {
        BenchmarkParams params = result.getParams();
        String method = params.getBenchmark();
        StringBuilder name = new StringBuilder(method.substring(method.lastIndexOf('.') + 1));
        params.getParamsKeys().forEach(key -> name.append(' ').append(params.getParam(key)));
        return name.toString();
    }

    private static String format(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
