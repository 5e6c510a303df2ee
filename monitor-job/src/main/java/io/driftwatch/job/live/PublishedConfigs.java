package io.driftwatch.job.live;

import io.driftwatch.job.config.FeatureConfig;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.decode.RecordDecoder;
import io.driftwatch.job.profile.LoadedProfiles;
import io.driftwatch.job.profile.ModelProfiles;
import io.driftwatch.job.profile.ProfileFile;
import io.driftwatch.schemas.AppliedConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes of what was published what the operators of a job take up, or says why it cannot be. Used
 * by one thread.
 */
final class PublishedConfigs {
    private static final Logger LOG = LoggerFactory.getLogger(PublishedConfigs.class);

    /** Where the files of profiles come from. */
    @FunctionalInterface
    interface ProfileFiles {
        /**
         * Gives one.
         *
         * @throws IOException if it is not there
         */
        byte[] read(String digest, Integer parts) throws IOException;
    }

    private final LiveControl control;
    private final ProfileFiles files;

    /** The profiles of what is in force, by digest: they are not read a second time. */
    private Map<String, ModelProfiles> known = Map.of();

    PublishedConfigs(LiveControl control, ProfileFiles files) {
        this.control = control;
        this.files = files;
    }

    /**
     * Reads one as a file is read.
     *
     * @param mistakes to which is added why the job cannot take it up; then the result is of no use
     * @throws IOException if something of it is missing
     */
    Applied read(AppliedConfig config, List<String> mistakes) throws IOException {
        MonitorConfig read = control.read(config);
        mistakes.addAll(ConfigChanges.needingRestart(control.job(), control.config(), read));
        Map<String, ModelProfiles> profiles = new HashMap<>();
        Map<String, ModelProfiles> byDigest = new HashMap<>();
        Map<String, List<FeatureConfig>> features = new HashMap<>();
        if (!mistakes.isEmpty() || control.features().isEmpty()) {
            return new Applied(config.getVersion(), read, profiles, features);
        }
        for (ModelConfig model : read.models()) {
            if (control.config().model(model.name()).isEmpty()) {
                LOG.info("Model {} is not watched by this job", model.name());
                continue;
            }
            String digest = config.getProfiles().get(model.name());
            List<FeatureConfig> watched;
            if (control.identity().profiles().get(model.name()).equals(digest)) {
                watched = typed(model, control.columns().get(model.name()), mistakes);
            } else {
                ModelProfiles received = profile(digest, config.getParts().get(digest));
                profiles.put(model.name(), received);
                byDigest.put(digest, received);
                watched = LoadedProfiles.features(model, received, mistakes);
            }
            features.put(model.name(), watched);
            ModelConfig before = control.config().model(model.name()).orElseThrow();
            List<FeatureConfig> own = control.features().get(model.name());
            mistakes.addAll(
                    ConfigChanges.needingRestart(
                            ConfigChanges.accounting(before, own), model, watched));
            tryToRead(model, watched, mistakes);
        }
        if (mistakes.isEmpty()) {
            known = byDigest;
        }
        return new Applied(config.getVersion(), read, profiles, features);
    }

    /** Some formats know which fields there are, and refuse others when they are to be read. */
    private static void tryToRead(
            ModelConfig model, List<FeatureConfig> watched, List<String> mistakes) {
        for (StreamConfig stream : model.streams()) {
            try {
                RecordDecoder unused =
                        RecordDecoder.of(stream, FieldPlan.of(model, stream, watched));
            } catch (IllegalArgumentException e) {
                mistakes.add(
                        "stream "
                                + stream.role().key()
                                + " of model '"
                                + model.name()
                                + "': "
                                + e.getMessage());
            }
        }
    }

    /** Features of the profile that the job brought itself: their types are known. */
    private static List<FeatureConfig> typed(
            ModelConfig model, List<FeatureConfig> columns, List<String> mistakes) {
        if (model.features().isEmpty()) {
            return columns;
        }
        List<FeatureConfig> typed = new ArrayList<>();
        for (FeatureConfig feature : model.features()) {
            columns.stream()
                    .filter(known -> known.name().equals(feature.name()))
                    .findFirst()
                    .ifPresentOrElse(
                            known -> typed.add(feature.withType(known.type())),
                            () ->
                                    mistakes.add(
                                            "feature '"
                                                    + feature.name()
                                                    + "' of model '"
                                                    + model.name()
                                                    + "' is not in its profile"));
        }
        return typed;
    }

    private ModelProfiles profile(String digest, Integer count) throws IOException {
        if (known.containsKey(digest)) {
            return known.get(digest);
        }
        byte[] bytes = files.read(digest, count);
        if (!ProfileFile.digest(bytes).equals(digest)) {
            throw new IOException("a profile on the control topic is damaged; apply it again");
        }
        try {
            return ModelProfiles.shared(digest, () -> ProfileFile.read(bytes));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
