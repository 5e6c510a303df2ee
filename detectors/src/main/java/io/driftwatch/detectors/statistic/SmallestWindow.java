package io.driftwatch.detectors.statistic;

/** Finds how many values a window needs for chance alone to stay below a threshold. */
final class SmallestWindow {
    /** Pearson's approximation wants about this many values a bin, at a level of 0.001. */
    static final int VALUES_PER_BIN = 5;

    /** Larger than any window. */
    private static final long HUGE = 1L << 50;

    private SmallestWindow() {}

    /**
     * The smallest window of at least {@code least} values in which the critical value is not above
     * {@code threshold}. Critical values fall as windows grow, towards what the size of the
     * reference leaves. One that is unknown in small windows only is out of reach there; where it
     * is unknown at any size, {@code least} is all that can be asked for.
     */
    static long of(Statistic statistic, Trial plan, double threshold, long least) {
        double limit = statistic.noise(plan.withCount(HUGE)).critical();
        if (Double.isNaN(threshold) || Double.isNaN(limit)) {
            return least;
        }
        if (limit > threshold) {
            return Long.MAX_VALUE;
        }
        if (!isAbove(statistic, plan.withCount(least), threshold)) {
            return least;
        }
        long low = least;
        long high = HUGE;
        while (high - low > 1) {
            long middle = low + (high - low) / 2;
            if (isAbove(statistic, plan.withCount(middle), threshold)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /** As {@link #of}, with a least size that gives every bin enough values. */
    static long ofBinned(Statistic statistic, Trial plan, double threshold) {
        return of(
                statistic,
                plan,
                threshold,
                (long) Math.ceil(scaled(VALUES_PER_BIN * plan.bins(), plan)));
    }

    /**
     * As many values as are enough at a level of 0.001 for independent rows, and twice as many for
     * each power of ten below it: laws for large samples have too light a tail, and the more so the
     * further out. Measured in {@code docs/calibration.md}. Rows that hang together count as fewer.
     */
    static double scaled(double values, Trial plan) {
        double powersOfTen = Math.max(0, -3 - Math.log10(plan.significance()));
        return values * Math.pow(2, powersOfTen) * plan.overdispersion();
    }

    private static boolean isAbove(Statistic statistic, Trial trial, double threshold) {
        return !(statistic.noise(trial).critical() <= threshold);
    }
}
