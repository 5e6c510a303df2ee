package io.driftwatch.job.canary;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * What has become of one flight of the canary.
 *
 * @param at when it began, ISO-8601
 * @param detected whether the message that it drifts came in time
 * @param delaySeconds from the moment in which Kafka had the drift to that message; null if it did
 *     not come
 * @param resolved whether the message that the drift is over came in time
 * @param reason what is wrong and where to look; null if both came
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record CanaryResult(
        String at, boolean detected, Double delaySeconds, boolean resolved, String reason) {

    /** Whether both messages came. */
    @JsonIgnore
    public boolean isFine() {
        return detected && resolved;
    }
}
