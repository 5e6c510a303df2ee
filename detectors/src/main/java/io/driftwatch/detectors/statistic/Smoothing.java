package io.driftwatch.detectors.statistic;

import java.io.Serializable;

/**
 * What to do with empty bins, whose share of 0 would make a logarithm infinite.
 *
 * @param fillShare the share that stands in for 0; NaN for Jeffreys smoothing
 */
public record Smoothing(double fillShare) implements Serializable {
    private static final Smoothing JEFFREYS = new Smoothing(Double.NaN);

    public Smoothing {
        if (fillShare <= 0 || fillShare >= 1) {
            throw new IllegalArgumentException(
                    "fill is " + fillShare + ", expected a share between 0 and 1, e.g. 0.0001");
        }
    }

    /**
     * Half a value is added to every bin that is not empty in both samples. The default: with it
     * the false-alarm rate of the index stays near its nominal level even where bins are sparse.
     */
    public static Smoothing jeffreys() {
        return JEFFREYS;
    }

    /**
     * Shares of 0 are replaced by {@code share} and the others left alone, as some other tools do.
     * In small windows this alone can look like drift.
     *
     * @throws IllegalArgumentException if {@code share} is not between 0 and 1
     */
    public static Smoothing fill(double share) {
        if (Double.isNaN(share)) {
            throw new IllegalArgumentException(
                    "fill is NaN, expected a share between 0 and 1, e.g. 0.0001");
        }
        return new Smoothing(share);
    }

    /** Whether this is Jeffreys smoothing. */
    public boolean isJeffreys() {
        return Double.isNaN(fillShare);
    }

    /** The share of a bin with {@code binCount} of {@code total} values, in {@code bins} bins. */
    double share(long binCount, long total, int bins) {
        if (isJeffreys()) {
            return (binCount + 0.5) / (total + 0.5 * bins);
        }
        return binCount == 0 ? fillShare : (double) binCount / total;
    }
}
