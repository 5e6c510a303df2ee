package io.driftwatch.job.metrics;

import org.apache.flink.metrics.Gauge;

/** A number that the task's thread sets and a reporter's thread reads. */
public final class Reading implements Gauge<Double> {
    private volatile double value;

    public Reading(double value) {
        this.value = value;
    }

    /** Shows another value from now on. */
    public void set(double newValue) {
        value = newValue;
    }

    @Override
    public Double getValue() {
        return value;
    }
}
