package io.driftwatch.detectors.statistic;

/**
 * A statistic's value with proved bounds, or the reason why there is none. Absent numbers are NaN.
 *
 * @param value the statistic itself
 * @param lower the least that it can be; equal to {@code value} unless the cells leave doubt
 * @param upper the most that it can be
 * @param pValue the probability of at least this value without drift, where the statistic has a
 *     test
 * @param criticalValue where the statistic becomes significant at the comparison's level
 * @param count values (or rows) of the window that entered
 * @param referenceCount values (or rows) of the reference that entered
 * @param reason why there is no value; null if there is one
 */
public record Measurement(
        double value,
        double lower,
        double upper,
        double pValue,
        double criticalValue,
        long count,
        long referenceCount,
        String reason) {

    public Measurement {
        if (reason == null && !(Double.isFinite(value) && lower <= value && value <= upper)) {
            throw new IllegalArgumentException(
                    "value "
                            + value
                            + " with bounds "
                            + lower
                            + " to "
                            + upper
                            + ": expected a finite value within its bounds, or a reason");
        }
        if (pValue < 0 || pValue > 1) {
            throw new IllegalArgumentException("pValue is " + pValue + ", not a probability");
        }
    }

    /** A value known exactly. */
    public static Measurement exact(
            double value, double pValue, double criticalValue, long count, long referenceCount) {
        return new Measurement(
                value, value, value, pValue, criticalValue, count, referenceCount, null);
    }

    /** A value between proved bounds. */
    public static Measurement bracketed(
            double value,
            double lower,
            double upper,
            double pValue,
            double criticalValue,
            long count,
            long referenceCount) {
        return new Measurement(
                value, lower, upper, pValue, criticalValue, count, referenceCount, null);
    }

    /** No value, because of {@code reason}. */
    public static Measurement notEvaluable(String reason, long count, long referenceCount) {
        return new Measurement(
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                count,
                referenceCount,
                reason);
    }

    /** Whether there is a value. */
    public boolean evaluated() {
        return reason == null;
    }
}
