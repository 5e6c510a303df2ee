package io.driftwatch.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LintTest {
    private static final String MODEL =
            """
            models:
              - name: flights
                profile: p.avro
                streams: [{role: inference, topic: t, event_time: at}]
                window: {size: 1h}
                features: {distance: {type: numeric, statistics: [ks]}, origin: {}}
                statistics: [psi]
            """;
    private static final String RECEIVER =
            """
            receivers: [{name: team, webhook: [{url: "https://hook.example/x"}]}]
            """;

    private static java.util.List<String> lint(String yaml) {
        return Lint.of(TestingConfig.read(yaml));
    }

    @Test
    void findsNothingOddInARuleThatCanFire() {
        assertThat(lint(MODEL + RECEIVER + "rules: [{alert: Drift, statistic: psi, above: 0.2}]\n"))
                .isEmpty();
        assertThat(lint(MODEL + RECEIVER + "rules: [{alert: Drift, statistic: ks, above: 0.2}]\n"))
                .isEmpty();
    }

    @Test
    void warnsThatWithoutRulesNothingAlerts() {
        assertThat(lint(MODEL))
                .containsExactly("there are no rules: drift is scored, but nothing ever alerts");
    }

    @Test
    void warnsThatWithoutReceiverNobodyHears() {
        assertThat(lint(MODEL + "rules: [{alert: Drift, statistic: psi, above: 0.2}]\n"))
                .containsExactly("there is no receiver: alerts go to their topic, but to nobody");
    }

    @Test
    void warnsOfASelectorThatSelectsNoModel() {
        assertThat(
                        lint(
                                MODEL
                                        + RECEIVER
                                        + "rules: [{alert: Drift, statistic: psi, above: 1, models: x*}]\n"))
                .containsExactly("rule Drift: no model matches its selector");
    }

    @Test
    void warnsOfASelectorThatSelectsNoFeature() {
        assertThat(
                        lint(
                                MODEL
                                        + RECEIVER
                                        + "rules: [{alert: Drift, statistic: psi, above: 1,"
                                        + " features: dest*}]\n"))
                .containsExactly("rule Drift: no feature of flights matches");
    }

    @Test
    void warnsOfAStatisticThatIsNotScored() {
        assertThat(lint(MODEL + RECEIVER + "rules: [{alert: Drift, statistic: chi2, above: 1}]\n"))
                .containsExactly(
                        "rule Drift: judges chi2, which flights does not score; add it to"
                                + " statistics");
    }

    @Test
    void warnsOfARetrainingThatIsSwitchedOff() {
        assertThat(
                        lint(
                                MODEL
                                        + RECEIVER
                                        + "rules: [{alert: Drift, statistic: psi, above: 1, retrain: true}]\n"))
                .containsExactly(
                        "rule Drift: asks for retraining, but retrain.enabled is false; it only"
                                + " alerts");
    }

    @Test
    void warnsOfASilenceThatIsShorterThanWindowsAreApart() {
        assertThat(lint(MODEL + RECEIVER + "rules: [{alert: Silent, no_data: 2h}]\n")).isEmpty();
        assertThat(lint(MODEL + RECEIVER + "rules: [{alert: Silent, no_data: 1h}]\n"))
                .containsExactly(
                        "rule Silent: flights has a window every 1h, so no_data of 1h fires between"
                                + " two of them; make it longer");
    }

    @Test
    void warnsOfRoutesAndReceiversThatNoAlertReaches() {
        String rest =
                """
                rules: [{alert: Drift, statistic: psi, above: 0.2}]
                receivers: [{name: a}, {name: b}, {name: c}, {name: d}]
                route:
                  receiver: a
                  routes:
                    - {continue: true, routes: [{receiver: b}, {receiver: c}]}
                    - {matchers: ['severity="info"'], receiver: b}
                    - {receiver: c}
                """;

        assertThat(lint(MODEL + rest))
                .containsExactly(
                        "route.routes[0].routes[0]: takes every alert, so none comes to the routes"
                                + " behind it; give it matchers, or continue: true",
                        "receiver d: no route leads to it");
    }

    /** A configuration is read where it is submitted, a secret on another machine. */
    @Test
    void warnsOfFilesThatAreLookedForInAnotherFolderThanTheConfigurationIs() {
        assertThat(
                        lint(
                                MODEL
                                        + """
                                        rules: [{alert: Drift, statistic: psi, above: 0.2}]
                                        receivers:
                                          - name: team
                                            slack: [{url_file: secrets/slack}]
                                            pagerduty: [{routing_key_file: /run/secrets/key}]
                                        delivery: {tls: {ca_file: company.pem}}
                                        """))
                .containsExactly(
                        "the file 'company.pem' is read where the jobs run, by each process from"
                                + " the folder that it was started in; give its whole path",
                        "the file 'secrets/slack' is read where the jobs run, by each process from"
                                + " the folder that it was started in; give its whole path");
    }

    @Test
    void warnsOfSecretsThatTravelWithTheJobWithoutShowingThem() {
        String kafka =
                """
                kafka:
                  bootstrap_servers: "b:1"
                  properties:
                    sasl.jaas.config: 'org.example.Module required username="a" password="%s";'
                    ssl.keystore.password: "%s"
                """;

        assertThat(lint(MODEL + kafka.formatted("hunter2", "hunter3")))
                .anyMatch(warning -> warning.startsWith("kafka.properties: sasl.jaas.config holds"))
                .anyMatch(warning -> warning.startsWith("kafka.properties: ssl.keystore.password"))
                .noneMatch(warning -> warning.contains("hunter"));
        assertThat(lint(MODEL + kafka.formatted("${env:A}", "${dir:/run/secrets:b}")))
                .noneMatch(warning -> warning.contains("kafka.properties"));
    }
}
