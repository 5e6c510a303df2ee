package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Tally;
import java.util.Optional;

/**
 * Two-sample Kolmogorov-Smirnov statistic D: the largest distance between the distribution
 * functions of window and reference, from counts alone.
 *
 * <p>At every cell edge both functions are known, so the largest distance there is a lower bound.
 * Inside a cell with values of both samples the distance can be larger, but by no more than if one
 * sample's values there all came before the other's; that gives the upper bound. A cell that can
 * hold only one double has no inside, and where one sample has nothing inside, its function is
 * constant and the distance is largest at an end. So with the exact layout, in which reference
 * values have cells of their own, both bounds are D itself.
 *
 * <p>The value is the lower bound: a test with it never alarms because of what the cells hide.
 *
 * <ul>
 *   <li><b>Inputs</b>: counts over the cells of a numeric feature; bins do not matter.
 *   <li><b>Output</b>: from 0 to 1, with lower and upper bound; 0 for equal samples, 1 for samples
 *       that do not overlap. p-value by Kolmogorov's limit, which is conservative for small samples
 *       and with ties; critical value by its inverse times sqrt(1/n + 1/m).
 *   <li><b>Empty samples</b>: not evaluable. Missing and infinite values do not enter.
 *   <li><b>Assumptions</b>: independent rows. Counts are compared as integers as long as n * m fits
 *       in 63 bits, beyond that as doubles with an error of some 1e-16.
 *   <li><b>Cost</b>: O(cells counted in either sample).
 *   <li><b>Source</b>: Hodges, "The significance probability of the Smirnov two-sample test", Arkiv
 *       foer Matematik 3, 1958, doi:10.1007/BF02589501. Pinned by {@code golden/numeric.json}.
 * </ul>
 */
public final class KolmogorovSmirnov implements Statistic {

    @Override
    public String name() {
        return "ks";
    }

    @Override
    public boolean appliesTo(FeatureType type) {
        return type == FeatureType.NUMERIC;
    }

    @Override
    public Measurement measure(Comparison comparison) {
        Optional<Measurement> refusal = comparison.refusal(this);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Bounds bounds = bounds((NumericProfile) comparison.reference(), comparison.window());
        double lower = Math.min(1, bounds.lower());
        double upper = Math.min(1, bounds.upper());
        Trial trial = comparison.trial();
        Noise noise = noise(trial);
        return Measurement.bracketed(
                lower,
                lower,
                upper,
                pValue(lower, trial),
                noise,
                Measurement.above(noise.level(), lower),
                trial);
    }

    /** The p-value of distance {@code distance}, by Kolmogorov's limit. */
    static double pValue(double distance, Trial trial) {
        return Kolmogorov.probability(distance / Math.sqrt(trial.variance()));
    }

    /**
     * {@inheritDoc}
     *
     * <p>Where the true functions are furthest apart, the measured distance has a standard
     * deviation of at most half of sqrt(1/n + 1/m), which gives the detectable drift.
     */
    @Override
    public Noise noise(Trial trial) {
        double unit = Math.sqrt(trial.variance());
        double critical = Kolmogorov.quantile(trial.significance()) * unit;
        return new Noise(
                        Kolmogorov.MEAN * unit,
                        critical,
                        critical + Noise.POWER_QUANTILE * unit / 2)
                .finite();
    }

    @Override
    public boolean isGraded() {
        return true;
    }

    @Override
    public double psiEquivalent(Measurement measurement) {
        return Shift.squaredBeyondNoise(measurement, Shift.OF_DISTRIBUTION_FUNCTION);
    }

    static Bounds bounds(NumericProfile profile, Tally window) {
        long n = window.count();
        long m = profile.reference().count();
        boolean fits = Math.multiplyHigh(n, m) == 0 && n * m >= 0;
        return fits
                ? walk(profile, window, new Exact(n, m))
                : walk(profile, window, new Wide(n, m));
    }

    /** Visits the cells that either sample has counted, in order. */
    private static Bounds walk(NumericProfile profile, Tally window, Distance distance) {
        Tally reference = profile.reference();
        long windowBelow = 0;
        long referenceBelow = 0;
        int i = 0;
        int j = 0;
        while (i < window.size() || j < reference.size()) {
            int windowCell = i < window.size() ? window.cell(i) : Integer.MAX_VALUE;
            int referenceCell = j < reference.size() ? reference.cell(j) : Integer.MAX_VALUE;
            int cell = Math.min(windowCell, referenceCell);
            long windowAfter = windowBelow + (windowCell == cell ? window.count(i++) : 0);
            long referenceAfter =
                    referenceBelow + (referenceCell == cell ? reference.count(j++) : 0);
            if (windowCell == referenceCell && !profile.isAtom(cell)) {
                distance.possible(windowAfter, referenceBelow);
                distance.possible(windowBelow, referenceAfter);
            }
            distance.seen(windowAfter, referenceAfter);
            windowBelow = windowAfter;
            referenceBelow = referenceAfter;
        }
        return distance.bounds();
    }

    /** Lower and upper bound of D; the numerator is n * m times the lower one, NaN if unknown. */
    record Bounds(double lower, double upper, double numerator) {}

    /** The largest distance of two cumulative counts, seen or possible. */
    private interface Distance {
        void seen(long window, long reference);

        void possible(long window, long reference);

        Bounds bounds();
    }

    /** In integers: all distances times n * m. */
    private static final class Exact implements Distance {
        private final long n;
        private final long m;
        private long seen;
        private long possible;

        Exact(long n, long m) {
            this.n = n;
            this.m = m;
        }

        @Override
        public void seen(long window, long reference) {
            seen = Math.max(seen, Math.abs(m * window - n * reference));
        }

        @Override
        public void possible(long window, long reference) {
            possible = Math.max(possible, Math.abs(m * window - n * reference));
        }

        @Override
        public Bounds bounds() {
            double scale = n * m;
            return new Bounds(seen / scale, Math.max(seen, possible) / scale, seen);
        }
    }

    /** In doubles, for counts whose product needs more than 63 bits. */
    private static final class Wide implements Distance {
        private final double n;
        private final double m;
        private double seen;
        private double possible;

        Wide(long n, long m) {
            this.n = n;
            this.m = m;
        }

        @Override
        public void seen(long window, long reference) {
            seen = Math.max(seen, distance(window, reference));
        }

        @Override
        public void possible(long window, long reference) {
            possible = Math.max(possible, distance(window, reference));
        }

        private double distance(long window, long reference) {
            return Math.abs(
                            TwoSampleChiSquare.differenceOfProducts(
                                    m, (double) window, n, (double) reference))
                    / n
                    / m;
        }

        @Override
        public Bounds bounds() {
            return new Bounds(seen, Math.max(seen, possible), Double.NaN);
        }
    }
}
