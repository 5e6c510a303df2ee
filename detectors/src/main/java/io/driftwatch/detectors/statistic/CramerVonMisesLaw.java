package io.driftwatch.detectors.statistic;

/**
 * The limit distribution of the Cramer-von Mises statistic: the probability that the sum of X_j^2 /
 * (j pi)^2 over all j is at least z, for independent standard normal X_j.
 *
 * <p>Anderson and Darling give the lower tail as a series with Bessel functions. One minus it loses
 * all digits of a small probability, so this computes the upper tail itself, by Smirnov's formula
 * for such sums:
 *
 * <pre>
 *   P = 2/pi * sum over k of (-1)^(k-1) * integral from (2k-1) pi to 2k pi of
 *       exp(-u^2 z / 2) / sqrt(-u sin u) du
 * </pre>
 *
 * With u = pi (2k - 1 + (1 - cos a) / 2) the integrand is smooth, even and periodic in a, for which
 * the trapezoidal rule converges exponentially.
 *
 * <p>Source: Anderson and Darling, "Asymptotic theory of certain goodness of fit criteria based on
 * stochastic processes", Annals of Mathematical Statistics 23, 1952, doi:10.1214/aoms/1177729437;
 * Smirnov, "Sur la distribution de omega^2", Comptes Rendus 202, 1936. Pinned by {@code
 * golden/numeric.json}.
 */
final class CramerVonMisesLaw {
    /** Below it the probability is 1 in double precision. */
    private static final double NEAR = 0.003;

    /** Well beyond it the probability is 0 in double precision. */
    private static final double FAR = 160;

    /** exp of less than minus this adds nothing to 1. */
    private static final double NEGLIGIBLE = 40;

    private static final Memory QUANTILES = new Memory();

    private CramerVonMisesLaw() {}

    /** P(Z >= z). */
    static double probability(double z) {
        if (z < NEAR) {
            return 1;
        }
        double sum = 0;
        for (int k = 1; ; k++) {
            double first = Math.PI * (2 * k - 1);
            sum += k % 2 == 1 ? integral(first, z) : -integral(first, z);
            double ratio = (first * first - Math.PI * Math.PI) * z / 2;
            if (ratio > NEGLIGIBLE) {
                return Math.min(1, Math.max(0, 2 / Math.PI * sum));
            }
        }
    }

    /** From {@code first} to {@code first} + pi. */
    private static double integral(double first, double z) {
        // The larger z, the narrower the peak at the lower end.
        int steps = 32 + (int) (10 * Math.sqrt(z));
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            double angle = Math.PI * i / steps;
            double s = (1 - Math.cos(angle)) / 2;
            double u = first + Math.PI * s;
            double weight = i == 0 || i == steps ? 0.5 : 1;
            // Both ends: sin(a) / sqrt(sin(pi s)) tends to 2 / sqrt(pi).
            double smooth =
                    i == 0 || i == steps
                            ? 2 / Math.sqrt(Math.PI)
                            : Math.sin(angle) / Math.sqrt(Math.sin(Math.PI * s));
            sum += weight * Math.exp(-u * u * z / 2) / Math.sqrt(u) * smooth;
        }
        return sum * Math.PI / steps * Math.PI / 2;
    }

    /** The z with P(Z >= z) = {@code probability}, between 0 and 1: bisection to the last bit. */
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
