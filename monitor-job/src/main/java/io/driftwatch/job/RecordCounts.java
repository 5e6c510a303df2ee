package io.driftwatch.job;

import io.driftwatch.job.decode.RejectionReason;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.metrics.Counter;

/**
 * Counts what became of records, as Flink metrics and as accumulators of the job's result: every
 * record that came in was tallied, late, or dead-lettered.
 */
public final class RecordCounts {
    public static final String IN = "records_in";
    public static final String TALLIED = "records_tallied";
    public static final String LATE = "records_late";
    public static final String DEAD_LETTERED = "records_dead_lettered";

    private final Outcome in;
    private final Outcome tallied;
    private final Outcome late;
    private final Outcome deadLettered;
    private final Map<RejectionReason, Counter> byReason = new EnumMap<>(RejectionReason.class);

    public RecordCounts(RuntimeContext context) {
        in = new Outcome(context, IN);
        tallied = new Outcome(context, TALLIED);
        late = new Outcome(context, LATE);
        deadLettered = new Outcome(context, DEAD_LETTERED);
        for (RejectionReason reason : RejectionReason.values()) {
            byReason.put(
                    reason,
                    context.getMetricGroup()
                            .addGroup("driftwatch")
                            .addGroup("reason", reason.label())
                            .counter("records_rejected"));
        }
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

    /** Records that were tallied, but whose counts then came too late for their windows. */
    public void lateAfterAll(long records) {
        tallied.add(-records);
        late.add(records);
        byReason.get(RejectionReason.LATE).inc(records);
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
    private static final class Outcome {
        private final Counter metric;
        private final LongCounter accumulator;

        Outcome(RuntimeContext context, String name) {
            metric = context.getMetricGroup().addGroup("driftwatch").counter(name);
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
