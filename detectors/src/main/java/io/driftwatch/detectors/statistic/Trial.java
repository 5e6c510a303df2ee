package io.driftwatch.detectors.statistic;

import io.driftwatch.detectors.profile.FeatureProfile;
import java.util.Objects;

/**
 * The sizes that decide how much chance alone moves a statistic: those of a window that has been
 * counted, or of one that is only planned.
 *
 * @param reference what the window is compared with
 * @param count values in the window
 * @param bins bins that take part
 * @param significance the level of the critical values, above 0 and below 1
 * @param overdispersion how many times more the counts vary than those of independent rows, at
 *     least 1
 */
public record Trial(
        FeatureProfile reference,
        long count,
        int bins,
        double significance,
        double overdispersion) {

    public Trial {
        Objects.requireNonNull(reference, "reference");
        if (!(significance > 0 && significance < 1)) {
            throw new IllegalArgumentException(
                    "significance is "
                            + significance
                            + ", not a probability above 0 and below 1; use e.g. 0.001");
        }
        if (!(overdispersion >= 1 && overdispersion < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "overdispersion is " + overdispersion + ", expected a number of 1 or more");
        }
    }

    /** A window of {@code count} values that fall into the bins where the reference has any. */
    public static Trial planned(
            FeatureProfile reference, long count, double significance, double overdispersion) {
        int bins = 0;
        for (long inBin : reference.referenceBins()) {
            bins += inBin > 0 ? 1 : 0;
        }
        return new Trial(reference, count, bins, significance, overdispersion);
    }

    /** The same with another number of values in the window. */
    public Trial withCount(long values) {
        return new Trial(reference, values, bins, significance, overdispersion);
    }

    /** Values of the reference that lie in cells. */
    public long referenceCount() {
        return reference.reference().count();
    }

    /** Degrees of freedom of a comparison of the bins. */
    public int degreesOfFreedom() {
        return bins - 1;
    }

    /** The factor by which sampling noise scales: (1/n + 1/m) times the overdispersion. */
    public double variance() {
        return (1.0 / count + 1.0 / referenceCount()) * overdispersion;
    }
}
