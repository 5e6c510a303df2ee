package io.driftwatch.job.tally;

/**
 * Names a series of windows: one feature of one segment of one model version. Strings only, so that
 * the hash is the same in every JVM.
 *
 * @param segmentName segment column, or empty for the whole model version
 * @param segmentValue value of the segment column, or empty
 * @param feature feature, or {@link #EVERY_FEATURE}
 */
public record SeriesKey(
        String model, String version, String segmentName, String segmentValue, String feature) {

    /**
     * Stands for the feature where records are counted without a reference to compare them with.
     */
    public static final String EVERY_FEATURE = "*";

    /** The model version and segment without the feature. */
    public SampleKey sample() {
        return new SampleKey(model, version, segmentName, segmentValue);
    }
}
