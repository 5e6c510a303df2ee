package io.driftwatch.detectors.profile;

/**
 * Range, mean and spread of a numeric reference, in the feature's own unit; NaN means unknown.
 *
 * <p>Computed without overflow or underflow: the values are scaled by a power of two first, so
 * samples around 1e300 or 1e-300 lose nothing.
 *
 * @param minimum the smallest finite value
 * @param maximum the largest finite value
 * @param mean the arithmetic mean, within the range
 * @param sd the sample standard deviation (divisor n - 1); unknown for fewer than two values
 * @param kurtosis fourth central moment over the squared second one, 3 for a normal sample; unknown
 *     for a constant
 * @param scale the positive unit in which windows sum their deviations from {@link #origin}; never
 *     NaN
 */
public record Moments(
        double minimum, double maximum, double mean, double sd, double kurtosis, double scale) {

    /** What is known of a reference without a finite value: nothing. */
    public static final Moments UNKNOWN =
            new Moments(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 1);

    public Moments {
        requireNotInfinite("minimum", minimum);
        requireNotInfinite("maximum", maximum);
        requireNotInfinite("mean", mean);
        requireNotInfinite("sd", sd);
        requireNotInfinite("kurtosis", kurtosis);
        if (minimum > maximum) {
            throw new IllegalArgumentException(
                    "minimum " + minimum + " is above maximum " + maximum);
        }
        if (mean < minimum || mean > maximum) {
            throw new IllegalArgumentException(
                    "mean " + mean + " is outside the range " + minimum + " to " + maximum);
        }
        if (sd < 0) {
            throw new IllegalArgumentException("sd is " + sd + ", expected 0 or more");
        }
        if (kurtosis < 0) {
            throw new IllegalArgumentException("kurtosis is " + kurtosis + ", expected 0 or more");
        }
        if (!(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "scale is " + scale + ", expected a positive finite number");
        }
    }

    /**
     * The point that windows measure deviations from: the mean, so that squares do not cancel; but
     * 0 where the mean is unknown or no further from 0 than one sd, as then nothing cancels, and
     * windows of values far smaller than the reference's spread keep their digits.
     */
    public double origin() {
        boolean cancels = !(Math.abs(mean) <= sd);
        return cancels && !Double.isNaN(mean) ? mean : 0;
    }

    /** The deviation of {@code value} from the origin in units of the scale. */
    public double deviation(double value) {
        // Halves: the difference of two huge values of unlike sign would overflow.
        return (value / 2 - origin() / 2) / (scale / 2);
    }

    /** The moments of finite values in rising order. */
    static Moments ofSorted(double[] values) {
        int n = values.length;
        if (n == 0) {
            return UNKNOWN;
        }
        double minimum = values[0];
        double maximum = values[n - 1];
        if (minimum == maximum) {
            return new Moments(
                    minimum,
                    maximum,
                    minimum,
                    n > 1 ? 0 : Double.NaN,
                    Double.NaN,
                    minimum == 0 ? 1 : powerOfTwo(Math.getExponent(minimum)));
        }
        int exponent = Math.getExponent(Math.max(-minimum, maximum));
        double mean = 0;
        // The second round removes the rounding error of the first.
        for (int round = 0; round < 2; round++) {
            double sum = 0;
            for (double value : values) {
                sum += Math.scalb(value, -exponent) - mean;
            }
            mean += sum / n;
        }
        double squares = 0;
        double fourths = 0;
        for (double value : values) {
            double deviation = Math.scalb(value, -exponent) - mean;
            double square = deviation * deviation;
            squares += square;
            fourths += square * square;
        }
        double scaledSd = Math.sqrt(squares / (n - 1));
        double sd = Math.scalb(scaledSd, exponent);
        double variance = squares / n;
        return new Moments(
                minimum,
                maximum,
                Math.min(maximum, Math.max(minimum, Math.scalb(mean, exponent))),
                Double.isInfinite(sd) ? Double.NaN : sd,
                fourths / n / (variance * variance),
                powerOfTwo(Math.getExponent(scaledSd) + exponent));
    }

    /** A normal power of two, so that dividing by it is exact. */
    private static double powerOfTwo(int exponent) {
        return Math.scalb(1.0, Math.max(-1022, Math.min(1022, exponent)));
    }

    private static void requireNotInfinite(String name, double value) {
        if (Double.isInfinite(value)) {
            throw new IllegalArgumentException(
                    name + " is " + value + ", expected a finite number, or NaN for unknown");
        }
    }
}
