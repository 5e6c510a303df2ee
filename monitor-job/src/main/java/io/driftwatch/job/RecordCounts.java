package io.driftwatch.job;

import io.driftwatch.job.decode.RejectionReason;
import io.driftwatch.job.metrics.JobMetric;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.SimpleCounter;

/**
 * Counts what became of records, as Flink metrics and as accumulators of the job's result: every
 * record that came in was tallied, late, or dead-lettered.
 */
public final class RecordCounts {
    public static final String IN = "records_in";
    public static final String TALLIED = "records_tallied";
    public static final String LATE = "records_late";
    public static final String DEAD_LETTERED = "records_dead_lettered";

    /** Why the operator that tallies turns records away; all else is found by the decoder. */
    private static final Set<RejectionReason> IN_TALLY =
            EnumSet.of(RejectionReason.LATE, RejectionReason.UNKNOWN_CONFIGURATION);

    private final RuntimeContext context;
    private final String model;
    private final Outcome in;
    private final Outcome tallied;
    private final Outcome late;
    private final Outcome deadLettered;
    private final Map<RejectionReason, Counter> byReason = new EnumMap<>(RejectionReason.class);
    private Counter refused;
    private Counter unknownVersion;

    /**
     * @param metrics which of the metrics the operator counts; so that no other ones stand at 0
     */
    private RecordCounts(RuntimeContext context, String model, Set<String> metrics) {
        this.context = context;
        this.model = model;
        in = new Outcome(IN, metrics.contains(IN) ? counter(JobMetric.RECORDS_IN) : null);
        tallied = outcome(TALLIED, "tallied", metrics);
        late = outcome(LATE, "late", metrics);
        deadLettered = outcome(DEAD_LETTERED, "dead_lettered", metrics);
        for (RejectionReason reason : RejectionReason.values()) {
            if (metrics.contains(IN_TALLY.contains(reason) ? LATE : IN)) {
                byReason.put(reason, counter(JobMetric.RECORDS_REJECTED, reason.label()));
            }
        }
    }

    /** For the operator that parts what was decoded from what was not. */
    public static RecordCounts whereDecoded(RuntimeContext context, String model) {
        return new RecordCounts(context, model, Set.of(IN, DEAD_LETTERED));
    }

    /** For the operator that tallies. */
    public static RecordCounts whereTallied(RuntimeContext context, String model) {
        RecordCounts counts =
                new RecordCounts(context, model, Set.of(TALLIED, LATE, DEAD_LETTERED));
        counts.unknownVersion = counts.counter(JobMetric.RECORDS_UNKNOWN_VERSION);
        return counts;
    }

    /** For the operator that adds tallies up. */
    public static RecordCounts whereMerged(RuntimeContext context, String model) {
        RecordCounts counts = new RecordCounts(context, model, Set.of());
        counts.refused = counts.counter(JobMetric.RECORDS_REFUSED);
        return counts;
    }

    private Counter counter(JobMetric metric, String... labels) {
        String[] all = new String[labels.length + 1];
        all[0] = model;
        System.arraycopy(labels, 0, all, 1, labels.length);
        return metric.in(context.getMetricGroup(), all).counter(metric.shortName());
    }

    private Outcome outcome(String name, String label, Set<String> metrics) {
        return new Outcome(name, metrics.contains(name) ? counter(JobMetric.RECORDS, label) : null);
    }

    public void in() {
        in.add(1);
    }

    public void tallied() {
        tallied.add(1);
    }

    public void late() {
        late.add(1);
        byReason.get(RejectionReason.LATE).inc();
    }

    /** Records of a version that has no reference: they are tallied too. */
    public void ofUnknownVersion(long records) {
        unknownVersion.inc(records);
    }

    /**
     * Records that were tallied, but whose counts then came too late for their windows. A counter
     * must not go back, so metrics count them apart.
     */
    public void lateAfterAll(long records) {
        tallied.add(-records);
        late.add(records);
        refused.inc(records);
    }

    public void deadLettered(String reason) {
        deadLettered.add(1);
        for (Map.Entry<RejectionReason, Counter> each : byReason.entrySet()) {
            if (each.getKey().label().equals(reason)) {
                each.getValue().inc();
            }
        }
    }

    /** One number, kept twice: metrics are for scraping, accumulators come back with the result. */
    private final class Outcome {
        private final Counter metric;
        private final LongCounter accumulator;

        Outcome(String name, Counter metricOrNull) {
            metric = metricOrNull == null ? new SimpleCounter() : metricOrNull;
            var existing = context.<Long, Long>getAccumulator(name);
            if (existing instanceof LongCounter counter) {
                accumulator = counter;
            } else {
                accumulator = new LongCounter();
                context.addAccumulator(name, accumulator);
            }
        }

        void add(long n) {
            metric.inc(n);
            accumulator.add(n);
        }
    }
}
