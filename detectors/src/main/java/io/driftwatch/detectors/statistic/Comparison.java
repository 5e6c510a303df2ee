package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.profile.Tally;
import java.util.Objects;
import java.util.Optional;

/**
 * One window against its reference, at one level of significance. What several statistics need,
 * such as binned counts, is computed at most once. For one thread.
 */
public final class Comparison {
    private final FeatureProfile reference;
    private final Tally window;
    private final Smoothing smoothing;
    private final double significance;
    private final double overdispersion;

    private BinPairs bins;
    private Trial trial;

    /** Null until it is asked for. */
    private Optional<BinChange> largestChange;

    /** Null until it is asked for. */
    private Optional<Shape> shape;

    private TwoSampleChiSquare chiSquare;
    private TwoSampleChiSquare pooledChiSquare;

    /**
     * Sets up a comparison; nothing is computed yet.
     *
     * @param reference what the window is compared with
     * @param window the window's counts over the reference's cells
     * @param smoothing how shares of empty bins are made positive
     * @param significance the level of the critical values, above 0 and below 1
     * @param overdispersion how many times more the counts vary than those of independent rows, at
     *     least 1; every test is made that much less sensitive
     * @throws IllegalArgumentException if {@code significance} or {@code overdispersion} is out of
     *     range, or the window counts cells that the reference does not have
     */
    public Comparison(
            FeatureProfile reference,
            Tally window,
            Smoothing smoothing,
            double significance,
            double overdispersion) {
        this.reference = Objects.requireNonNull(reference, "reference");
        this.window = Objects.requireNonNull(window, "window");
        this.smoothing = Objects.requireNonNull(smoothing, "smoothing");
        this.significance = significance;
        this.overdispersion = overdispersion;
        reference.requireCells(window);
        // Checks both numbers.
        trial = new Trial(reference, window.count(), 1, significance, overdispersion);
    }

    /** As above, for independent rows. */
    public Comparison(
            FeatureProfile reference, Tally window, Smoothing smoothing, double significance) {
        this(reference, window, smoothing, significance, 1);
    }

    /** The profile that the window is compared with. */
    public FeatureProfile reference() {
        return reference;
    }

    /** The window's counts. */
    public Tally window() {
        return window;
    }

    /** How shares of empty bins are made positive. */
    public Smoothing smoothing() {
        return smoothing;
    }

    /** The level at which critical values are given. */
    public double significance() {
        return significance;
    }

    /** How many times more the counts vary than those of independent rows. */
    public double overdispersion() {
        return overdispersion;
    }

    /** Values of the window that lie in cells. */
    public long count() {
        return window.count();
    }

    /** Values of the reference that lie in cells. */
    public long referenceCount() {
        return reference.reference().count();
    }

    /** The sizes of this comparison, over the bins that are not empty in both samples. */
    Trial trial() {
        if (trial.bins() != bins().size()) {
            trial =
                    new Trial(
                            reference, window.count(), bins().size(), significance, overdispersion);
        }
        return trial;
    }

    /**
     * The bin whose share of the values changed most, the first of several; none where a sample has
     * no values, or all shares are equal.
     */
    public Optional<BinChange> largestChange() {
        if (largestChange == null) {
            largestChange = findLargestChange();
        }
        return largestChange;
    }

    private Optional<BinChange> findLargestChange() {
        if (count() == 0 || referenceCount() == 0) {
            return Optional.empty();
        }
        long[] now = reference.binned(window);
        long[] then = reference.referenceBins();
        int largest = -1;
        double most = 0;
        for (int bin = 0; bin < now.length; bin++) {
            // Of shares the differences would be rounded, and bins that changed alike would not
            // tie.
            double change =
                    Math.abs(
                            TwoSampleChiSquare.differenceOfProducts(
                                    (double) now[bin],
                                    (double) referenceCount(),
                                    (double) then[bin],
                                    (double) count()));
            if (change > most) {
                most = change;
                largest = bin;
            }
        }
        return largest < 0
                ? Optional.empty()
                : Optional.of(
                        new BinChange(
                                reference.binLabel(largest),
                                (double) now[largest] / count(),
                                (double) then[largest] / referenceCount()));
    }

    /** What both samples look like; none where one has no values. O(bins log bins). */
    public Optional<Shape> shape() {
        if (shape == null) {
            boolean isEmpty = count() == 0 || referenceCount() == 0;
            boolean isOrdered = reference.type() == FeatureType.NUMERIC;
            shape =
                    isEmpty
                            ? Optional.empty()
                            : Optional.of(
                                    Shape.of(
                                            reference.referenceBins(),
                                            reference.binned(window),
                                            isOrdered));
        }
        return shape;
    }

    /** The counts of both samples in the bins that are not empty in both. */
    BinPairs bins() {
        if (bins == null) {
            bins = BinPairs.of(reference.referenceBins(), reference.binned(window));
        }
        return bins;
    }

    /** The chi-square test over all non-empty bins. */
    TwoSampleChiSquare chiSquare() {
        if (chiSquare == null) {
            chiSquare = TwoSampleChiSquare.of(bins());
        }
        return chiSquare;
    }

    /** The chi-square test with the rare bins summed to one. */
    TwoSampleChiSquare pooledChiSquare() {
        if (pooledChiSquare == null) {
            pooledChiSquare = TwoSampleChiSquare.of(bins().pooled());
        }
        return pooledChiSquare;
    }

    /**
     * The p-value that speaks for all sizes of a difference between bins: that of the pooled test,
     * which keeps its level where bins are rare; or of the other one if pooling leaves one bin.
     */
    double differencePValue() {
        TwoSampleChiSquare pooled = pooledChiSquare();
        TwoSampleChiSquare test = pooled.degreesOfFreedom() > 0 ? pooled : chiSquare();
        return test.pValue(overdispersion);
    }

    /** Refuses a type that {@code statistic} is not defined for. */
    void requireApplicable(Statistic statistic) {
        if (!statistic.appliesTo(reference.type())) {
            throw new IllegalArgumentException(
                    statistic.name()
                            + " is not defined for "
                            + (reference.type() == FeatureType.NUMERIC ? "numeric" : "categorical")
                            + " features");
        }
    }

    /** The measurement of a statistic that needs values where a sample has none; else nothing. */
    Optional<Measurement> refusal(Statistic statistic) {
        requireApplicable(statistic);
        String what = reference.type() == FeatureType.NUMERIC ? "finite value" : "category";
        if (referenceCount() == 0) {
            return Optional.of(
                    refused(
                            "The reference has no "
                                    + what
                                    + contents(reference.reference())
                                    + "; rebuild the profile from rows that have this feature"));
        }
        if (count() == 0) {
            return Optional.of(
                    refused(
                            "The window has no "
                                    + what
                                    + contents(window)
                                    + "; check that the stream still carries this feature"));
        }
        return Optional.empty();
    }

    /** A size of the difference between bins, with the p-value that speaks for all such sizes. */
    Measurement measured(Statistic statistic, double value) {
        Noise noise = statistic.noise(trial());
        return Measurement.exact(
                value, differencePValue(), noise, Measurement.above(noise.level(), value), trial());
    }

    /** No value, because of {@code reason}, with the sizes of both samples. */
    Measurement refused(String reason) {
        return Measurement.notEvaluable(reason, count(), referenceCount());
    }

    private static String contents(Tally tally) {
        return tally.rows() == 0
                ? " and no rows"
                : " (" + tally.missing() + " missing, " + tally.infinite() + " infinite)";
    }
}
