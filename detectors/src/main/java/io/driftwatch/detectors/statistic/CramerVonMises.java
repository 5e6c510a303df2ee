package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Tally;
import java.util.Optional;

/**
 * Two-sample Cramer-von Mises statistic T = n m / (n + m)^2 times the sum, over all values of both
 * samples, of the squared difference of the distribution functions at that value. From counts
 * alone.
 *
 * <p>In a cell that can hold one double only, the difference at its values is the one at the cell's
 * end, so nothing is in doubt. In any other cell with w values of the window and r of the reference
 * the difference D (window less reference) starts at D0 and goes up by 1/n and down by 1/m in
 * unknown order. Where the k-th of the window's values lies, k or more of them and at most all w
 * have been passed, and any number of the reference's: D is from D0 - r/m + k/n to D0 + w/n. In the
 * same way it is from D0 - r/m to D0 + w/n - l/m at the l-th of the reference's. The least and the
 * most that the squares can be in these intervals, added up, bound the cell's part. If D0 - r/m is
 * 0 or more, or D0 + w/n is 0 or less, there are values with these counts that reach either bound:
 * all of one sample tied before or after the other's. A single value in a cell leaves no doubt. So
 * with the exact layout both bounds are T itself, unless several values of the window share a gap
 * between two of the reference's; then they can differ, because the values could be tied.
 *
 * <p>The value is the lower bound: a test with it never alarms because of what the cells hide.
 *
 * <ul>
 *   <li><b>Inputs</b>: counts over the cells of a numeric feature; bins do not matter.
 *   <li><b>Output</b>: 0 or more, with lower and upper bound; 0 for equal samples, about 1/6
 *       without drift; grows with the samples. p-value by the limit law of T, moved and stretched
 *       to the mean and the variance that T has for these n and m; critical value by its inverse.
 *       Overdispersion divides T. Two samples of one value have the p-value 1.
 *   <li><b>Empty samples</b>: not evaluable. Missing and infinite values do not enter.
 *   <li><b>Assumptions</b>: independent rows of a continuous feature; with ties the p-value is
 *       approximate. Squares are computed in doubles, with a relative error of some 1e-13.
 *   <li><b>Cost</b>: O(cells counted in either sample).
 *   <li><b>Source</b>: Anderson, "On the distribution of the two-sample Cramer-von Mises
 *       criterion", Annals of Mathematical Statistics 33, 1962, doi:10.1214/aoms/1177704477. Pinned
 *       by {@code golden/numeric.json}.
 * </ul>
 */
public final class CramerVonMises implements Statistic {
    /** Below it the limit law is no more than a hope. */
    static final int LEAST_COUNT = 20;

    /** The mean of the limit law; its variance is 1/45. */
    private static final double LIMIT_MEAN = 1 / 6.0;

    @Override
    public String name() {
        return "cvm";
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
        Trial trial = comparison.trial();
        return Measurement.bracketed(
                bounds.lower(),
                bounds.lower(),
                Math.max(bounds.lower(), bounds.upper()),
                pValue(bounds.lower(), trial),
                noise(trial),
                Double.NaN,
                trial);
    }

    @Override
    public Noise noise(Trial trial) {
        return new Noise(
                mean(trial) * trial.overdispersion(),
                quantile(trial.significance(), trial),
                Double.NaN);
    }

    @Override
    public long smallestWindow(Trial plan, double threshold) {
        return LEAST_COUNT;
    }

    static double pValue(double statistic, Trial trial) {
        double stretch = stretch(trial);
        if (!(stretch > 0)) {
            return 1;
        }
        double deviation = statistic / trial.overdispersion() - mean(trial);
        return CramerVonMisesLaw.probability(LIMIT_MEAN + deviation / stretch);
    }

    /** The T whose p-value is {@code probability}; NaN where all T have the same. */
    static double quantile(double probability, Trial trial) {
        double stretch = stretch(trial);
        double deviation = (CramerVonMisesLaw.quantile(probability) - LIMIT_MEAN) * stretch;
        return stretch > 0 ? (mean(trial) + deviation) * trial.overdispersion() : Double.NaN;
    }

