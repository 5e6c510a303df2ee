package io.driftwatch.benchmarks;

import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * Knows how many records the sources of the job in this process have read, from the counters that
 * Flink keeps anyway, one for each subtask: watching costs the job nothing.
 */
public final class SourceProgress implements MetricReporter {
    private static final List<Counter> COUNTERS = new CopyOnWriteArrayList<>();

    /** Made by Flink, by its name in the configuration. */
    public static final class Factory implements MetricReporterFactory {
        @Override
        public MetricReporter createMetricReporter(Properties properties) {
            return new SourceProgress();
        }
    }

    /** Records so far, of all subtasks; 0 before there is a source. */
    static long records() {
        long records = 0;
        for (Counter counter : COUNTERS) {
            records += counter.getCount();
        }
        return records;
    }

    /** Forgets the sources of a job that has ended. */
    static void forget() {
        COUNTERS.clear();
    }

    @Override
    public void open(MetricConfig config) {}

    @Override
    public void close() {}

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        String operator = group.getAllVariables().getOrDefault("<operator_name>", "");
        if (operator.startsWith("Source: ") && name.equals("numRecordsIn")) {
            COUNTERS.add((Counter) metric);
        }
    }

    /** Counters outlive their source: its last count still counts. */
    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {}
}
