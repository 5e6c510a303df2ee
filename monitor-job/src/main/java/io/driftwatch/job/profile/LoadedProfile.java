package io.driftwatch.job.profile;

import io.driftwatch.job.config.FeatureConfig;
import java.util.List;

/**
 * A model's profiles, checked against its configuration.
 *
 * @param bytes the file as it is shipped to the operators
 * @param profiles its content
 * @param features the watched features, all with a type
 */
public record LoadedProfile(byte[] bytes, ModelProfiles profiles, List<FeatureConfig> features) {}
