package io.driftwatch.job.metrics;

/**
 * What metrics show of a model version.
 *
 * @param windows windows that were scored
 * @param samples most values that a feature has in the newest of them
 */
public record VersionMark(
        String model, String version, long windowEndMillis, long windows, long samples) {

    static VersionMark first(ScoreMark mark) {
        return new VersionMark(
                mark.model(), mark.version(), mark.windowEndMillis(), 1, mark.count());
    }

    VersionMark with(ScoreMark mark) {
        if (mark.windowEndMillis() > windowEndMillis) {
            return new VersionMark(
                    model, version, mark.windowEndMillis(), windows + 1, mark.count());
        }
        return mark.windowEndMillis() == windowEndMillis && mark.count() > samples
                ? new VersionMark(model, version, windowEndMillis, windows, mark.count())
                : this;
    }
}
