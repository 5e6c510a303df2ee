package io.driftwatch.job.metrics;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What Prometheus would read from an address, in its text format.
 *
 * @param samples one for each line that holds a number
 */
public record PrometheusScrape(List<Sample> samples) {
    private static final Pattern LINE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)\\})? (\\S+)(?: \\d+)?");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

    /**
     * A number.
     *
     * @param labels all of them, Flink's own too
     */
    public record Sample(String name, Map<String, String> labels, double value) {}

    /** Reads the address once; nothing if nobody listens there. */
    public static PrometheusScrape of(HttpClient client, int port) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build();
        try {
            return parse(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException nobody) {
            return new PrometheusScrape(List.of());
        }
    }

    /** Reads the text format. */
    static PrometheusScrape parse(String text) {
        List<Sample> samples = new ArrayList<>();
        text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(line -> samples.add(sample(line)));
        return new PrometheusScrape(samples);
    }

    private static Sample sample(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a line of Prometheus' text format: " + line);
        }
        Map<String, String> labels = new LinkedHashMap<>();
        if (matcher.group(2) != null) {
            Matcher label = LABEL.matcher(matcher.group(2));
            int end = 0;
            while (label.find() && label.start() == end) {
                labels.put(
                        label.group(1),
                        label.group(2)
                                .replace("\\n", "\n")
                                .replace("\\\"", "\"")
                                .replace("\\\\", "\\"));
                end = label.end();
            }
            if (end != matcher.group(2).length()) {
                throw new IllegalArgumentException("labels that cannot be read: " + line);
            }
        }
        return new Sample(matcher.group(1), labels, number(matcher.group(3)));
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    /** Names of all samples. */
    public Set<String> names() {
        return samples.stream().map(Sample::name).collect(Collectors.toSet());
    }

    /** The samples of a metric. */
    public List<Sample> of(JobMetric metric) {
        return samples.stream().filter(s -> s.name().equals(metric.prometheusName())).toList();
    }

    /** Adds up a metric over all subtasks, by the values of its own labels. */
    public Map<List<String>, Double> sums(JobMetric metric) {
        Map<List<String>, Double> sums = new LinkedHashMap<>();
        for (Sample sample : of(metric)) {
            List<String> key = metric.labels().stream().map(l -> sample.labels().get(l)).toList();
            sums.merge(key, sample.value(), Double::sum);
        }
        return sums;
    }

    /** One number of a metric, added up over all subtasks; 0 without any. */
    public double sum(JobMetric metric, String... values) {
        return sums(metric).getOrDefault(List.of(values), 0.0);
    }

    /** Whether any sample is as described. */
    public boolean has(Predicate<Sample> description) {
        return samples.stream().anyMatch(description);
    }
}
