package io.driftwatch.benchmarks;

import java.util.Properties;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * Knows how many records the source of a job in this process has read, from the counter that Flink
 * keeps anyway: watching costs the job nothing.
 */
public final class SourceProgress implements MetricReporter {
    private static volatile Counter counter;

    /** Made by Flink, by its name in the configuration. */
    public static final class Factory implements MetricReporterFactory {
        @Override
        public MetricReporter createMetricReporter(Properties properties) {
            return new SourceProgress();
        }
    }

    /** Records so far; 0 before there is a source. */
    static long records() {
        Counter found = counter;
        return found == null ? 0 : found.getCount();
    }

    @Override
    public void open(MetricConfig config) {}

    @Override
    public void close() {}

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        String operator = group.getAllVariables().getOrDefault("<operator_name>", "");
        if (operator.startsWith("Source: ") && name.equals("numRecordsIn")) {
            counter = (Counter) metric;
        }
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {}
}
