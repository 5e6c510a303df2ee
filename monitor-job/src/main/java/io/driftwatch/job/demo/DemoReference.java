package io.driftwatch.job.demo;

import io.driftwatch.alerts.config.Problems;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.profile.FileInput;
import io.driftwatch.job.profile.LoadedProfiles;
import io.driftwatch.job.profile.ProfileFile;
import io.driftwatch.job.profile.ProfileTask;
import io.driftwatch.job.profile.ReferenceInput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Builds the reference profile from the files of January, as {@code driftwatch profile} does. */
final class DemoReference {
    private DemoReference() {}

    static LoadedProfiles build(MonitorConfig config, Path january) throws IOException {
        ModelConfig model = config.models().get(0);
        List<ReferenceInput> inputs = new ArrayList<>();
        for (StreamConfig stream : model.streams()) {
            inputs.add(new FileInput(stream, FlightExport.file(january, stream.role())));
        }
        ProfileTask task = new ProfileTask(model, inputs, null, null);
        ProfileFile.write(model.profilePath(), task.run(Instant.now(), "driftwatch demo"));
        Problems problems = new Problems();
        LoadedProfiles profiles = LoadedProfiles.load(config, problems);
        problems.throwIfAny();
        return profiles;
    }
}
