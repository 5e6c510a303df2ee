package io.driftwatch.job.config;

import io.driftwatch.alerts.config.ConfigMapping;
import io.driftwatch.alerts.config.Problems;
import java.nio.file.Path;

/** Configurations from text, for tests. */
public final class TestingConfig {
    private TestingConfig() {}

    /** Reads a configuration that must have no mistake; paths are taken from the given folder. */
    public static MonitorConfig read(String yaml, Path folder) {
        Problems problems = new Problems();
        MonitorConfig config =
                ConfigLoader.read(
                        ConfigMapping.parse("test.yaml", yaml, problems), folder, problems);
        problems.throwIfAny();
        return config;
    }

    public static MonitorConfig read(String yaml) {
        return read(yaml, Path.of("/nowhere"));
    }

    /** The only model of a configuration that must have no mistake. */
    public static ModelConfig model(String yaml) {
        return read(yaml).models().get(0);
    }
}
