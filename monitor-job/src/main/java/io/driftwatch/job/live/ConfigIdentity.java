package io.driftwatch.job.live;

import io.driftwatch.job.profile.ProfileFile;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells configurations apart: by their text, and by the profiles of their models.
 *
 * @param digest of the text and the files that it names
 * @param profiles digest of each model's profile, by model; empty where profiles do not matter
 */
public record ConfigIdentity(String digest, Map<String, String> profiles) implements Serializable {
    private static final String BETWEEN = "/";

    public ConfigIdentity {
        profiles = Map.copyOf(profiles);
    }

    /** Returns what a history holds of it. */
    String entry() {
        String all = new TreeMap<>(profiles).toString();
        return digest + BETWEEN + ProfileFile.digest(all.getBytes(StandardCharsets.UTF_8));
    }

    /** Says whether an entry of a history is this one; without profiles the text alone counts. */
    boolean isIn(String entry) {
        return profiles.isEmpty() ? entry.startsWith(digest + BETWEEN) : entry.equals(entry());
    }

    /** Says whether it is the same; where profiles do not matter to this one, by the text alone. */
    boolean is(ConfigIdentity other) {
        return digest.equals(other.digest)
                && (profiles.isEmpty() || profiles.equals(other.profiles));
    }
}
