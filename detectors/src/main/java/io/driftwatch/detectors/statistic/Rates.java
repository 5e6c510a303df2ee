package io.driftwatch.detectors.statistic;

/**
 * A share of the window against the same share of the reference: value, p-value by {@link
 * RateTest}, and where a rise becomes significant.
 */
final class Rates {
    private Rates() {}

    /** Compares {@code hits} of the trial's values with the reference's; none of both is 0. */
    static Measurement measure(long hits, long referenceHits, long referenceTotal, Trial trial) {
        RateTest test = test(referenceHits, referenceTotal, trial, false);
        Noise noise = noise(test, trial.significance());
        double rate = (double) hits / trial.count();
        return measurement(rate, test, hits, noise, Math.abs(rate - noise.level()));
    }

    /** The same where a rate below the reference's says nothing. */
    static Measurement measureRise(long hits, long referenceHits, Trial trial, double level) {
        RateTest test = test(referenceHits, trial.referenceCount(), trial, true);
        Noise found = noise(test, trial.significance());
        Noise noise = new Noise(level, found.critical(), found.detectable());
        double rate = (double) hits / trial.count();
        return measurement(rate, test, hits, noise, Math.max(0, rate - level));
    }

    private static Measurement measurement(
            double rate, RateTest test, long hits, Noise noise, double excess) {
        return new Measurement(
                rate,
                rate,
                rate,
                test.pValue(hits),
                noise,
                excess,
                test.total(),
                test.referenceTotal(),
                null);
    }

    private static RateTest test(
            long referenceHits, long referenceTotal, Trial trial, boolean risesOnly) {
        return new RateTest(
                trial.count(), referenceHits, referenceTotal, trial.overdispersion(), risesOnly);
    }

    /** The reference's rate, where a rise becomes significant, and what rise would be seen. */
    static Noise noise(long referenceHits, long referenceTotal, Trial trial) {
        return noise(test(referenceHits, referenceTotal, trial, false), trial.significance());
    }

    /** The same where a rate below the reference's says nothing, and {@code level} is expected. */
    static Noise noiseOfRise(long referenceHits, Trial trial, double level) {
        RateTest test = test(referenceHits, trial.referenceCount(), trial, true);
        Noise found = noise(test, trial.significance());
        return new Noise(level, found.critical(), found.detectable()).finite();
    }

    private static Noise noise(RateTest test, double significance) {
        double critical = criticalRate(test, significance);
        double detectable =
                critical
                        + Noise.POWER_QUANTILE
                                * Math.sqrt(
                                        critical
                                                * (1 - critical)
                                                * test.overdispersion()
                                                / test.total());
        return new Noise(
                        (double) test.referenceHits() / test.referenceTotal(),
                        critical,
                        detectable <= 1 ? detectable : Double.NaN)
                .finite();
    }

    /**
     * The smallest window for a threshold; 1 for one that the usual rate reaches, as no window is
     * large enough to tell that from chance.
     */
    static long smallestWindow(Statistic statistic, Trial plan, double threshold) {
        boolean isUsual = statistic.noise(plan.withCount(1)).level() >= threshold;
        return isUsual ? 1 : SmallestWindow.of(statistic, plan, threshold, 1);
    }

    /** The index of a shift that moves as large a share of the values. */
    static double psiEquivalent(Measurement measurement) {
        return Shift.squared(measurement.excess(), Shift.OF_DISTRIBUTION_FUNCTION);
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
    private static double criticalRate(RateTest test, double significance) {
        long total = test.total();
        double byLaw = criticalByLaw(test, significance);
        if (total == 0 || (byLaw <= 1 && !test.isExact(Math.round(byLaw * total)))) {
            return byLaw;
        }
        long low = (long) Math.floor((double) test.referenceHits() / test.referenceTotal() * total);
        long step = 1;
        while (low + step <= total && test.pValue(low + step) > significance) {
            low += step;
            step *= 2;
        }
        long high = Math.min(total, low + step);
        if (test.pValue(high) > significance) {
            return Double.NaN;
        }
        while (high - low > 1) {
            long middle = low + (high - low) / 2;
            if (test.pValue(middle) > significance) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (double) high / total;
    }

    /**
     * Where the chi-square law has its critical value; NaN if beyond a rate of 1.
     *
     * <p>With r the reference's rate, d the difference, f = n / (n + m) and x the critical value of
     * the statistic, the test reads d^2 = x (1/n + 1/m) (r + f d) (1 - r - f d), a quadratic in d.
     */
    private static double criticalByLaw(RateTest test, double significance) {
        double n = test.total();
        double m = test.referenceTotal();
        double rate = test.referenceHits() / m;
        double noise =
                ChiSquareTail.quantile(test.risesOnly() ? 2 * significance : significance, 1)
                        * test.overdispersion()
                        * (1 / n + 1 / m);
        double fraction = n / (n + m);
        double a = 1 + noise * fraction * fraction;
        double b = noise * fraction * (1 - 2 * rate);
        double c = noise * rate * (1 - rate);
        double critical = rate + (b + Math.sqrt(b * b + 4 * a * c)) / (2 * a);
        return critical > rate && critical <= 1 ? critical : Double.NaN;
    }
}
