package io.driftwatch.job.profile;

import io.driftwatch.alerts.config.Location;
import io.driftwatch.alerts.config.Problems;
import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.job.config.FeatureConfig;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.ModelConfig.SegmentConfig;
import io.driftwatch.job.config.MonitorConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the profiles of all models and checks that configuration and profile fit together. */
public final class LoadedProfiles {
    private final Map<String, LoadedProfile> byModel = new HashMap<>();

    private LoadedProfiles() {}

    /**
     * Reads them, adding what is wrong to {@code problems}; the result is of use only if there is
     * nothing.
     */
    public static LoadedProfiles load(MonitorConfig config, Problems problems) {
        LoadedProfiles loaded = new LoadedProfiles();
        for (ModelConfig model : config.models()) {
            Location place = new Location(model.profile(), 1, 1);
            List<String> mistakes = new ArrayList<>();
            loaded.byModel.put(model.name(), load(model, mistakes));
            mistakes.forEach(mistake -> problems.add(place, mistake));
        }
        return loaded;
    }

    public LoadedProfile of(ModelConfig model) {
        return byModel.get(model.name());
    }

    private static LoadedProfile load(ModelConfig model, List<String> mistakes) {
        Path file = model.profilePath();
        String rebuild =
                "build it with: driftwatch profile --config FILE --model "
                        + model.name()
                        + model.streams().stream()
                                .map(stream -> " --input " + stream.role().key() + "=DATA")
                                .collect(Collectors.joining())
                        + " --output "
                        + file;
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            mistakes.add(
                    Files.exists(file)
                            ? "cannot be read: " + e.getMessage()
                            : "there is no such profile; " + rebuild);
            return null;
        }
        try {
            String digest = ProfileFile.digest(bytes);
            ModelProfiles profiles = ModelProfiles.shared(digest, () -> ProfileFile.read(bytes));
            if (!profiles.model().equals(model.name())) {
                mistakes.add(
                        "is the profile of model '"
                                + profiles.model()
                                + "', not of '"
                                + model.name()
                                + "'; "
                                + rebuild);
                return null;
            }
            return new LoadedProfile(
                    file, digest, profiles, features(model, profiles, mistakes, rebuild));
        } catch (IOException e) {
            mistakes.add("is not a usable profile: " + e.getMessage() + "; " + rebuild);
            return null;
        }
    }

    /**
     * The watched features of a model, with the types that they have in its profiles.
     *
     * @param mistakes to which is added what does not fit
     */
    public static List<FeatureConfig> features(
            ModelConfig model, ModelProfiles profiles, List<String> mistakes) {
        return features(model, profiles, mistakes, "build the profile anew");
    }

    /** All features of profiles that can be watched: every sample has them, with one type. */
    public static List<FeatureConfig> columns(ModelProfiles profiles) {
        ReferenceSample any = profiles.whole(profiles.versions().iterator().next());
        return any.features().keySet().stream()
                .filter(
                        name ->
                                profiles.samples().stream()
                                        .map(sample -> sample.features().get(name))
                                        .allMatch(
                                                f ->
                                                        f != null
                                                                && f.type()
                                                                        == any.feature(name)
                                                                                .type()))
                .map(
                        name ->
                                FeatureConfig.found(name, any.roles().get(name))
                                        .withType(any.feature(name).type()))
                .toList();
    }

    /** The configured features, or all of the profile's, with the types found there. */
    private static List<FeatureConfig> features(
            ModelConfig model, ModelProfiles profiles, List<String> mistakes, String rebuild) {
        Set<String> known = new LinkedHashSet<>();
        profiles.versions().forEach(v -> known.addAll(profiles.whole(v).features().keySet()));
        List<FeatureConfig> wanted = new ArrayList<>(model.features());
        if (wanted.isEmpty()) {
            ReferenceSample any = profiles.whole(profiles.versions().iterator().next());
            known.forEach(name -> wanted.add(FeatureConfig.found(name, any.roles().get(name))));
        }
        List<FeatureConfig> resolved = new ArrayList<>();
        for (FeatureConfig feature : wanted) {
            FeatureProfile first =
                    profiles.samples().iterator().next().features().get(feature.name());
            FeatureType type =
                    feature.type() == null && first != null ? first.type() : feature.type();
            for (ReferenceSample sample : profiles.samples()) {
                FeatureProfile profile = sample.features().get(feature.name());
                String mistake = mistake(feature, profile, type);
                if (mistake != null) {
                    mistakes.add("feature '" + feature.name() + "' " + mistake + "; " + rebuild);
                    break;
                }
            }
            if (first != null) {
                resolved.add(feature.withType(first.type()));
            }
        }
        checkSegments(model, profiles, mistakes, rebuild);
        return resolved;
    }

    private static String mistake(FeatureConfig feature, FeatureProfile profile, FeatureType type) {
        if (profile == null) {
            return "is configured but not in the profile";
        }
        if (type != profile.type()) {
            return "is "
                    + type.name().toLowerCase(java.util.Locale.ROOT)
                    + (feature.type() == null
                            ? " in one reference sample, but "
                            : " in the configuration, but ")
                    + profile.type().name().toLowerCase(java.util.Locale.ROOT)
                    + (feature.type() == null ? " in another" : " in the profile");
        }
        if (!feature.edges().isEmpty() && profile instanceof NumericProfile numeric) {
            double[] edges = feature.edges().stream().mapToDouble(e -> e + 0.0).toArray();
            if (!java.util.Arrays.equals(edges, numeric.binEdges())) {
                return "has other bin edges in the configuration than in the profile";
            }
        }
        return null;
    }

    private static void checkSegments(
            ModelConfig model, ModelProfiles profiles, List<String> mistakes, String rebuild) {
        for (SegmentConfig segment : model.segments()) {
            boolean any =
                    profiles.samples().stream()
                            .anyMatch(s -> s.key().segmentName().equals(segment.name()));
            if (!any) {
                mistakes.add(
                        "has no reference for any value of segment '"
                                + segment.name()
                                + "' (each needs "
                                + model.window().minReferenceRows()
                                + " rows); "
                                + rebuild);
            }
        }
    }
}
