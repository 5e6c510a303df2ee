package io.driftwatch.detectors.statistic;

/**
 * The null law of everything that is, to first order, a quadratic form in the differences of bin
 * shares: X2 = chi2(K - 1) times the overdispersion.
 *
 * <p>With v = (1/n + 1/m) times the overdispersion, the index psi, 2 KL, 8 JSD (nats) and 8 H^2 are
 * all v X2. Source: Yurdakul, "Statistical properties of population stability index", Western
 * Michigan University, dissertation 3208, 2018.
 */
final class ChiSquareNoise {
    private ChiSquareNoise() {}

    /** Noise of a statistic that is {@code share} times v X2. */
    static Noise quadratic(Trial trial, double share) {
        int freedom = trial.degreesOfFreedom();
        if (freedom < 1) {
            return Noise.UNKNOWN;
        }
        double unit = trial.variance() * share;
        return new Noise(
                        freedom * unit,
                        ChiSquareTail.quantile(trial.significance(), freedom) * unit,
                        ChiSquarePower.noncentrality(freedom, trial.significance()) * unit)
                .finite();
    }

    /** Noise of a distance: a statistic that is the square root of {@code share} times v X2. */
    static Noise root(Trial trial, double share) {
        int freedom = trial.degreesOfFreedom();
        if (freedom < 1) {
            return Noise.UNKNOWN;
        }
        double unit = Math.sqrt(trial.variance() * share);
        return new Noise(
                        ChiSquareTail.meanOfRoot(freedom) * unit,
                        Math.sqrt(ChiSquareTail.quantile(trial.significance(), freedom)) * unit,
                        Math.sqrt(ChiSquarePower.noncentrality(freedom, trial.significance()))
                                * unit)
                .finite();
    }

    /** Noise of the test statistic X2 itself, which has no size of drift as its unit. */
    static Noise test(int degreesOfFreedom, Trial trial) {
        return degreesOfFreedom < 1
                ? Noise.UNKNOWN
                : new Noise(
                                degreesOfFreedom * trial.overdispersion(),
                                ChiSquareTail.quantile(trial.significance(), degreesOfFreedom)
                                        * trial.overdispersion(),
                                Double.NaN)
                        .finite();
    }
}
