package io.driftwatch.job.metrics;

import io.driftwatch.alerts.deliver.Answer;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import io.driftwatch.schemas.Notification;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** What metrics show of one endpoint. The task's thread tells it, reporters' threads read it. */
public final class EndpointMetrics {
    private static final List<DeliveryOutcome> OUTCOMES =
            List.of(DeliveryOutcome.delivered, DeliveryOutcome.rejected, DeliveryOutcome.exhausted);

    /** Stands for: nothing waits. */
    private static final long NOTHING = Long.MAX_VALUE;

    private final Map<DeliveryOutcome, Counter> outcomes = new EnumMap<>(DeliveryOutcome.class);
    private final Map<Answer.Failure, Counter> failures = new EnumMap<>(Answer.Failure.class);
    private final SecondsHistogram latency = new SecondsHistogram();
    private final Reading size = new Reading(0);
    private final Reading down = new Reading(0);
    private volatile long oldestMillis = NOTHING;

    /**
     * @param metrics the group of the operator
     * @param now tells the time, in milliseconds
     */
    public EndpointMetrics(
            MetricGroup metrics, String receiver, String endpoint, LongSupplier now) {
        for (DeliveryOutcome outcome : OUTCOMES) {
            outcomes.put(
                    outcome,
                    JobMetric.NOTIFICATIONS
                            .in(metrics, receiver, endpoint, outcome.name())
                            .counter(JobMetric.NOTIFICATIONS.shortName()));
        }
        for (Answer.Failure failure : Answer.Failure.values()) {
            failures.put(
                    failure,
                    JobMetric.ATTEMPTS_FAILED
                            .in(metrics, receiver, endpoint, failure.label())
                            .counter(JobMetric.ATTEMPTS_FAILED.shortName()));
        }
        MetricGroup group = JobMetric.OUTBOX.in(metrics, receiver, endpoint);
        group.histogram(JobMetric.NOTIFICATION_LATENCY.shortName(), latency);
        group.gauge(JobMetric.OUTBOX.shortName(), size);
        group.gauge(JobMetric.OUTBOX_AGE.shortName(), (Gauge<Double>) () -> age(now));
        group.gauge(JobMetric.ENDPOINT_DOWN.shortName(), down);
    }

    private double age(LongSupplier now) {
        long oldest = oldestMillis;
        return oldest == NOTHING ? 0 : Math.max(0, now.getAsLong() - oldest) / 1000.0;
    }

    /** Takes note of what an attempt came to. */
    public void attempted(Answer.Failure failureOrNull) {
        if (failureOrNull != null) {
            failures.get(failureOrNull).inc();
        }
    }

    /** Takes note of the end of a notification's delivery. */
    public void ended(Notification notification, Delivery delivery) {
        Counter counter = outcomes.get(delivery.getOutcome());
        if (counter != null) {
            counter.inc();
        }
        if (delivery.getOutcome() == DeliveryOutcome.delivered) {
            long made = notification.getCreatedAt().toEpochMilli();
            latency.update(Math.max(0, delivery.getFinishedAt().toEpochMilli() - made));
        }
    }

    /**
     * Shows how the endpoint stands.
     *
     * @param waiting notifications that it is still to get
     * @param oldest when the first of them came; anything if there are none
     */
    public void stands(int waiting, long oldest, boolean isDown) {
        size.set(waiting);
        oldestMillis = waiting == 0 ? NOTHING : oldest;
        down.set(isDown ? 1 : 0);
    }
}
