package io.driftwatch.benchmarks;

import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Tally;
import io.driftwatch.detectors.statistic.Comparison;
import io.driftwatch.detectors.statistic.KolmogorovSmirnov;
import io.driftwatch.detectors.statistic.Measurement;
import io.driftwatch.detectors.statistic.PopulationStabilityIndex;
import io.driftwatch.detectors.statistic.Smoothing;
import io.driftwatch.detectors.statistic.Statistic;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.profile.ModelProfiles;
import io.driftwatch.job.profile.ProfileFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** The numeric features' profiles, by name, and what windows are compared with them for. */
final class FeatureReferences {
    /** Decides critical values only, which nothing here looks at. */
    private static final double LEVEL = 0.001;

    private static final Statistic PSI = new PopulationStabilityIndex();
    private static final Statistic KS = new KolmogorovSmirnov();

    private final Map<String, NumericProfile> profiles = new HashMap<>();

    FeatureReferences(byte[] profileFile) {
        read(profileFile)
                .whole(ModelConfig.DEFAULT_VERSION)
                .features()
                .forEach((name, profile) -> profiles.put(name, (NumericProfile) profile));
    }

    private static ModelProfiles read(byte[] profileFile) {
        try {
            return ProfileFile.read(profileFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    NumericProfile of(String feature) {
        return profiles.get(feature);
    }

    /** The most cells that a feature has. */
    int mostCells() {
        return profiles.values().stream().mapToInt(NumericProfile::cellCount).max().orElse(0);
    }

    WindowScore psi(String feature, long windowStartMillis, Tally window) {
        return score(PSI, feature, windowStartMillis, window);
    }

    WindowScore ks(String feature, long windowStartMillis, Tally window) {
        return score(KS, feature, windowStartMillis, window);
    }

    private WindowScore score(
            Statistic statistic, String feature, long windowStartMillis, Tally window) {
        Measurement measured =
                statistic.measure(new Comparison(of(feature), window, Smoothing.jeffreys(), LEVEL));
        return new WindowScore(
                feature,
                windowStartMillis,
                statistic.name(),
                window.count(),
                measured.value(),
                measured.lower(),
                measured.upper());
    }
}
