package io.driftwatch.job.tally;

/**
 * Names a series of windows: one feature of one segment of one model version. Strings only, so that
 * the hash is the same in every JVM.
 *
 * @param segmentName segment column, or empty for the whole model version
 * @param segmentValue value of the segment column, or empty
 * @param feature feature, or {@link #EVERY_FEATURE}
 * @param layout which cells it is counted over, as {@code FeatureProfile.layout} names them; 0
 *     where records are only counted. So counts over the cells of an earlier profile are never
 *     added to those of the present one
 */
public record SeriesKey(
        String model,
        String version,
        String segmentName,
        String segmentValue,
        String feature,
        long layout) {

    /**
     * Stands for the feature where records are counted without a reference to compare them with.
     */
    public static final String EVERY_FEATURE = "*";

    /** The model version and segment without the feature. */
    public SampleKey sample() {
        return new SampleKey(model, version, segmentName, segmentValue);
    }

    @Override
    public String toString() {
        return model + " " + version + " " + segmentName + "=" + segmentValue + " " + feature;
    }
}
