package io.driftwatch.detectors.significance;

import java.io.Serializable;

/**
 * Grades a drift by how large it is beyond noise, once it is significant. Limits are population
 * stability indices; other statistics are graded by the index of a drift of their size.
 *
 * @param low from here on a significant drift is {@link DriftSeverity#LOW}
 * @param warning from here on it is {@link DriftSeverity#WARNING}
 * @param critical from here on it is {@link DriftSeverity#CRITICAL}
 */
public record SeverityScale(double low, double warning, double critical) implements Serializable {
    /** For a normal feature: shifts of the mean by 0.14, 0.32 and 0.5 standard deviations. */
    public static final SeverityScale DEFAULT = new SeverityScale(0.02, 0.1, 0.25);

    /**
     * @throws IllegalArgumentException if the limits are not positive and rising
     */
    public SeverityScale {
        if (!(low > 0 && low <= warning && warning <= critical && critical < 1e6)) {
            throw new IllegalArgumentException(
                    "The limits of severity are "
                            + low
                            + ", "
                            + warning
                            + ", "
                            + critical
                            + "; expected rising numbers above 0, e.g. 0.02, 0.1, 0.25");
        }
    }

    /**
     * The grade of a drift.
     *
     * @param significant whether chance hardly explains it
     * @param excess its population stability index beyond noise; NaN counts as 0
     */
    public DriftSeverity of(boolean significant, double excess) {
        if (!significant) {
            return DriftSeverity.NONE;
        }
        if (excess >= critical) {
            return DriftSeverity.CRITICAL;
        }
        if (excess >= warning) {
            return DriftSeverity.WARNING;
        }
        return excess >= low ? DriftSeverity.LOW : DriftSeverity.INFO;
    }

    /** The least excess of this grade, as a population stability index; 0 for the lowest two. */
    public double least(DriftSeverity severity) {
        return switch (severity) {
            case NONE, INFO -> 0;
            case LOW -> low;
            case WARNING -> warning;
            case CRITICAL -> critical;
        };
    }
}
