package io.driftwatch.job.cli;

import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.MonitorConfig;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that names the configuration file. */
final class ConfigOption {
    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "configuration file (YAML)")
    private Path file;

    MonitorConfig load() {
        return ConfigLoader.load(file);
    }

    /** The configuration, for a command that needs Kafka. */
    MonitorConfig loadWithKafka() {
        MonitorConfig config = load();
        if (config.kafka().bootstrapServers().isEmpty()) {
            throw new UserError(
                    file
                            + ": has no kafka section, and this command needs one; add for example"
                            + " kafka: {bootstrap_servers: \"localhost:9092\"}");
        }
        return config;
    }

    Path file() {
        return file;
    }
}
