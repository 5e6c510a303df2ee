package io.driftwatch.job.profile;

import io.driftwatch.detectors.dependence.Dependence;
import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.job.config.ValueRole;
import io.driftwatch.job.tally.SampleKey;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
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
 * @param blockMillis length of the time blocks that dependence was measured between, 0 where it was
 *     measured for no feature
 * @param dependence how much more than chance each feature varies in time; {@link
 *     Dependence#UNKNOWN} for features that are not named
 */
public record ReferenceSample(
        SampleKey key,
        Instant createdAt,
        String createdBy,
        long rows,
        Instant firstEventTime,
        Instant lastEventTime,
        Map<String, FeatureProfile> features,
        Map<String, ValueRole> roles,
        long blockMillis,
        Map<String, Dependence> dependence) {

    public ReferenceSample {
        features = Collections.unmodifiableMap(new LinkedHashMap<>(features));
        roles = Map.copyOf(roles);
        Map<String, Dependence> complete = new HashMap<>(dependence);
        features.keySet().forEach(name -> complete.putIfAbsent(name, Dependence.UNKNOWN));
        dependence = Map.copyOf(complete);
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

    /** How much more than chance a feature varies in time. */
    public Dependence dependenceOf(String name) {
        return dependence.getOrDefault(name, Dependence.UNKNOWN);
    }
}
