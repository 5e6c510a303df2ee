package io.driftwatch.job.live;

import io.driftwatch.alerts.config.ConfigSections;
import io.driftwatch.alerts.deliver.Secret;
import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.FeatureConfig;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.profile.LoadedProfiles;
import io.driftwatch.schemas.AppliedConfig;
import io.driftwatch.schemas.StreamAccounting;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What a job must know to take up configurations while it runs: where they are published, and what
 * it was built with. A part of the job's operators.
 *
 * @param job which job: {@code monitor} or {@code notify}
 * @param config what the job was built with
 * @param identity tells that from others
 * @param features the watched features of each model, all with a type; empty for the notify job
 * @param columns the same of all features that are in its profile, watched or not
 * @param sections the whole text, for what a publication withholds
 */
public record LiveControl(
        String job,
        MonitorConfig config,
        ConfigIdentity identity,
        Map<String, List<FeatureConfig>> features,
        Map<String, List<FeatureConfig>> columns,
        Secret sections)
        implements Serializable {
    /** The job that scores and judges. */
    public static final String MONITOR = "monitor";

    /** The job that routes and delivers. */
    public static final String NOTIFY = "notify";

    public LiveControl {
        features = Map.copyOf(features);
        columns = Map.copyOf(columns);
    }

    /**
     * Of the monitor job.
     *
     * @param models those that the job watches
     * @throws IOException if the file cannot be read any more
     */
    public static LiveControl ofMonitor(
            Path file,
            MonitorConfig config,
            Collection<String> models,
            ConfigDraft draft,
            LoadedProfiles profiles)
            throws IOException {
        Map<String, String> digests = new HashMap<>();
        Map<String, List<FeatureConfig>> features = new HashMap<>();
        Map<String, List<FeatureConfig>> columns = new HashMap<>();
        config.models()
                .forEach(
                        model -> {
                            digests.put(model.name(), profiles.of(model).digest());
                            if (models.contains(model.name())) {
                                features.put(model.name(), profiles.of(model).features());
                                columns.put(
                                        model.name(),
                                        LoadedProfiles.columns(profiles.of(model).profiles()));
                            }
                        });
        return new LiveControl(
                MONITOR,
                config.only(models),
                new ConfigIdentity(draft.digest(), digests),
                features,
                columns,
                Secret.of(Files.readString(file)));
    }

    /**
     * Of the notify job, to which profiles do not matter.
     *
     * @throws IOException if the file cannot be read any more
     */
    public static LiveControl ofNotify(Path file, MonitorConfig config, ConfigDraft draft)
            throws IOException {
        return new LiveControl(
                NOTIFY,
                config,
                new ConfigIdentity(draft.digest(), Map.of()),
                Map.of(),
                Map.of(),
                Secret.of(Files.readString(file)));
    }

    /** Names the features by which the job accounts for streams. */
    List<StreamAccounting> accounting() {
        List<StreamAccounting> all = new ArrayList<>();
        for (String name : new TreeSet<>(features.keySet())) {
            ModelConfig model = config.model(name).orElseThrow();
            all.addAll(ConfigChanges.accounting(model, features.get(name)));
        }
        return all;
    }

    /**
     * Names how records are read by what was applied, one number for each stream.
     *
     * @param appliedOrNull null for what the job was built with
     */
    List<Long> layouts(Applied appliedOrNull) {
        List<Long> layouts = new ArrayList<>();
        for (String name : new TreeSet<>(features.keySet())) {
            ModelConfig model = config.model(name).orElseThrow();
            for (StreamConfig stream : model.streams()) {
                FieldPlan own = FieldPlan.of(model, stream, features.get(name));
                LivePlan plan = new LivePlan(this, name, stream, own);
                layouts.add(plan.of(appliedOrNull).layout());
            }
        }
        return layouts;
    }

    /**
     * Reads what was published as a file is read.
     *
     * @throws IllegalArgumentException as {@link #whole}
     */
    MonitorConfig read(AppliedConfig published) throws IOException {
        return ConfigLoader.parse(
                "version " + published.getVersion(),
                whole(published.getText(), published.getWithheld()),
                name -> {
                    String text = published.getFiles().get(name);
                    if (text == null) {
                        throw new NoSuchFileException(name);
                    }
                    return text;
                });
    }

    /**
     * Puts a published text together with the sections of one's own that it withholds.
     *
     * @throws IllegalArgumentException if it is not readable by itself, or withholds nothing
     */
    private String whole(String text, List<String> withheld) throws IOException {
        // Mistakes in the whole would be told with lines of it, in which our secrets may stand.
        if (!ConfigSections.parse(text).only(withheld).isEmpty()) {
            throw new IllegalArgumentException("a section is there that it says it withholds");
        }
        return ConfigSections.parse(sections.reveal()).only(withheld) + text;
    }
}
