package io.driftwatch.detectors.statistic;

import org.apache.commons.math3.special.Gamma;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * The upper tail of the chi-square distribution, to full relative precision however small it is:
 * never computed as one minus the lower tail. Also that of the normal distribution, whose square is
 * chi-square with one degree of freedom.
 */
final class ChiSquareTail {
    /** exp of less than minus this is 0. */
    private static final double NOTHING_LEFT = 800;

    private static final Memory QUANTILES = new Memory();

    private ChiSquareTail() {}

    /** P(X >= x). */
    static double probability(double x, int degreesOfFreedom) {
        double shape = degreesOfFreedom / 2.0;
        double half = x / 2;
        // Chernoff's bound; the continued fraction behind regularizedGammaQ would not converge.
        if (half > shape && !(half - shape - shape * Math.log(half / shape) <= NOTHING_LEFT)) {
            return 0;
        }
        return Math.min(1, Gamma.regularizedGammaQ(shape, half));
    }

    /** The x with P(X >= x) = {@code probability}. */
    static double quantile(double probability, int degreesOfFreedom) {
        return QUANTILES.get(
                degreesOfFreedom,
                probability,
                (freedom, p) -> ChiSquaredDistribution.of(freedom).inverseSurvivalProbability(p));
    }

    /** The mean of the square root of X. */
    static double meanOfRoot(int degreesOfFreedom) {
        double half = degreesOfFreedom / 2.0;
        return Math.sqrt(2) * Math.exp(Gamma.logGamma(half + 0.5) - Gamma.logGamma(half));
    }

    /** P(|Z| >= |z|) of a standard normal Z. */
    static double normalProbability(double z) {
        return probability(z * z, 1);
    }

    /** The z with P(|Z| >= z) = {@code probability}. */
    static double normalQuantile(double probability) {
        return Math.sqrt(quantile(probability, 1));
    }
}
