package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.profile.Moments;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Tally;

/**
 * The area between the distribution functions of window and reference, in scales of the reference,
 * with proved bounds.
 *
 * <p>Take a cell from a to b of width h. The difference D of the functions (window less reference)
 * is known at both ends: D0 and D1. Inside it rises by 1/n at each of the window's w values and
 * falls by 1/m at each of the reference's r values. Let t and s be the mean positions of those
 * values, 0 at a and 1 at b, as the cell's sums give them.
 *
 * <ul>
 *   <li><b>Integral.</b> By parts, the integral of D over the cell is J = h (D0 + w/n (1 - t) - r/m
 *       (1 - s)), whatever the values. So the area is at least |J|, and exactly |J| if D cannot
 *       change its sign: if D0 - r/m is 0 or more, or D0 + w/n is 0 or less. All cells empty in
 *       both samples, all cells outside the reference's range, and most others are of this kind. A
 *       cell that holds one double only has no inside and adds D0 times one ulp.
 *   <li><b>Lower bound.</b> If only one sample has values in the cell, D takes no value between
 *       neighbouring multiples x0 &lt; 0 &lt; x1 of its steps. On those multiples |D| is on or
 *       above the broken line that is |D| outside x0 to x1 and the chord inside. That line is
 *       convex, so by Jensen's inequality the area is at least h times its value at J / h. With one
 *       value in the cell this is the upper bound too, hence exact.
 *   <li><b>Upper bound.</b> Inside the cell D is the difference of the distribution functions of
 *       two measures of equal mass on [a, b]: the window's values with mass w/n, plus mass D0+ at a
 *       and D1- at b (positive and negative parts); and the reference's values with mass r/m, plus
 *       D0- at a and D1+ at b. The area between such functions is the least cost of moving one
 *       measure to the other, so any way of moving bounds it. Take: D0+ at a to the reference's
 *       values, cost D0+ s; the window's values to D0- at a, D0- t; to D1+ at b, D1+ (1 - t); D1-
 *       at b to the reference's values, D1- (1 - s); and what is left, z = w/n - D0- - D1+ = r/m -
 *       D0+ - D1-, from the window's values to the reference's, each with each alike. For x, y
 *       between 0 and 1, |x - y| is at most x (1 - y) + y (1 - x), which is linear in both, so that
 *       costs at most z (t (1 - s) + s (1 - t)). If z is negative, D does not change its sign.
 * </ul>
 *
 * <p>The value takes D for a straight line from D0 to D1 where its sign changes from one end to the
 * other, and |J| elsewhere.
 *
 * <p>Both bounds allow for rounding. The sum of c numbers, in whatever order, is off by at most c -
 * 1 times 2^-53 of the sum of their amounts; the allowance stops growing at {@link #MOST_SUMMED}
 * values in one cell, which no window has. Counts must be below 2^53.
 */
final class WassersteinBounds {
    /** The largest relative error of one operation. */
    private static final double EPSILON = 0x1p-53;

    private static final double MOST_SUMMED = 0x1p40;

    private final NumericProfile profile;
    private final Moments moments;
    private final Tally window;
    private final Tally reference;
    private final double n;
    private final double m;

    /** How much a deviation can lose where the unit is tiny, in scales. */
    private final double smallest;

    private double lower;
    private double value;
    private double upper;

    /** The most that rounding can have done to any of the three. */
    private double rounding;

    private WassersteinBounds(NumericProfile profile, Tally window) {
        this.profile = profile;
        this.moments = profile.moments();
        this.window = window;
        this.reference = profile.reference();
        this.n = window.count();
        this.m = reference.count();
        this.smallest = 2 * Double.MIN_VALUE / moments.scale();
    }

