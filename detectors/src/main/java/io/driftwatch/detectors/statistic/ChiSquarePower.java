package io.driftwatch.detectors.statistic;

import org.apache.commons.math3.special.Gamma;

/**
 * How large a drift a chi-square test sees: the noncentrality at which it becomes significant with
 * probability {@link Noise#POWER}.
 *
 * <p>The noncentral chi-square tail is the mixture of central ones with k + 2j degrees of freedom,
 * j Poisson with mean lambda / 2 (Fisher 1928; Johnson, Kotz and Balakrishnan, "Continuous
 * Univariate Distributions" 2, chapter 29).
 */
final class ChiSquarePower {
    private static final double RELATIVE_ERROR = 1e-9;
    private static final Memory FOUND = new Memory();

    private ChiSquarePower() {}

    /**
     * The noncentrality that a test at level {@code significance} detects; 0 where the level alone
     * lets it alarm as often.
     */
    static double noncentrality(int degreesOfFreedom, double significance) {
        return FOUND.get(degreesOfFreedom, significance, ChiSquarePower::search);
    }

    private static double search(int degreesOfFreedom, double significance) {
        double critical = ChiSquareTail.quantile(significance, degreesOfFreedom);
        if (probability(critical, degreesOfFreedom, 0) >= Noise.POWER) {
            return 0;
        }
        double low = 0;
        double high = 1;
        while (probability(critical, degreesOfFreedom, high) < Noise.POWER) {
            low = high;
            high *= 2;
        }
        while (high - low > RELATIVE_ERROR * high) {
            double middle = (low + high) / 2;
            if (probability(critical, degreesOfFreedom, middle) < Noise.POWER) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /** P(X >= x) of the noncentral distribution. */
    static double probability(double x, int degreesOfFreedom, double noncentrality) {
        double mean = noncentrality / 2;
        double spread = 12 * Math.sqrt(mean) + 30;
        long first = (long) Math.max(0, mean - spread);
        long last = (long) (mean + spread);
        double half = x / 2;
        double shape = degreesOfFreedom / 2.0 + first;
        double tail = ChiSquareTail.probability(x, (int) (degreesOfFreedom + 2 * first));
        double step = Math.exp(shape * Math.log(half) - half - Gamma.logGamma(shape + 1));
        double weight =
                mean == 0
                        ? 1
                        : Math.exp(first * Math.log(mean) - mean - Gamma.logGamma(first + 1.0));
        double sum = 0;
        for (long j = first; j <= last; j++) {
            sum += weight * Math.min(1, tail);
            weight *= mean / (j + 1);
            // Q(a + 1, x) = Q(a, x) + x^a e^-x / Gamma(a + 1).
            tail += step;
            shape++;
            step *= half / shape;
        }
        return Math.min(1, sum);
    }
}
