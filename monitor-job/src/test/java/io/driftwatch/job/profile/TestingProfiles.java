package io.driftwatch.job.profile;

import io.driftwatch.detectors.dependence.Dependence;
import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.job.config.ValueRole;
import io.driftwatch.job.tally.SampleKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reference samples and profile files, for tests. */
public final class TestingProfiles {
    private TestingProfiles() {}

    public static ReferenceSample sample(SampleKey key, Map<String, FeatureProfile> features) {
        Map<String, ValueRole> roles = new HashMap<>();
        features.keySet().forEach(name -> roles.put(name, ValueRole.FEATURE));
        return new ReferenceSample(
                key,
                Instant.parse("2001-06-01T00:00:00Z"),
                "a test",
                100,
                Instant.parse("2001-05-01T00:00:00Z"),
                null,
                features,
                roles,
                0,
                Map.of());
    }

    /** A sample with the features {@code distance} and {@code origin}. */
    public static ReferenceSample flights(SampleKey key) {
        Map<String, FeatureProfile> features = new LinkedHashMap<>();
        features.put("distance", NumericProfile.of(numbers(100), 4));
        features.put(
                "origin", CategoricalProfile.of(Map.of("JFK", 60L, "LAX", 30L, "ÖRK", 10L), 5));
        return sample(key, features);
    }

    /** The same sample, of which one feature was found to vary in time. */
    public static ReferenceSample withDependence(
            ReferenceSample sample, String feature, Dependence dependence) {
        return new ReferenceSample(
                sample.key(),
                sample.createdAt(),
                sample.createdBy(),
                sample.rows(),
                sample.firstEventTime(),
                sample.lastEventTime(),
                sample.features(),
                sample.roles(),
                3_600_000,
                Map.of(feature, dependence));
    }

    /** 1, 2, ... n. */
    public static double[] numbers(int n) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = i + 1;
        }
        return values;
    }

    /** A profile file with these samples. */
    public static byte[] file(ReferenceSample... samples) {
        try {
            Path file = Files.createTempFile("profile", ".avro");
            try {
                ProfileFile.write(file, List.of(samples));
                return Files.readAllBytes(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
