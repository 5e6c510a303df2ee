package io.driftwatch.job.live;

import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.profile.ModelProfiles;
import java.util.Map;

/**
 * A configuration that a running job has taken up.
 *
 * @param version which one
 * @param config what it says
 * @param profiles by model, those that the job did not bring itself; copied
 */
public record Applied(long version, MonitorConfig config, Map<String, ModelProfiles> profiles) {
    public Applied {
        profiles = Map.copyOf(profiles);
    }
}
