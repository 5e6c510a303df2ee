package io.driftwatch.detectors.significance;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;

/**
 * How many false alarms somebody is ready to bear: {@code falseAlarms} in every {@code period}, on
 * average. By the linearity of expectation a budget can be divided among any tests, whether they
 * depend on each other or not.
 *
 * @param falseAlarms how many, above 0
 * @param period in which time, a millisecond or more
 */
public record FalseAlarmBudget(double falseAlarms, Duration period) implements Serializable {
    /** Beyond this a level is no longer one at which anything should alarm. */
    private static final double HIGHEST_LEVEL = 0.5;

    /**
     * @throws IllegalArgumentException if a number is not positive
     */
    public FalseAlarmBudget {
        Objects.requireNonNull(period, "period");
        if (!(falseAlarms > 0 && falseAlarms < Double.POSITIVE_INFINITY) || period.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "A budget of "
                            + falseAlarms
                            + " false alarms per "
                            + period
                            + "; expected e.g. 1 per 30d");
        }
    }

    /**
     * The share of the budget that one of {@code tests} simultaneous tests may use, made once in
     * every {@code interval}: falseAlarms * interval / (period * tests), between the smallest
     * normal double and one half.
     *
     * @throws IllegalArgumentException if {@code interval} or {@code tests} is not positive, {@code
     *     interval} at least a millisecond
     */
    public double level(Duration interval, long tests) {
        if (interval.toMillis() < 1 || tests < 1) {
            throw new IllegalArgumentException(
                    tests + " tests every " + interval + ", expected at least one, now and then");
        }
        double share = falseAlarms * interval.toMillis() / ((double) period.toMillis() * tests);
        return Math.max(Double.MIN_NORMAL, Math.min(HIGHEST_LEVEL, share));
    }
}
