package io.driftwatch.detectors.statistic;

/**
 * A statistic's value with proved bounds, or the reason why there is none. Absent numbers are NaN.
 *
 * @param value the statistic itself
 * @param lower the least that it can be; equal to {@code value} unless the cells leave doubt
 * @param upper the most that it can be
 * @param pValue the probability of at least this much difference without drift, where there is a
 *     test
 * @param noise what chance alone makes of the statistic in a window of this size
 * @param excess how far the value is beyond what chance alone is expected to give, 0 or more;
 *     unknown for statistics that are not sizes of a difference
 * @param count values (or rows) of the window that entered
 * @param referenceCount values (or rows) of the reference that entered
 * @param reason why there is no value; null if there is one
 */
public record Measurement(
        double value,
        double lower,
        double upper,
        double pValue,
        Noise noise,
        double excess,
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
        if (excess < 0) {
            throw new IllegalArgumentException("excess is " + excess + ", expected 0 or more");
        }
    }

    /** A value known exactly, of a window of the trial's size. */
    static Measurement exact(double value, double pValue, Noise noise, double excess, Trial trial) {
        return bracketed(value, value, value, pValue, noise, excess, trial);
    }

    /** A value between proved bounds, of a window of the trial's size. */
    static Measurement bracketed(
            double value,
            double lower,
            double upper,
            double pValue,
            Noise noise,
            double excess,
            Trial trial) {
        return new Measurement(
                value,
                lower,
                upper,
                pValue,
                noise,
                excess,
                trial.count(),
                trial.referenceCount(),
                null);
    }

    /** No value, because of {@code reason}. */
    public static Measurement notEvaluable(String reason, long count, long referenceCount) {
        return new Measurement(
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Noise.UNKNOWN,
                Double.NaN,
                count,
                referenceCount,
                reason);
    }

    /** Whether there is a value. */
    public boolean evaluated() {
        return reason == null;
    }

    /** Where the statistic becomes significant at the comparison's level. */
    public double criticalValue() {
        return noise.critical();
    }

    /** How far {@code value} is above {@code level}; 0 if it is below. */
    static double above(double level, double value) {
        return Double.isNaN(level) ? Double.NaN : Math.max(0, value - level);
    }
}
