package io.driftwatch.detectors.statistic;

/**
 * The limit distribution of the two-sample Kolmogorov-Smirnov statistic: K(z) is the probability
 * that sqrt(nm/(n+m)) D is at least z without drift.
 *
 * <p>Two series for the same function, each where it converges fast and adds terms of falling size,
 * so that small probabilities keep all their digits. For finite samples, and with ties, the limit
 * overstates the p-value: a test with it never alarms more often than its level.
 *
 * <p>Source: Smirnov, "Table for estimating the goodness of fit of empirical distributions", 1948,
 * doi:10.1214/aoms/1177730256. Pinned by {@code golden/critical.json}.
 */
final class Kolmogorov {
    private static final double SERIES_CHANGE = 1.18;

    /** The mean of the limit distribution: sqrt(pi / 2) ln 2. */
    static final double MEAN = Math.sqrt(Math.PI / 2) * Math.log(2);

    private static final Memory QUANTILES = new Memory();

    /** K is 0 in double precision well below this. */
    private static final double FAR = 40;

    private Kolmogorov() {}

    /** K(z). */
    static double probability(double z) {
        if (z <= 0) {
            return 1;
        }
        if (z < SERIES_CHANGE) {
            double t = Math.exp(-Math.PI * Math.PI / (8 * z * z));
            double sum = t + Math.pow(t, 9) + Math.pow(t, 25) + Math.pow(t, 49);
            return 1 - Math.sqrt(2 * Math.PI) / z * sum;
        }
        double sum = 0;
        for (int k = 5; k >= 1; k--) {
            double term = Math.exp(-2.0 * k * k * z * z);
            sum += k % 2 == 1 ? term : -term;
        }
        return 2 * sum;
    }

    /** The z with K(z) = {@code probability}, between 0 and 1: bisection to the last bit. */
    static double quantile(double probability) {
        return QUANTILES.get(0, probability, (unused, p) -> bisect(p));
    }

    private static double bisect(double probability) {
        double low = 0;
        double high = FAR;
        while (true) {
            double middle = (low + high) / 2;
            if (middle <= low || middle >= high) {
                return high;
            }
            if (probability(middle) > probability) {
                low = middle;
            } else {
                high = middle;
            }
        }
    }
}
