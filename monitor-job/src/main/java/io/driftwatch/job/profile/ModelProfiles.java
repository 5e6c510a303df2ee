package io.driftwatch.job.profile;

import io.driftwatch.job.tally.SampleKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** All reference samples of one model: of each known version, and of its segments. */
public final class ModelProfiles {
    private final String model;
    private final Map<SampleKey, ReferenceSample> samples = new LinkedHashMap<>();
    private final Set<String> versions = new TreeSet<>();

    /**
     * @throws IllegalArgumentException if there is none, or they are of several models, or a
     *     segment has no whole beside it
     */
    public ModelProfiles(List<ReferenceSample> all) {
        if (all.isEmpty()) {
            throw new IllegalArgumentException("the profile holds no reference sample");
        }
        model = all.get(0).key().model();
        for (ReferenceSample sample : all) {
            if (!sample.key().model().equals(model)) {
                throw new IllegalArgumentException(
                        "the profile is of two models, '"
                                + model
                                + "' and '"
                                + sample.key().model()
                                + "'");
            }
            samples.put(sample.key(), sample);
            if (sample.key().segmentName().isEmpty()) {
                versions.add(sample.key().version());
            }
        }
        for (SampleKey key : samples.keySet()) {
            if (!versions.contains(key.version())) {
                throw new IllegalArgumentException(
                        "the profile has segments of version '" + key.version() + "' but no whole");
            }
        }
    }

    /** Reads the bytes of a profile file that has been checked before. */
    public static ModelProfiles read(byte[] file) {
        try {
            return ProfileFile.read(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String model() {
        return model;
    }

    public boolean hasVersion(String version) {
        return versions.contains(version);
    }

    public Set<String> versions() {
        return versions;
    }

    /** The sample, or null if there is none. */
    public ReferenceSample find(SampleKey key) {
        return samples.get(key);
    }

    public Collection<ReferenceSample> samples() {
        return samples.values();
    }

    /** The sample of a whole version. */
    public ReferenceSample whole(String version) {
        return samples.get(SampleKey.whole(model, version));
    }
}
