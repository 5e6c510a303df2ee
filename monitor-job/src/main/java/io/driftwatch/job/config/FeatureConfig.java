package io.driftwatch.job.config;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.CategoricalProfile;
import java.io.Serializable;
import java.util.List;

/**
 * One watched column, as configured.
 *
 * @param name its name
 * @param type numeric or categorical; null means inferred when the profile is built
 * @param role feature, prediction or label
 * @param path field in the record, as a name or a JSON pointer
 * @param bins number of equal-frequency bins, used where {@code edges} is empty
 * @param edges explicit right-closed bin edges, rising; empty means equal-frequency bins
 * @param categories most categories that get a cell of their own when the profile is built
 * @param weight how important it is to rules about many features; positive, 1 by default
 * @param statistics statistics for this feature alone; empty means those of the model
 */
public record FeatureConfig(
        String name,
        FeatureType type,
        ValueRole role,
        String path,
        int bins,
        List<Double> edges,
        int categories,
        double weight,
        List<String> statistics)
        implements Serializable {

    /** Equal-frequency bins where the configuration names none. */
    public static final int DEFAULT_BINS = 10;

    public FeatureConfig {
        edges = List.copyOf(edges);
        statistics = List.copyOf(statistics);
    }

    /** A column found in the data rather than named in the configuration. */
    public static FeatureConfig found(String path, ValueRole role) {
        return new FeatureConfig(
                path,
                null,
                role,
                path,
                DEFAULT_BINS,
                List.of(),
                CategoricalProfile.DEFAULT_CATEGORIES,
                1,
                List.of());
    }

    public FeatureConfig withType(FeatureType found) {
        return new FeatureConfig(
                name, found, role, path, bins, edges, categories, weight, statistics);
    }
}
