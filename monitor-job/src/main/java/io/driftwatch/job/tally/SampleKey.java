package io.driftwatch.job.tally;

import java.util.Map;

/**
 * Names what has one reference sample: a model version, or one segment of it.
 *
 * @param segmentName segment column, or empty for the whole model version
 * @param segmentValue value of the segment column, or empty
 */
public record SampleKey(String model, String version, String segmentName, String segmentValue) {

    /** The whole of a model version. */
    public static SampleKey whole(String model, String version) {
        return new SampleKey(model, version, "", "");
    }

    /** Whether it is no segment. */
    public boolean isWhole() {
        return segmentName.isEmpty();
    }

    /** The segment as it stands in scores and alerts: empty for the whole. */
    public Map<String, String> segment() {
        return isWhole() ? Map.of() : Map.of(segmentName, segmentValue);
    }

    /**
     * The series of one feature.
     *
     * @param layout which cells it is counted over
     */
    public SeriesKey feature(String feature, long layout) {
        return new SeriesKey(model, version, segmentName, segmentValue, feature, layout);
    }

    /** The series of records that are only counted. */
    public SeriesKey everyFeature() {
        return feature(SeriesKey.EVERY_FEATURE, 0);
    }
}
