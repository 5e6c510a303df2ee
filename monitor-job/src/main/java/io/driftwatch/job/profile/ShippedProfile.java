package io.driftwatch.job.profile;

import io.driftwatch.job.TemporaryFolder;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A profile file as it was when the job was defined, within reach of its operators as a file:
 * inside the operators it would stay in every worker's memory, and a profile of many segments is
 * large. Flink brings it to other processes; within this one a copy does, as Flink's cache would
 * hold up the end of the process by five seconds.
 */
public final class ShippedProfile implements ProfileSource {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final String digest;

    /** A file of this machine, or null if Flink's cache has it under {@link #name}. */
    private final String copy;

    private ShippedProfile(String name, String digest, Path copy) {
        this.name = name;
        this.digest = digest;
        this.copy = copy == null ? null : copy.toString();
    }

    /**
     * Has the file at hand wherever the job that {@code env} defines runs.
     *
     * @throws UncheckedIOException if it cannot be copied
     */
    public static ShippedProfile register(
            StreamExecutionEnvironment env, String model, LoadedProfile profile) {
        String name = "profile of " + model;
        if (env instanceof LocalStreamEnvironment) {
            return new ShippedProfile(name, profile.digest(), copyOf(profile.file()));
        }
        env.registerCachedFile(profile.file().toAbsolutePath().toString(), name);
        return new ShippedProfile(name, profile.digest(), null);
    }

    private static Path copyOf(Path file) {
        try {
            return Files.copy(
                    file, TemporaryFolder.untilExit("driftwatch-profile-").resolve("profile.avro"));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the profile " + file + " cannot be copied to the temporary folder", e);
        }
    }

    @Override
    public ModelProfiles open(RuntimeContext context) throws IOException {
        return ModelProfiles.shared(digest, () -> read(context));
    }

    private ModelProfiles read(RuntimeContext context) throws IOException {
        File file = copy == null ? context.getDistributedCache().getFile(name) : new File(copy);
        if (!ProfileFile.digest(stream(file)).equals(digest)) {
            throw new IOException(
                    "the "
                            + name
                            + " was replaced while the job was being submitted; submit it again");
        }
        return ProfileFile.read(stream(file));
    }

    /**
     * In small pieces: whoever reads a whole file at once takes as much direct memory, of which a
     * worker has little.
     */
    private static InputStream stream(File file) throws IOException {
        return new BufferedInputStream(new FileInputStream(file));
    }
}
