package io.driftwatch.job.demo;

import io.driftwatch.job.cli.UserError;
import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.MonitorConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The example's configuration, with the addresses of what runs here in place of its own. */
final class DemoConfig {
    private static final String BROKER = "localhost:9092";
    private static final String RECEIVER = "http://localhost:8090/slack";

    private DemoConfig() {}

    /** Writes a copy of the example's file and reads it. */
    static MonitorConfig write(Path example, Path copy, String broker, String receiver)
            throws IOException {
        String text = Files.readString(example);
        for (String address : new String[] {BROKER, RECEIVER}) {
            if (!text.contains(address)) {
                throw new UserError(
                        example
                                + ": does not hold "
                                + address
                                + ", which the demo replaces with an address of its own; put it"
                                + " back");
            }
        }
        Files.writeString(copy, text.replace(BROKER, broker).replace(RECEIVER, receiver));
        return ConfigLoader.load(copy);
    }
}
