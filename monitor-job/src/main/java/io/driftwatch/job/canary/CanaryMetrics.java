package io.driftwatch.job.canary;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** The canary's metrics, in Prometheus' text format. */
public final class CanaryMetrics {
    private final Duration every;
    private final Clock clock;
    private CanaryResult last;
    private Instant ended;
    private long told;
    private long endMissed;
    private long missed;

    /**
     * @param every how often the canary flies
     */
    public CanaryMetrics(Duration every, Clock clock) {
        this.every = every;
        this.clock = clock;
    }

    /** Takes note of a flight that is over. */
    public synchronized void add(CanaryResult result) {
        last = result;
        ended = clock.instant();
        if (result.isFine()) {
            told++;
        } else if (result.detected()) {
            endMissed++;
        } else {
            missed++;
        }
    }

    /** All metrics; those of the last flight only once there was one. */
    public synchronized String text() {
        StringBuilder text = new StringBuilder();
        describe(text, CanaryMetric.FLIGHTS);
        flights(text, "told", told);
        flights(text, "end_missed", endMissed);
        flights(text, "missed", missed);
        add(text, CanaryMetric.INTERVAL, every.toMillis() / 1e3);
        if (last != null) {
            add(text, CanaryMetric.DETECTED, last.detected() ? 1 : 0);
            add(text, CanaryMetric.RESOLVED, last.resolved() ? 1 : 0);
            add(text, CanaryMetric.LAST_FLIGHT, ended.toEpochMilli() / 1e3);
            if (last.delaySeconds() != null) {
                add(text, CanaryMetric.DELAY, last.delaySeconds());
            }
        }
        return text.toString();
    }

    private static void flights(StringBuilder text, String outcome, long count) {
        String label = "{" + CanaryMetric.LABEL + "=\"" + outcome + "\"}";
        value(text, CanaryMetric.FLIGHTS, label, (double) count);
    }

    private static void add(StringBuilder text, CanaryMetric metric, double value) {
        describe(text, metric);
        value(text, metric, "", value);
    }

    private static void describe(StringBuilder text, CanaryMetric metric) {
        String name = metric.prometheusName();
        text.append("# HELP ").append(name).append(' ').append(metric.help()).append(".\n");
        text.append("# TYPE ").append(name).append(' ');
        text.append(metric.kind().name().toLowerCase(Locale.ROOT)).append('\n');
    }

    private static void value(
            StringBuilder text, CanaryMetric metric, String labels, double value) {
        text.append(metric.prometheusName()).append(labels);
        text.append(String.format(Locale.ROOT, " %.3f\n", value));
    }
}
