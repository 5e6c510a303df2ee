package io.driftwatch.job.profile;

import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.job.config.ValueRole;
import io.driftwatch.job.tally.SampleKey;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The reference of one model version, or of one segment of it: a profile for each feature.
 *
 * @param key what it is the reference of
 * @param createdAt when it was built
 * @param createdBy program and version that built it
 * @param rows rows of the sample
 * @param firstEventTime earliest event time, or null where rows carry none
 * @param lastEventTime latest event time, or null where rows carry none
 * @param features profile by feature name, in the order of the configuration or the data
 * @param roles role by feature name
 */
public record ReferenceSample(
        SampleKey key,
        Instant createdAt,
        String createdBy,
        long rows,
        Instant firstEventTime,
        Instant lastEventTime,
        Map<String, FeatureProfile> features,
        Map<String, ValueRole> roles) {

    public ReferenceSample {
        features = Collections.unmodifiableMap(new LinkedHashMap<>(features));
        roles = Map.copyOf(roles);
    }

    /**
     * The profile of one feature.
     *
     * @throws IllegalArgumentException if the sample has none; configurations are checked for that
     *     before a job starts
     */
    public FeatureProfile feature(String name) {
        FeatureProfile found = features.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no reference for feature '" + name + "' in " + key);
        }
        return found;
    }
}
