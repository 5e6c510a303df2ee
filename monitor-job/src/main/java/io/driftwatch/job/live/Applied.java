package io.driftwatch.job.live;

import io.driftwatch.job.config.FeatureConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.profile.ModelProfiles;
import java.util.List;
import java.util.Map;

/**
 * A configuration that a running job has taken up.
 *
 * @param version which one
 * @param config what it says
 * @param profiles by model, those that the job did not bring itself; copied
 * @param features by model, of those that the job watches: the watched features, all with a type;
 *     copied
 */
public record Applied(
        long version,
        MonitorConfig config,
        Map<String, ModelProfiles> profiles,
        Map<String, List<FeatureConfig>> features) {
    public Applied {
        profiles = Map.copyOf(profiles);
        features = Map.copyOf(features);
    }
}
