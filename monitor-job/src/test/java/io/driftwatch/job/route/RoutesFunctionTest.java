package io.driftwatch.job.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.config.CanaryConfig;
import io.driftwatch.job.config.TestingConfig;
import io.driftwatch.job.judge.TestingScores;
import io.driftwatch.job.live.Live;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RoutesFunctionTest {
    private static final String CONFIG =
            """
            models:
              - name: m
                profile: m.avro
                streams: [{role: inference, topic: t, event_time: at}]
                window: {size: 1h}
            rules: [{alert: Drift, statistic: psi, above: 0.2}]
            receivers: [{name: team, webhook: [{url: "https://hook.example/x"}]}]
            """;

    @BeforeAll
    static void trust() {
        ClassTrust.ensure();
    }

    private static List<Routed> routes(String config, String model) {
        AlertsConfig alerts = TestingConfig.read(config).alerts();
        RoutesFunction function = new RoutesFunction(Live.fixed(alerts));
        List<Routed> out = new ArrayList<>();
        Alert alert =
                Alert.newBuilder()
                        .setFingerprint("f")
                        .setEpisode(1)
                        .setSequence(1)
                        .setState(AlertState.firing)
                        .setLabels(Map.of("model", model))
                        .setAnnotations(Map.of())
                        .setScore(TestingScores.score("x", 0, 0.5, 0))
                        .setThreshold(0.2)
                        .setDirection(Direction.above)
                        .setStartsAt(TestingScores.end(0))
                        .setReason("a test")
                        .build();
        function.flatMap(alert, new ListCollector<>(out));
        return out;
    }

    @Test
    void nobodyHearsOfTheCanaryOfAMonitorJobWhoseNotifyJobHasNone() {
        assertThat(routes(CONFIG, CanaryConfig.NAME)).isEmpty();
        assertThat(routes(CONFIG, "m")).hasSize(1);
    }

    @Test
    void theCanaryIsRoutedWhereThereIsOne() {
        String canary = CONFIG + "canary: {url: 'https://canary.example/'}\n";

        assertThat(routes(canary, CanaryConfig.NAME))
                .singleElement()
                .satisfies(routed -> assertThat(routed.group()).contains("driftwatch-canary"));
    }
}
