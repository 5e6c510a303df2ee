package io.driftwatch.detectors.dependence;

import java.util.Objects;

/**
 * How much more the counts of a reference vary from one time block to the next than those of
 * independent rows would.
 *
 * @param blocks time blocks that were compared; 0 where there were too few to say anything
 * @param overdispersion the ratio, at least 1; 1 where it was not measured
 * @param season what the distribution varies with
 * @param seasonRatio how many times more it varies between the hours or days of the season than
 *     within them; NaN without a season
 */
public record Dependence(int blocks, double overdispersion, Season season, double seasonRatio) {
    /** Nothing is known; rows are taken for independent. */
    public static final Dependence UNKNOWN = new Dependence(0, 1, Season.NONE, Double.NaN);

    /**
     * @throws IllegalArgumentException if a number is out of range
     */
    public Dependence {
        Objects.requireNonNull(season, "season");
        if (blocks < 0) {
            throw new IllegalArgumentException("blocks is " + blocks + ", expected 0 or more");
        }
        if (!(overdispersion >= 1 && overdispersion < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "overdispersion is " + overdispersion + ", expected a number of 1 or more");
        }
    }

    /** Whether anything was measured. */
    public boolean isMeasured() {
        return blocks > 0;
    }
}
