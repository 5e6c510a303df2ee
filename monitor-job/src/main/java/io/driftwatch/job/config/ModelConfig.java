package io.driftwatch.job.config;

import io.driftwatch.detectors.statistic.Smoothing;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One watched model.
 *
 * @param name its name
 * @param profile file with its reference profiles, absolute
 * @param versionPath field that names the model version, or null: every record is of {@link
 *     #DEFAULT_VERSION}
 * @param streams its streams, at most one of each role
 * @param window its windows
 * @param segments columns whose values are scored apart, beside the whole
 * @param features watched columns in file order; empty means all columns
 * @param statistics names of the statistics to score
 * @param smoothing how empty bins are filled for psi
 * @param significance when a difference counts as more than chance
 */
public record ModelConfig(
        String name,
        String profile,
        String versionPath,
        List<StreamConfig> streams,
        WindowConfig window,
        List<SegmentConfig> segments,
        List<FeatureConfig> features,
        List<String> statistics,
        Smoothing smoothing,
        SignificanceConfig significance)
        implements Serializable {

    /** The version of records that name none. */
    public static final String DEFAULT_VERSION = "default";

    /** A segment column and the field it is read from. */
    public record SegmentConfig(String name, String path) implements Serializable {}

    public ModelConfig {
        streams = List.copyOf(streams);
        segments = List.copyOf(segments);
        features = List.copyOf(features);
        statistics = List.copyOf(statistics);
    }

    /** The same model, judged otherwise. */
    public ModelConfig with(SignificanceConfig other) {
        return new ModelConfig(
                name,
                profile,
                versionPath,
                streams,
                window,
                segments,
                features,
                statistics,
                smoothing,
                other);
    }

    public Path profilePath() {
        return Path.of(profile);
    }

    public Optional<StreamConfig> stream(StreamRole role) {
        return streams.stream().filter(s -> s.role() == role).findFirst();
    }

    public Optional<FeatureConfig> feature(String featureName) {
        return features.stream().filter(f -> f.name().equals(featureName)).findFirst();
    }

    /** Whether a feature of the profile is watched at all. */
    public boolean isWatched(String featureName) {
        return features.isEmpty() || feature(featureName).isPresent();
    }

    /** Statistics of one feature: its own, or else the model's. */
    public List<String> statisticsOf(String featureName) {
        return feature(featureName)
                .map(FeatureConfig::statistics)
                .filter(own -> !own.isEmpty())
                .orElse(statistics);
    }

    /** How important features are to rules about many of them, of those that are configured. */
    public Map<String, Double> weights() {
        return features.stream()
                .collect(Collectors.toMap(FeatureConfig::name, FeatureConfig::weight, (a, b) -> a));
    }

    /** What a feature is to the model, in lower case. */
    public String roleOf(String featureName) {
        return feature(featureName)
                .map(FeatureConfig::role)
                .orElse(ValueRole.FEATURE)
                .name()
                .toLowerCase(Locale.ROOT);
    }
}
