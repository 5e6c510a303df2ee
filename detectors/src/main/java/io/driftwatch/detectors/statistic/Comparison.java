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

    private BinPairs bins;
    private TwoSampleChiSquare chiSquare;
    private TwoSampleChiSquare pooledChiSquare;

    /**
     * Sets up a comparison; nothing is computed yet.
     *
     * @param reference what the window is compared with
     * @param window the window's counts over the reference's cells
     * @param smoothing how shares of empty bins are made positive
     * @param significance the level of the critical values, above 0 and below 1
     * @throws IllegalArgumentException if {@code significance} is out of range, or the window
     *     counts cells that the reference does not have
     */
    public Comparison(
            FeatureProfile reference, Tally window, Smoothing smoothing, double significance) {
        this.reference = Objects.requireNonNull(reference, "reference");
        this.window = Objects.requireNonNull(window, "window");
        this.smoothing = Objects.requireNonNull(smoothing, "smoothing");
        if (!(significance > 0 && significance < 1)) {
            throw new IllegalArgumentException(
                    "significance is "
                            + significance
                            + ", not a probability above 0 and below 1; use e.g. 0.001");
        }
        this.significance = significance;
        reference.requireCells(window);
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

    /** Values of the window that lie in cells. */
    public long count() {
        return window.count();
    }

    /** Values of the reference that lie in cells. */
    public long referenceCount() {
        return reference.reference().count();
    }

    /** 1/n + 1/m, the factor by which sampling noise scales. */
    double inverseSizes() {
        return 1.0 / count() + 1.0 / referenceCount();
    }

    /** The counts of both samples in the bins that are not empty in both. */
    BinPairs bins() {
        if (bins == null) {
            bins = BinPairs.of(reference.binned(reference.reference()), reference.binned(window));
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
