package io.driftwatch.job.profile;

import io.driftwatch.job.config.FeatureConfig;
import java.nio.file.Path;
import java.util.List;

/**
 * A model's profiles, checked against its configuration.
 *
 * @param file where they were read
 * @param digest what {@link ProfileFile#digest} says of its content
 * @param profiles its content
 * @param features the watched features, all with a type
 */
public record LoadedProfile(
        Path file, String digest, ModelProfiles profiles, List<FeatureConfig> features) {}
