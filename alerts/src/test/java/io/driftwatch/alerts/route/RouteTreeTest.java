package io.driftwatch.alerts.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.config.ConfigMapping;
import io.driftwatch.alerts.config.Problems;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Holds the tree of routes against Alertmanager's documentation
 * (https://prometheus.io/docs/alerting/latest/configuration/#route).
 */
class RouteTreeTest {
    private static final RouteTree TREE =
            read(
                    """
                    receivers: [{name: all}, {name: pager}, {name: db}, {name: log}, {name: db-log}]
                    time_intervals:
                      - {name: nights, time_intervals: [{times: [{start_time: "00:00", end_time: "06:00"}]}]}
                    route:
                      receiver: all
                      group_wait: 10s
                      routes:
                        - matchers: ['severity="critical"']
                          receiver: pager
                          group_by: [...]
                          mute_time_intervals: [nights]
                          routes:
                            - {matchers: ['team="db"'], group_wait: 1s}
                        - {matchers: ['feature=~"db_.*"'], receiver: db, continue: true, routes: [{matchers: ['log="yes"'], receiver: db-log}]}
                        - {matchers: ['log="yes"'], receiver: log}
                        - {matchers: ['log="yes"'], receiver: log}
                    """);

    private static RouteTree read(String text) {
        Problems problems = new Problems();
        AlertsConfig config =
                AlertsConfig.read(ConfigMapping.parse("a.yaml", text, problems), problems);
        assertThat(problems.list()).isEmpty();
        return config.routes();
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new TreeMap<>();
        Arrays.stream(text.split(" "))
                .filter(label -> label.contains("="))
                .forEach(label -> labels.put(label.split("=")[0], label.split("=")[1]));
        return labels;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none                                   | all",
                "severity=warning                       | all",
                "severity=critical                      | pager",
                "severity=critical feature=db_x log=yes | pager",
                "feature=db_x                           | db",
                "feature=db_x log=yes                   | db-log,log",
                "feature=db_x log=no                    | db",
                "log=yes                                | log",
            })
    void takesTheFirstThatMatchesAndGoesOnWhereItContinues(String labels, String receivers) {
        assertThat(TREE.match(labels(labels)))
                .extracting(Route::receiver)
                .containsExactly(receivers.split(","));
    }

    @Test
    void childrenInheritEverythingButTheTimesThatMute() {
        Route child = TREE.match(labels("severity=critical team=db")).get(0);

        assertThat(child.receiver()).isEqualTo("pager");
        assertThat(child.groupBy()).containsExactly("...");
        assertThat(child.groupWait()).isEqualTo(Duration.ofSeconds(1));
        assertThat(child.groupInterval()).isEqualTo(Duration.ofMinutes(5));
        assertThat(child.muted()).isEmpty();
        assertThat(TREE.routes().get(0).route().muted()).hasSize(1);
        assertThat(TREE.routes().get(0).route().groupWait()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void keysAreAlertmanagersAndIdsAreUnique() {
        assertThat(TREE.all())
                .extracting(Route::key)
                .contains("{}", "{}/{severity=\"critical\"}/{team=\"db\"}");
        assertThat(TREE.all()).extracting(Route::id).doesNotHaveDuplicates().hasSize(7);
    }

    @Test
    void aReceiverOfAChildIsEnough() {
        RouteTree tree =
                read(
                        """
                        receivers: [{name: a}]
                        route: {receiver: a, routes: []}
                        """);

        assertThat(tree.hasReceiver()).isTrue();
        assertThat(RouteTree.of(Route.standard(null)).hasReceiver()).isFalse();
        assertThat(tree.match(Map.of())).isEqualTo(List.of(tree.route()));
    }
}
