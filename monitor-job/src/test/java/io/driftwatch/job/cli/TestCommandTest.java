package io.driftwatch.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class TestCommandTest {
    @TempDir private Path folder;

    @BeforeEach
    void configure() throws IOException {
        Files.writeString(
                folder.resolve("driftwatch.yaml"),
                """
                models:
                  - name: flights
                    profile: flights.avro
                    streams: [{role: inference, topic: flights, event_time: at}]
                    window: {size: 1h}
                    features: {distance: {weight: 3}, origin: {}, carrier: {}}
                rules:
                  - {alert: Drift, statistic: psi, above: 0.2, significance: 0.01, for: 2}
                  - {alert: Many, share_of: Drift, above: 0.5, severity: critical}
                  - {alert: Silent, no_data: 3h, severity: critical}
                route:
                  receiver: team
                  group_by: [alertname]
                  group_wait: 5m
                  group_interval: 10m
                  routes: [{matchers: ['severity="critical"'], receiver: pager}]
                inhibit_rules:
                  - {source_matchers: ['alertname="Many"'], target_matchers: ['alertname="Drift"']}
                receivers: [{name: team}, {name: pager}]
                """);
    }

    private CommandLineRun test(String tests, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("test.yaml"), tests);
        Object[] line = new Object[2 + more.length];
        line[0] = "test";
        line[1] = file;
        System.arraycopy(more, 0, line, 2, more.length);
        return CommandLineRun.of(line);
    }

    private static final String GOOD =
            """
            config: driftwatch.yaml
            tests:
              - name: one feature goes to the team after two windows
                input_series:
                  - {feature: distance, statistic: psi, values: '0.1 0.3x3 0.1', p_value: 0.001}
                  - {feature: origin, statistic: psi, values: '0.1x4', p_value: 0.5}
                  - {feature: carrier, statistic: psi, values: '0.9x4', p_value: 0.5}
                alert_test:
                  - {eval_time: 2h, alertname: Drift}
                  - eval_time: 3h
                    alertname: Drift
                    exp_alerts: [{exp_labels: {feature: distance, severity: warning}}]
                  - {eval_time: 6h, alertname: Drift}
                notify_test:
                  - {eval_time: 3h4m, exp_notifications: []}
                  - eval_time: 3h5m
                    exp_notifications:
                      - {receiver: team, status: firing, alerts: [{exp_labels: {feature: distance}}]}
                  - {eval_time: 7h, exp_notifications: [{receiver: team, status: resolved}]}
              - name: many features go to the pager alone
                input_series:
                  - {feature: distance, statistic: psi, values: '0.3x3', p_value: 0.001}
                  - {feature: origin, statistic: psi, values: '0.3x3', p_value: 0.001}
                  - {feature: carrier, statistic: psi, values: '0.1x3', p_value: 0.001}
                alert_test:
                  - {eval_time: 4h, alertname: Drift, exp_alerts: [{}, {}]}
                  - eval_time: 4h
                    alertname: Many
                    exp_alerts: [{exp_labels: {feature: '*', statistic: share_of}}]
                notify_test:
                  - {eval_time: 4h, exp_notifications: [{receiver: pager, status: firing}]}
              - name: silence is told
                input_series: [{feature: distance, statistic: psi, values: '0.1 _x5 0.1'}]
                alert_test:
                  - {eval_time: 3h, alertname: Silent}
                  - {eval_time: 4h, alertname: Silent, exp_alerts: [{exp_labels: {stream: inference}}]}
                  - {eval_time: 7h, alertname: Silent}
            """;

    @Test
    void whatIsAsExpectedPasses() throws IOException {
        CommandLineRun run = test(GOOD);

        assertThat(run.out()).contains("SUCCESS: 3 passed");
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
    }

    @Test
    void whatIsNotAsExpectedIsShownBesideWhatWas() throws Exception {
        Path report = folder.resolve("report.xml");
        CommandLineRun run =
                test(
                        GOOD.replace("eval_time: 3h4m", "eval_time: 3h6m")
                                .replace("feature: distance, severity: warning", "feature: origin"),
                        "--junit",
                        report.toString());

        assertThat(run.code()).isEqualTo(ExitCode.INPUT);
        assertThat(run.out())
                .contains(
                        "FAILED: one feature goes to the team after two windows",
                        "at 3h, alertname Drift: expected [{feature=origin}] to fire, got"
                                + " [{alertname=Drift, feature=distance",
                        "by 3h6m: expected the notifications [], got [team firing",
                        "FAILED: 1 of 3");
        Document xml =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
        assertThat(xml.getElementsByTagName("testcase").getLength()).isEqualTo(3);
        assertThat(xml.getElementsByTagName("failure").getLength()).isEqualTo(1);
        assertThat(xml.getElementsByTagName("failure").item(0).getTextContent())
                .contains("expected [{feature=origin}] to fire");
    }

    @Test
    void showsWhatHappensAndWhenOfThoseThatAreAskedFor() throws IOException {
        CommandLineRun run = test(GOOD, "--run", "silence.*", "--debug");

        assertThat(run.out())
                .contains("passed: silence is told", "SUCCESS: 1 passed")
                .contains("4h  firing {alertname=Silent", "7h  resolved {alertname=Silent")
                .contains("4h5m  to pager firing")
                .doesNotContain("pager alone");
        assertThat(test(GOOD, "--run", "nothing").err()).contains("no test has a name that");
    }

    @Test
    void saysAllMistakesAtOnceWithTheirPlaces() throws IOException {
        CommandLineRun run =
                test(
                        """
                        config: driftwatch.yaml
                        tests:
                          - name: x
                            model: trains
                          - name: y
                            input_series: [{feature: a, statistic: psi, values: 'much', severty: low}]
                            alert_test: [{alertname: Drift}]
                            notify_test: [{eval_time: 1h, exp_notifications: [{receiver: nobody}]}]
                        """);

        assertThat(run.code()).isEqualTo(ExitCode.INPUT);
        assertThat(run.err())
                .contains(
                        "test.yaml:4:5: tests[0].model: must be one of flights",
                        "'much' is not a value",
                        "unknown key 'severty'; did you mean 'severity'?",
                        "tests[1].alert_test[0].eval_time: missing",
                        "'nobody' is not the name of a receiver");
        assertThat(test("config: absent.yaml").err()).contains("absent.yaml");
    }

    @Test
    void theExamplesTestsPass() {
        CommandLineRun run =
                CommandLineRun.of("test", Path.of("../examples/flights/driftwatch-test.yaml"));

        assertThat(run.out()).contains("SUCCESS: 2 passed");
    }
}
