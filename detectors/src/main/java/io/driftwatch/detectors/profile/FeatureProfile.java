package io.driftwatch.detectors.profile;

import io.driftwatch.detectors.FeatureType;

/**
 * The reference of one feature: its cells, the reference's counts over them, and bins as unions of
 * neighbouring cells.
 *
 * <p>The cells are fixed by the reference alone, so every window is a vector of counts of the same
 * shape, whatever its traffic. Profiles are immutable and may be shared by threads.
 */
public sealed interface FeatureProfile permits NumericProfile, CategoricalProfile {

    /** The kind of values this profile describes. */
    FeatureType type();

    /** The number of cells, at least one; cells are numbered from zero. */
    int cellCount();

    /**
     * A number that names the cells and the unit of the sums: two profiles of the same layout count
     * a value in the same way, so their tallies may be added. The same in every process; never 0.
     */
    long layout();

    /** The number of bins, at least one and at most {@link #cellCount()}. */
    int binCount();

    /** The bin that {@code cell} belongs to; never falls as {@code cell} rises. */
    int binOf(int cell);

    /** The reference's own counts in each bin; a copy. */
    long[] referenceBins();

    /** What a bin holds, in words for people: a category, or an interval of numbers. */
    String binLabel(int bin);

    /** The reference's own counts, in the same form as a window's. */
    Tally reference();

    /**
     * The same cells with the reference's counts less those of a part of it: what a window that
     * lies in the reference can be compared with. What else is known of the reference, such as mean
     * and range, stays that of the whole.
     *
     * @throws IllegalArgumentException if {@code part} is not a part of the reference
     */
    FeatureProfile without(Tally part);

    /** A counter over these cells, for one thread. */
    TallyCounter newCounter();

    /**
     * The counts of {@code tally} summed over the cells of each bin.
     *
     * @throws IllegalArgumentException if the tally counts a cell that this profile does not have
     */
    default long[] binned(Tally tally) {
        requireCells(tally);
        long[] bins = new long[binCount()];
        for (int i = 0; i < tally.size(); i++) {
            bins[binOf(tally.cell(i))] += tally.count(i);
        }
        return bins;
    }

    /**
     * Checks that {@code tally} can have been counted over this profile's cells.
     *
     * @throws IllegalArgumentException if the tally counts a cell that this profile does not have
     */
    default void requireCells(Tally tally) {
        if (tally.size() > 0 && tally.cell(tally.size() - 1) >= cellCount()) {
            throw new IllegalArgumentException(
                    "The tally counts cell "
                            + tally.cell(tally.size() - 1)
                            + ", but the profile has only "
                            + cellCount()
                            + " cells; was it counted against another profile?");
        }
    }
}
