package io.driftwatch.job.profile;

import io.driftwatch.job.tally.SampleKey;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** All reference samples of one model: of each known version, and of its segments. */
public final class ModelProfiles {
    /** What was read from which file, as long as somebody uses it. */
    private static final Map<String, WeakReference<ModelProfiles>> SHARED = new HashMap<>();

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
            if (sample.key().isWhole()) {
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

    /** Reads a profile file. */
    @FunctionalInterface
    public interface Reader {
        ModelProfiles read() throws IOException;
    }

    /**
     * The profiles of one file, read only if nobody in this process has them. All who need them
     * share them: profiles with many segments are most of a job's memory.
     *
     * @param digest what {@link ProfileFile#digest} says of the file
     */
    public static ModelProfiles shared(String digest, Reader reader) throws IOException {
        synchronized (SHARED) {
            SHARED.values().removeIf(shared -> shared.refersTo(null));
            WeakReference<ModelProfiles> shared = SHARED.get(digest);
            ModelProfiles profiles = shared == null ? null : shared.get();
            if (profiles == null) {
                profiles = reader.read();
                SHARED.put(digest, new WeakReference<>(profiles));
            }
            return profiles;
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