    /** The mean without drift, for independent rows. */
    private static double mean(Trial trial) {
        double total = (double) trial.count() + trial.referenceCount();
        return (1 + 1 / total) / 6;
    }

    /** The standard deviation for these n and m as a multiple of the limit law's. */
    private static double stretch(Trial trial) {
        double n = trial.count();
        double m = trial.referenceCount();
        double total = n + m;
        // Anderson's variance times 45; divided early, so that huge counts do not overflow.
        double variance = (total + 1) / total * (1 - 0.75 * (n / m + m / n) / total - 0.5 / total);
        return Math.sqrt(Math.max(0, variance));
    }

    /** Visits the cells that either sample has counted, in order. */
    static Bounds bounds(NumericProfile profile, Tally window) {
        Tally reference = profile.reference();
        double n = window.count();
        double m = reference.count();
        double lower = 0;
        double upper = 0;
        long windowBelow = 0;
        long referenceBelow = 0;
        int i = 0;
        int j = 0;
        while (i < window.size() || j < reference.size()) {
            int windowCell = i < window.size() ? window.cell(i) : Integer.MAX_VALUE;
            int referenceCell = j < reference.size() ? reference.cell(j) : Integer.MAX_VALUE;
            int cell = Math.min(windowCell, referenceCell);
            long w = windowCell == cell ? window.count(i++) : 0;
            long r = referenceCell == cell ? reference.count(j++) : 0;
            if (profile.isAtom(cell)) {
                double end = difference(n, m, windowBelow + w, referenceBelow + r);
                lower += ((double) w + r) * end * end;
                upper += ((double) w + r) * end * end;
            } else {
                double least = difference(n, m, windowBelow, referenceBelow + r);
                double most = difference(n, m, windowBelow + w, referenceBelow);
                lower +=
                        leastSquares(least, most, 1 / n, w) + leastSquares(-most, -least, 1 / m, r);
                upper += mostSquares(least, most, 1 / n, w) + mostSquares(-most, -least, 1 / m, r);
            }
            windowBelow += w;
            referenceBelow += r;
        }
        double factor = n / (n + m) * (m / (n + m));
        return new Bounds(factor * lower, factor * upper);
    }

    private static double difference(double n, double m, long windowBelow, long referenceBelow) {
        return TwoSampleChiSquare.differenceOfProducts(
                        m, (double) windowBelow, n, (double) referenceBelow)
                / n
                / m;
    }

    /** The sum of the least squares between least + k step and most, for k from 1 to count. */
    private static double leastSquares(double least, double most, double step, long count) {
        if (most < 0) {
            return count * most * most;
        }
        return squares(least, step, stepsUpTo(0, least, step, count), count);
    }

    /** The sum of the largest squares between least + k step and most, for k from 1 to count. */
    private static double mostSquares(double least, double most, double step, long count) {
        long farther = stepsUpTo(-Math.abs(most), least, step, count);
        return squares(least, step, 0, farther) + (count - farther) * most * most;
    }

    /** How many of least + k step, for k from 1 to count, are at most {@code limit}. */
    private static long stepsUpTo(double limit, double least, double step, long count) {
        // One that rounding puts just above the limit is as good as at it; so equal samples give 0.
        double steps = Math.floor((limit - least) / step + 1e-9);
        return (long) Math.max(0, Math.min((double) count, steps));
    }

    /** The sum of (least + k step)^2 for k after {@code from} and up to {@code to}. */
    private static double squares(double least, double step, long from, long to) {
        double terms = to - from;
        double middle = least + (from + (terms + 1) / 2) * step;
        return terms * (middle * middle + (terms - 1) * (terms + 1) / 12 * step * step);
    }

    /** Lower and upper bound of T. */
    record Bounds(double lower, double upper) {}
}