    /** Whether the sum of each cell is known, wherever it matters. */
    static boolean knowsSums(NumericProfile profile, Tally tally) {
        for (int i = 0; !tally.hasCellSums() && i < tally.size(); i++) {
            if (!profile.isAtom(tally.cell(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * The bounds, of samples with values, a known range and sums. NaN if a sum overflowed.
     *
     * <p>Cost: O(cells counted in either sample).
     */
    static WassersteinBounds of(NumericProfile profile, Tally window) {
        WassersteinBounds bounds = new WassersteinBounds(profile, window);
        bounds.walk();
        return bounds;
    }

    /** At most the area. */
    double lower() {
        return Math.max(0, lower - rounding);
    }

    /** About the area. */
    double value() {
        return value;
    }

    /** At least the area. */
    double upper() {
        return upper + rounding;
    }

    /** Visits the cells that either sample has counted, in order. */
    private void walk() {
        long windowBelow = 0;
        long referenceBelow = 0;
        int i = 0;
        int j = 0;
        double end = Double.NaN;
        while (i < window.size() || j < reference.size()) {
            int windowCell = i < window.size() ? window.cell(i) : Integer.MAX_VALUE;
            int referenceCell = j < reference.size() ? reference.cell(j) : Integer.MAX_VALUE;
            int cell = Math.min(windowCell, referenceCell);
            double before = difference(windowBelow, referenceBelow);
            if (i + j > 0) {
                level(before, end, profile.lowerEdge(cell));
            }
            boolean inWindow = windowCell == cell;
            boolean inReference = referenceCell == cell;
            long w = inWindow ? window.count(i) : 0;
            long r = inReference ? reference.count(j) : 0;
            if (profile.isAtom(cell)) {
                level(
                        before,
                        profile.lowerEdge(cell),
                        Math.min(Double.MAX_VALUE, profile.upperEdge(cell)));
            } else if (r == 0 && Double.isInfinite(profile.lowerEdge(cell))) {
                below(w, window.cellSum(i), profile.upperEdge(cell));
            } else if (r == 0 && Double.isInfinite(profile.upperEdge(cell))) {
                above(w, window.cellSum(i), profile.lowerEdge(cell));
            } else {
                Cell inside = new Cell(cell);
                inside.window(w, inWindow ? window.cellSum(i) : 0);
                inside.reference(r, inReference ? reference.cellSum(j) : 0);
                inside.before = before;
                inside.after = difference(windowBelow + w, referenceBelow + r);
                inside.least = difference(windowBelow, referenceBelow + r);
                inside.most = difference(windowBelow + w, referenceBelow);
                inside.measure();
            }
            windowBelow += w;
            referenceBelow += r;
            i += inWindow ? 1 : 0;
            j += inReference ? 1 : 0;
            end = profile.upperEdge(cell);
        }
        rounding += (window.size() + reference.size() + 16) * 4 * EPSILON * upper;
    }

    private double difference(long windowBelow, long referenceBelow) {
        return TwoSampleChiSquare.differenceOfProducts(
                        m, (double) windowBelow, n, (double) referenceBelow)
                / n
                / m;
    }

    /** In scales. */
    private double width(double from, double to) {
        double width = to - from;
        // Halves where the difference overflows; but they would lose the last bit of tiny numbers.
        return width < Double.POSITIVE_INFINITY
                ? width / moments.scale()
                : (to / 2 - from / 2) / (moments.scale() / 2);
    }

    private void exactly(double area, double error) {
        between(area, area, area, error);
    }

    private void between(double least, double about, double most, double error) {
        lower += least;
        value += about;
        upper += most;
        rounding += error;
    }

    /** Where both functions are constant. */
    private void level(double difference, double from, double to) {
        if (difference != 0) {
            exactly(Math.abs(difference) * width(from, to), smallest);
        }
    }

    /** Values of the window below all of the reference's, which end at {@code edge}. */
    private void below(long w, double sum, double edge) {
        double end = moments.deviation(edge);
        outside(w, w * end - sum, sum, end, Math.max(0, end));
    }

    /** Values of the window above all of the reference's, which begin after {@code edge}. */
    private void above(long w, double sum, double edge) {
        double end = moments.deviation(edge);
        outside(w, sum - w * end, sum, end, Math.max(0, -end));
    }

    /** The amounts of the values sum to no more than that of their sum and twice this overlap. */
    private void outside(long w, double distances, double sum, double end, double overlap) {
        double amounts = 2 * (Math.abs(sum) + 2 * w * overlap);
        double error = summation(w) * amounts + 4 * EPSILON * (Math.abs(sum) + w * Math.abs(end));
        exactly(Math.abs(distances) / n, (error + w * smallest) / n);
    }

    /** The relative error of a sum of {@code count} numbers. */
    private static double summation(long count) {
        return (Math.min((double) count, MOST_SUMMED) + 8) * EPSILON;
    }

    /** A cell inside the reference's range, with room for several values. */
    private final class Cell {
        private final double start;
        private final double h;
        private final double farthest;
        private double w;
        private double r;
        private double t;
        private double s;
        private double error;
        private double before;
        private double after;
        private double least;
        private double most;

        Cell(int cell) {
            // A cell that counts reference values but has no lower edge begins at the last double.
            double from = Math.max(-Double.MAX_VALUE, profile.lowerEdge(cell));
            double to = Math.min(Double.MAX_VALUE, profile.upperEdge(cell));
            start = moments.deviation(from);
            farthest = Math.max(Math.abs(start), Math.abs(moments.deviation(to)));
            h = width(from, to);
        }

        void window(long count, double sum) {
            w = count / n;
            t = position(count, sum);
            error += 4 * w * (summation(count) * farthest + smallest);
        }

        void reference(long count, double sum) {
            r = count / m;
            s = position(count, sum);
            error += 4 * r * (summation(count) * farthest + smallest);
        }

        /** The mean position of the values, from 0 to 1. */
        private double position(long count, double sum) {
            if (count == 0 || h == 0) {
                return 0;
            }
            if (!Double.isFinite(sum)) {
                return Double.NaN;
            }
            return Math.min(1, Math.max(0, (sum / count - start) / h));
        }

        void measure() {
            double mean = before + w * (1 - t) - r * (1 - s);
            double area = Math.abs(mean);
            error += 16 * EPSILON * h * (Math.abs(before) + w + r);
            if (least >= 0 || most <= 0) {
                exactly(h * area, error);
                return;
            }
            double atLeast = Math.max(area, chord(mean));
            double atMost = Math.max(atLeast, moving());
            boolean changes = before * after < 0;
            double about =
                    changes
                            ? (before * before + after * after)
                                    / (2 * (Math.abs(before) + Math.abs(after)))
                            : area;
            between(h * atLeast, h * Math.min(atMost, Math.max(atLeast, about)), h * atMost, error);
        }

        /** The lower bound from the steps of one sample; 0 where both have values. */
        private double chord(double mean) {
            if (w > 0 && r > 0) {
                return 0;
            }
            double step = w > 0 ? 1 / n : 1 / m;
            double steps = Math.floor(-least / step);
            double x0 = least + steps * step;
            double x1 = least + (steps + 1) * step;
            return x0 < mean && mean < x1
                    ? (Math.abs(x0) * (x1 - mean) + Math.abs(x1) * (mean - x0)) / step
                    : 0;
        }

        /** The upper bound: the cost of one way of moving. */
        private double moving() {
            double rises = Math.max(0, before);
            double sinks = Math.max(0, -before);
            double high = Math.max(0, after);
            double deep = Math.max(0, -after);
            double left = Math.max(0, before > 0 ? r - rises - deep : w - sinks - high);
            return left * (t * (1 - s) + s * (1 - t))
                    + rises * s
                    + sinks * t
                    + high * (1 - t)
                    + deep * (1 - s);
        }
    }

    /**
     * The integral of sqrt(F (1 - F)) over the reference's range, in scales, where F is the
     * reference's distribution function; in a cell with an inside, of F's mean there. NaN without
     * range or sums.
     */
    static double spread(NumericProfile profile) {
        Tally reference = profile.reference();
        if (!profile.knowsRange() || !knowsSums(profile, reference)) {
            return Double.NaN;
        }
        WassersteinBounds alone = new WassersteinBounds(profile, Tally.EMPTY);
        double spread = 0;
        long below = 0;
        double end = Double.NaN;
        for (int j = 0; j < reference.size(); j++) {
            int cell = reference.cell(j);
            if (j > 0) {
                spread += deviation(below / alone.m) * alone.width(end, profile.lowerEdge(cell));
            }
            if (!profile.isAtom(cell)) {
                Cell inside = alone.new Cell(cell);
                inside.reference(reference.count(j), reference.cellSum(j));
                spread += deviation(below / alone.m + inside.r * (1 - inside.s)) * inside.h;
            }
            below += reference.count(j);
            end = profile.upperEdge(cell);
        }
        return spread;
    }

    private static double deviation(double share) {
        return Math.sqrt(share * Math.max(0, 1 - share));
    }
}
