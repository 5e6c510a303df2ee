package io.driftwatch.job.metrics;

import java.util.Arrays;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.HistogramStatistics;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * The last durations, kept in milliseconds and told in seconds: Flink's histograms hold whole
 * numbers, and Prometheus wants seconds. Thread-safe.
 */
final class SecondsHistogram implements Histogram {
    private static final int REMEMBERED = 1000;
    private static final double MILLIS = 1000.0;

    private final DescriptiveStatisticsHistogram millis =
            new DescriptiveStatisticsHistogram(REMEMBERED);

    @Override
    public synchronized void update(long value) {
        millis.update(value);
    }

    @Override
    public synchronized long getCount() {
        return millis.getCount();
    }

    @Override
    public synchronized HistogramStatistics getStatistics() {
        return new Statistics(millis.getStatistics());
    }

    private static final class Statistics extends HistogramStatistics {
        private final HistogramStatistics inMillis;

        Statistics(HistogramStatistics inMillis) {
            this.inMillis = inMillis;
        }

        @Override
        public double getQuantile(double quantile) {
            return inMillis.getQuantile(quantile) / MILLIS;
        }

        @Override
        public long[] getValues() {
            return Arrays.stream(inMillis.getValues()).map(v -> v / 1000).toArray();
        }

        @Override
        public int size() {
            return inMillis.size();
        }

        @Override
        public double getMean() {
            return inMillis.getMean() / MILLIS;
        }

        @Override
        public double getStdDev() {
            return inMillis.getStdDev() / MILLIS;
        }

        @Override
        public long getMax() {
            return inMillis.getMax() / 1000;
        }

        @Override
        public long getMin() {
            return inMillis.getMin() / 1000;
        }
    }
}
