package io.driftwatch.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.job.cli.CommandLineRun;
import io.driftwatch.job.live.ConfigTopic;
import io.driftwatch.schemas.AppliedConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which configuration is in force after a monitor job was submitted, once more or otherwise. */
@Timeout(120)
class ConfigStartIT {
    private static final String CONFIG =
            """
            kafka: {bootstrap_servers: "${servers}"}
            models:
              - name: basket-value
                profile: basket-value.avro
                streams: [{role: inference, topic: baskets, format: json, event_time: at,
                           out_of_orderness: 1s}]
                window: {size: 1m, min_count: 50}
                features: {amount: {type: numeric}}
                statistics: [psi]
            rules:
              - {alert: Drift, statistic: psi, above: 50}
            """;
    private static final String WIDE = CONFIG.replace("size: 1m", "size: 5m");

    @TempDir Path folder;

    private static String inForce(Installation installed, String words) throws Exception {
        AppliedConfig current =
                new ConfigTopic(installed.config().kafka(), installed.config().topics().control())
                        .current()
                        .orElseThrow();
        assertThat(current.getText()).contains(words);
        return "version " + current.getVersion();
    }

    @Test
    void anOlderFileIsInForceAgainWhereOnlyASubmissionCanBringItBack() throws Exception {
        try (Installation installed = new Installation(folder, CONFIG, 1)) {
            assertThat(installed.announce()).isEmpty();
            installed.reconfigure(WIDE);
            assertThat(installed.announce()).isEmpty();
            assertThat(inForce(installed, "size: 5m")).isEqualTo("version 2");

            installed.reconfigure(CONFIG);
            assertThat(installed.announce()).isEmpty();
            assertThat(inForce(installed, "size: 1m")).isEqualTo("version 3");
        }
    }

    @Test
    void whatWasAppliedLiveOutlivesAnotherSubmissionOfTheFileBefore() throws Exception {
        try (Installation installed = new Installation(folder, CONFIG, 1)) {
            assertThat(installed.announce()).isEmpty();
            String text = Files.readString(folder.resolve("driftwatch.yaml"));
            Path lower =
                    Files.writeString(
                            folder.resolve("lower.yaml"), text.replace("above: 50", "above: 0.1"));
            CommandLineRun applied = CommandLineRun.of("apply", "-c", lower, "--wait", "0");
            assertThat(applied.code()).as(applied.err()).isZero();

            assertThat(installed.announce())
                    .hasValueSatisfying(
                            words -> assertThat(words).contains("version 2", "apply it again"));
            assertThat(inForce(installed, "above: 0.1")).isEqualTo("version 2");
        }
    }
}
