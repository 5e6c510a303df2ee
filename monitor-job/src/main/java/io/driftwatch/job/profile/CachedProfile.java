package io.driftwatch.job.profile;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A profile file that Flink brings to its workers as a file, beside the job. Inside the operators
 * it would stay in every worker's memory, and a profile of many segments is large.
 */
public final class CachedProfile implements ProfileSource {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final String digest;

    private CachedProfile(String name, String digest) {
        this.name = name;
        this.digest = digest;
    }

    /** Has the file sent with the job that {@code env} defines. */
    public static CachedProfile register(
            StreamExecutionEnvironment env, String model, LoadedProfile profile) {
        String name = "profile of " + model;
        env.registerCachedFile(profile.file().toAbsolutePath().toString(), name);
        return new CachedProfile(name, profile.digest());
    }

    @Override
    public ModelProfiles open(RuntimeContext context) throws IOException {
        return ModelProfiles.shared(digest, () -> read(context));
    }

    private ModelProfiles read(RuntimeContext context) throws IOException {
        File file = context.getDistributedCache().getFile(name);
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
