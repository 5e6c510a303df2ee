package io.driftwatch.detectors.statistic;

/**
 * What chance alone makes of a statistic in a window of a given size, in the statistic's unit. NaN
 * where it is not known.
 *
 * @param level the expected value without drift
 * @param critical where the statistic becomes significant
 * @param detectable the smallest true drift that becomes significant in nine windows of ten
 */
public record Noise(double level, double critical, double detectable) {
    /** Nothing is known. */
    public static final Noise UNKNOWN = new Noise(Double.NaN, Double.NaN, Double.NaN);

    /** The share of windows in which a detectable drift becomes significant. */
    public static final double POWER = 0.9;

    /** The quantile of the standard normal distribution at {@link #POWER}. */
    static final double POWER_QUANTILE = ChiSquareTail.normalQuantile(2 * (1 - POWER));

    /** The same with what is infinite made unknown. */
    Noise finite() {
        return new Noise(orNaN(level), orNaN(critical), orNaN(detectable));
    }

    private static double orNaN(double value) {
        return Double.isInfinite(value) ? Double.NaN : value;
    }
}
