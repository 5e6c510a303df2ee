package io.driftwatch.detectors.statistic;

/**
 * A share of the window against the same share of the reference: value, p-value by {@link
 * RateTest}, and where a rise becomes significant.
 */
final class Rates {
    private Rates() {}

    /** Compares {@code hits} of the trial's values with the reference's; none of both is 0. */
    static Measurement measure(long hits, long referenceHits, long referenceTotal, Trial trial) {
        long total = trial.count();
        double rate = (double) hits / total;
        Noise noise = noise(referenceHits, referenceTotal, trial);
        return new Measurement(
                rate,
                rate,
                rate,
                test(referenceHits, referenceTotal, trial).pValue(hits),
                noise,
                Math.abs(rate - noise.level()),
                total,
                referenceTotal,
                null);
    }

    private static RateTest test(long referenceHits, long referenceTotal, Trial trial) {
        return new RateTest(trial.count(), referenceHits, referenceTotal, trial.overdispersion());
    }

    /** The reference's rate, where a rise becomes significant, and what rise would be seen. */
    static Noise noise(long referenceHits, long referenceTotal, Trial trial) {
        double critical = criticalRate(referenceHits, referenceTotal, trial);
        double detectable =
                critical
                        + Noise.POWER_QUANTILE
                                * Math.sqrt(
                                        critical
                                                * (1 - critical)
                                                * trial.overdispersion()
                                                / trial.count());
        return new Noise(
                        (double) referenceHits / referenceTotal,
                        critical,
                        detectable <= 1 ? detectable : Double.NaN)
                .finite();
    }

    /** The index of a shift that moves as large a share of the values. */
    static double psiEquivalent(double excess) {
        return Shift.squared(excess, Shift.OF_DISTRIBUTION_FUNCTION);
    }

    /** The measurement where a sample has no rows to take a share of. */
    static Measurement refused(String sample, String rows, long total, long referenceTotal) {
        return Measurement.notEvaluable(
                "The " + sample + " has no " + rows + ", so there is no share of them",
                total,
                referenceTotal);
    }

    /**
     * The rate above the reference's at which the test reaches {@code significance}; NaN if even a
     * rate of 1 does not.
     */
    private static double criticalRate(long referenceHits, long referenceTotal, Trial trial) {
        RateTest test = test(referenceHits, referenceTotal, trial);
        double byLaw = criticalByLaw(referenceHits, referenceTotal, trial);
        if (!test.isRare(byLaw * trial.count())) {
            return byLaw;
        }
        long expected = (long) Math.ceil((double) referenceHits / referenceTotal * trial.count());
        long step = 1;
        long low = expected;
        while (low + step <= trial.count() && test.pValue(low + step) > trial.significance()) {
            low += step;
            step *= 2;
        }
        long high = Math.min(trial.count(), low + step);
        if (test.pValue(high) > trial.significance()) {
            return Double.NaN;
        }
        while (high - low > 1) {
            long middle = low + (high - low) / 2;
            if (test.pValue(middle) > trial.significance()) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (double) high / trial.count();
    }

    /**
     * Where the chi-square law has its critical value.
     *
     * <p>With r the reference's rate, d the difference, f = n / (n + m) and x the critical value of
     * the statistic, the test reads d^2 = x (1/n + 1/m) (r + f d) (1 - r - f d), a quadratic in d.
     */
    private static double criticalByLaw(long referenceHits, long referenceTotal, Trial trial) {
        double n = trial.count();
        double m = referenceTotal;
        double rate = referenceHits / m;
        double noise =
                ChiSquareTail.quantile(trial.significance(), 1)
                        * trial.overdispersion()
                        * (1 / n + 1 / m);
        double fraction = n / (n + m);
        double a = 1 + noise * fraction * fraction;
        double b = noise * fraction * (1 - 2 * rate);
        double c = noise * rate * (1 - rate);
        double critical = rate + (b + Math.sqrt(b * b + 4 * a * c)) / (2 * a);
        return critical > rate && critical <= 1 ? critical : Double.NaN;
    }
}
