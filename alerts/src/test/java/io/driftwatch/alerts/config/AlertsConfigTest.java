package io.driftwatch.alerts.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.deliver.ChatEndpoint;
import io.driftwatch.alerts.deliver.EndpointConfig;
import io.driftwatch.alerts.deliver.HttpEndpoint;
import io.driftwatch.alerts.deliver.WebhookEndpoint;
import io.driftwatch.alerts.retrain.RetrainPolicy;
import io.driftwatch.alerts.retrain.RetrainRoute;
import io.driftwatch.alerts.route.Route;
import io.driftwatch.alerts.route.RouteTree;
import io.driftwatch.alerts.rule.Combination;
import io.driftwatch.alerts.rule.Rule;
import io.driftwatch.alerts.rule.Severity;
import io.driftwatch.detectors.significance.DriftSeverity;
import io.driftwatch.detectors.significance.FalseAlarmBudget;
import io.driftwatch.schemas.Direction;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertsConfigTest {
    private static final String EXAMPLE =
            """
            rules:
              - alert: FeatureDrift
                statistic: psi
                above: 0.2
                by_feature: {distance_miles: 0.31}
                min_severity: low
                significance: 0.001
                for: 2
                keep_firing_for: 1
                severity: critical
                models: flight-*
                features: [distance_miles, "origin*"]
                segments: {origin: [JFK, L*]}
                labels: {team: pricing}
                annotations: {runbook: "https://runbooks.example/drift"}
                retrain: true
              - {alert: Outage, statistic: missing_rate, below: 0.5, segments: {},
                 false_alarms: 1 per 30d}
            route: {receiver: ml-team, group_by: [model], group_wait: 10s, group_interval: 1m,
                    repeat_interval: 1h, routes: []}
            receivers:
              - name: ml-team
                slack: [{url_file: /run/secrets/slack}]
                webhook:
                  - {url: "https://hook.example/x", format: json, timeout: 3s,
                     headers: {Authorization: Bearer t0ken}}
            inhibit_rules: []
            retrain: {enabled: true}
            """;

    private final Problems problems = new Problems();

    private AlertsConfig read(String text) {
        ConfigMapping root = ConfigMapping.parse("driftwatch.yaml", text, problems);
        AlertsConfig config = AlertsConfig.read(root, problems);
        root.end();
        return config;
    }

    private List<String> messages() {
        return problems.list().stream().map(Problem::toString).toList();
    }

    @Test
    void readsAWholeFile() {
        AlertsConfig config = read(EXAMPLE);

        assertThat(messages()).isEmpty();
        Rule drift = config.rules().get(0);
        assertThat(drift.alert()).isEqualTo("FeatureDrift");
        assertThat(drift.direction()).isEqualTo(Direction.above);
        assertThat(drift.threshold()).isEqualTo(0.2);
        assertThat(drift.significance()).isEqualTo(0.001);
        assertThat(drift.forWindows()).isEqualTo(2);
        assertThat(drift.keepFiringFor()).isEqualTo(1);
        assertThat(drift.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(drift.features().globs()).containsExactly("distance_miles", "origin*");
        assertThat(drift.segments().columns()).containsOnlyKeys("origin");
        assertThat(drift.labels()).containsEntry("team", "pricing");
        assertThat(drift.retrain()).isTrue();
        assertThat(config.rules().get(1).direction()).isEqualTo(Direction.below);
        assertThat(config.rules().get(1).segments().everything()).isFalse();
        assertThat(config.routes().route().receiver()).isEqualTo("ml-team");
        assertThat(config.routes().route().groupInterval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.receivers().get(0).endpoints())
                .hasExactlyElementsOfTypes(ChatEndpoint.class, WebhookEndpoint.class);
        assertThat(config.retrain().enabled()).isTrue();
    }

    @Test
    void reportsTenMistakesAtOnceWithLineAndColumn() throws IOException {
        try (InputStream in = getClass().getResourceAsStream("ten-mistakes.yaml")) {
            read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }

        String file = "driftwatch.yaml:";
        assertThat(messages())
                .satisfiesExactly(
                        m ->
                                assertThat(m)
                                        .startsWith(file + "3:5: rules[0].statistic: 'pis' is not")
                                        .contains("did you mean 'psi'?"),
                        m ->
                                assertThat(m)
                                        .isEqualTo(
                                                file
                                                        + "4:5: rules[0].above: 'high' is not a number;"
                                                        + " use for example 0.2"),
                        m ->
                                assertThat(m)
                                        .startsWith(
                                                file
                                                        + "5:5: rules[0].severity: 'warnning' is not one")
                                        .endsWith("did you mean 'warning'?"),
                        m ->
                                assertThat(m)
                                        .isEqualTo(
                                                file
                                                        + "6:5: rules[1].alert: 'FeatureDrift' is already"
                                                        + " the name of rules[0]; use another one"),
                        m ->
                                assertThat(m)
                                        .isEqualTo(
                                                file
                                                        + "9:5: rules[1].below: stands beside above; keep"
                                                        + " one of the two"),
                        m ->
                                assertThat(m)
                                        .isEqualTo(
                                                file
                                                        + "10:5: rules[1].significance: '1.7' is not"
                                                        + " between 0 and 1; use for example 0.001"),
                        m ->
                                assertThat(m)
                                        .isEqualTo(
                                                file
                                                        + "11:5: rules[1]: unknown key 'fro'; did you mean"
                                                        + " 'for'?"),
                        m ->
                                assertThat(m)
                                        .isEqualTo(
                                                file
                                                        + "13:3: route.receiver: 'ml-taem' is not the name"
                                                        + " of a receiver; did you mean 'ml-team'?"),
                        m ->
                                assertThat(m)
                                        .isEqualTo(
                                                file
                                                        + "14:3: route.group_wait: '30' is not a duration;"
                                                        + " use for example 30s, 10m, 1h30m or 1d"),
                        m ->
                                assertThat(m)
                                        .isEqualTo(
                                                file
                                                        + "19:9: receivers[0].slack[0].url_file: stands"
                                                        + " beside url; keep one of the two"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "statistic: psi                         | .alert: missing; give it some text",
                "alert: drift                           | 'drift' is not in CamelCase",
                "alert: A, statistic: psi               | .above: missing; give the rule",
                "alert: A, statistic: psi, for: 10m     | '10m' is not a whole number of at least 1",
                "alert: A, statistic: psi, for: 0       | '0' is not a whole number of at least 1",
                "alert: A, features: []                 | an empty list selects nothing",
                "alert: A, segments:                    | .segments: has no value",
                "alert: A, labels: {model: x}           | 'model' is set by Driftwatch",
                "alert: A, labels: {segment_a: x}       | 'segment_a' is set by Driftwatch",
                "alert: A, labels: {a-b: x}             | 'a-b' is not a label name",
                "alert: A, significance: 0.01, false_alarms: 1 per 30d | .false_alarms: stands beside significance",
                "alert: A, false_alarms: often          | .false_alarms: 'often' is not a number of",
                "alert: A, min_severity: none           | 'none' is what chance explains",
                "alert: A, min_severity: hi             | .min_severity: 'hi' is not one of none, info",
                "alert: A, statistic: chi2, min_severity: low | 'chi2' has no grade",
                "alert: A, statistic: mean, min_severity: low | .above: missing; min_severity alone",
                "alert: A, by_feature: [0.3]            | .by_feature: expected a mapping",
                "alert: A, by_feature: {a: high}        | .by_feature.a: 'high' is not a number",
                "alert: A, by_feature: {a: .inf}        | .by_feature.a: '.inf' is not a number",
                "alert: A, by_feature: {a: }            | .by_feature.a: expected a single value",
                "alert: A, by_feature: {'': 1}          | .by_feature['']: is no feature's name",
                "alert: A, by_feature: {'a*': 1}        | .by_feature['a*']: is a pattern",
                "alert: A, features: b, by_feature: {a: 1} | .by_feature.a: is not among the rule's",
                "alert: A, roles: [target]              | .roles: 'target' is not one of feature",
                "alert: A, labels: {team: '{{tem}}'}    | .labels: 'team' is not a template that can",
                "alert: A, labels: {v: '{{value}}'}     | .labels: 'v' is not a template that can",
                "alert: A, annotations: {d: '{{value'}  | .annotations: 'd' is not a template that",
                "alert: A, statistic: psi, above: 0.2, clear_below: 0.3 | .clear_below: '0.3' is beyond the",
                "alert: A, statistic: psi, above: 0.2, clear_above: 0.1 | .clear_above: does not go with",
                "alert: A, statistic: mean, below: 3, clear_above: 2 | .clear_above: '2.0' is beyond",
                "alert: A, statistic: psi, above: 0.2, by_feature: {a: 0.1}, clear_below: 0.15 | beyond",
            })
    void refusesARuleThatMakesNoSense(String rule, String message) {
        AlertsConfig config = read("rules: [{" + rule + "}]");

        assertThat(config.rules()).isEmpty();
        assertThat(messages()).anyMatch(m -> m.contains("rules[0]") && m.contains(message));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "alert: C, all_of: [A]                 | .all_of: takes two rules or more",
                "alert: C, any_of: [A, X]              | .any_of: 'X' is not the name of a rule",
                "alert: C, any_of: [A, C]              | .any_of: 'C' is not the name of a rule",
                "alert: C, all_of: [A, B], above: 1    | unknown key 'above'",
                "alert: C, share_of: A                 | .above: missing; give it a share",
                "alert: C, share_of: A, above: 1       | .above: is a share of the features",
                "alert: C, share_of: [A, B], above: .1 | .share_of: takes the name of one rule",
                "alert: C, share_of: A, above: .1, top: 0 | .top: ",
                "alert: A, all_of: [A, B]              | .alert: 'A' is already the name",
                "alert: C, all_of: [A, B], features: a | unknown key 'features'",
            })
    void refusesACombinationThatMakesNoSense(String rule, String message) {
        AlertsConfig config =
                read(
                        "rules: [{alert: A, statistic: psi, above: 1},"
                                + " {alert: B, statistic: ks, above: 1}, {"
                                + rule
                                + "}]");

        assertThat(config.combinations()).isEmpty();
        assertThat(messages()).anyMatch(m -> m.contains("rules[2]") && m.contains(message));
    }

    @Test
    void readsRulesAboutRules() {
        AlertsConfig config =
                read(
                        """
                        rules:
                          - {alert: Both, all_of: [Drift, Answers], for: 2, severity: critical}
                          - {alert: Many, share_of: Drift, above: 0.3, clear_below: 0.1, top: 10}
                          - {alert: Drift, statistic: psi, above: 0.2, clear_below: 0.1}
                          - {alert: Answers, statistic: ks, above: 0.1}
                        """);

        assertThat(messages()).isEmpty();
        assertThat(config.rules()).extracting(Rule::alert).containsExactly("Drift", "Answers");
        assertThat(config.rules().get(0).clearLimit()).isEqualTo(0.1);
        Combination both = config.combinations().get(0);
        assertThat(both.kind()).isEqualTo(Combination.Kind.ALL_OF);
        assertThat(both.of()).containsExactly("Drift", "Answers");
        assertThat(both.rule().threshold()).isEqualTo(1);
        assertThat(both.rule().forWindows()).isEqualTo(2);
        Combination many = config.combinations().get(1);
        assertThat(many.top()).isEqualTo(10);
        assertThat(many.rule().threshold()).isEqualTo(0.3);
        assertThat(many.rule().clearLimit()).isEqualTo(0.1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "enabled: yes please        | .enabled: ",
                "max_per_day: 0             | .max_per_day: ",
                "lock_timeout: 0            | .lock_timeout: must be longer than 0",
                "settle_time: soon          | .settle_time: 'soon' is not a duration",
                "approval: maybe            | .approval: 'maybe' is not one of none, manual",
                "blackout: [nights]         | .blackout: 'nights' is not the name of a time interval",
                "exclude_if: ['severity']   | .exclude_if: ",
                "circuit_braker: 3          | unknown key 'circuit_braker'",
            })
    void refusesGuardRailsThatMakeNoSense(String entry, String message) {
        read("retrain: {" + entry + "}");

        assertThat(messages()).anyMatch(m -> m.contains("retrain") && m.contains(message));
    }

    @Test
    void readsTargetsAndFindsTheirMistakes() {
        AlertsConfig config =
                read(
                        """
                        delivery: {allow: [10.0.0.0/8]}
                        retrain:
                          enabled: true
                          targets:
                            - name: flights-dag
                              airflow: {base_url: "http://10.1.2.3/a", dag_id: retrain, token_file: /run/t}
                              models: [flight-*]
                              inputs: {reason: "{summary}"}
                            - {name: other, prefect: {base_url: "https://prefect.example/api", deployment_id: x, token: T0KEN}}
                            - {name: other, prefect: {base_url: "https://192.168.0.1/", deployment_id: x, api_key: T0KEN}}
                            - {name: both, airflow: {}, prefect: {}}
                        """);

        assertThat(messages())
                .anyMatch(m -> m.contains("targets[2].name: 'other' is the name of another"))
                .anyMatch(m -> m.contains("targets[2].prefect.api_key: is no parameter of prefect"))
                .anyMatch(m -> m.contains("targets[3].prefect: a target is one of airflow"))
                .noneMatch(m -> m.contains("T0KEN"));
        assertThat(config.toString()).doesNotContain("T0KEN");
        RetrainRoute route = config.retrainRoutes().get(0);
        assertThat(route.models().matches("flight-delay")).isTrue();
        assertThat(route.models().matches("fraud")).isFalse();
        assertThat(route.target().secrets()).containsKey("token");
        assertThat(route.target().parameters()).containsEntry("dag_id", "retrain");
    }

    @Test
    void readsGuardRails() {
        AlertsConfig config =
                read(
                        """
                        time_intervals:
                          - {name: office, time_intervals: [{times: [{start_time: "09:00", end_time: "17:00"}]}]}
                        retrain:
                          enabled: true
                          dry_run: false
                          min_severity: critical
                          min_duration: 2h
                          min_count: 5000
                          cooldown: 3d
                          max_per_day: 1
                          lock_timeout: 6h
                          blackout: [office]
                          approval: manual
                          approval_expiry: 12h
                          exclude_if: ['alertname=~"Missing.*"']
                          circuit_breaker: 3
                          settle_time: 2d
                        """);

        assertThat(messages()).isEmpty();
        RetrainPolicy policy = config.retrain();
        assertThat(policy.dryRun()).isFalse();
        assertThat(policy.minSeverity()).isEqualTo(Severity.CRITICAL);
        assertThat(policy.minDuration()).isEqualTo(Duration.ofHours(2));
        assertThat(policy.minCount()).isEqualTo(5000);
        assertThat(policy.cooldown()).isEqualTo(Duration.ofDays(3));
        assertThat(policy.blackout()).hasSize(1);
        assertThat(policy.approval()).isEqualTo(RetrainPolicy.Approval.MANUAL);
        assertThat(policy.excludeIf()).hasSize(1);
        assertThat(policy.circuitBreaker()).isEqualTo(3);
        assertThat(policy.settleTime()).isEqualTo(Duration.ofDays(2));
        assertThat(read("{}").retrain()).isEqualTo(RetrainPolicy.builder().build());
        assertThat(read("retrain: {enabled: true}").retrain().dryRun())
                .as("nothing is retrained by a single word")
                .isTrue();
    }

    @Test
    void addressesThatMayNotBeAskedAreFoundBeforeAnythingRuns() {
        read(
                """
                delivery: {allow: [chat.internal, 10.1.0.0/16, "x y"]}
                receivers:
                  - name: team
                    webhook:
                      - {url: "http://chat.internal/T0KEN"}
                      - {url: "http://10.1.2.3/T0KEN"}
                      - {url: "https://hook.example/T0KEN", send_resolved: false}
                      - {url: "https://10.2.2.3/T0KEN"}
                      - {url: "https://localhost/T0KEN"}
                    alertmanager: [{url: "http://10.1.9.9:9093", headers: {X-Scope-OrgID: ml}}]
                """);

        assertThat(messages())
                .satisfiesExactly(
                        m -> assertThat(m).contains("delivery.allow: 'x y' is neither a host"),
                        m ->
                                assertThat(m)
                                        .contains("webhook[3].url: ", "not on the public internet"),
                        m -> assertThat(m).contains("webhook[4].url: ", "'localhost' to delivery"));
        assertThat(messages()).noneMatch(m -> m.contains("T0KEN"));
    }

    @Test
    void readsWhatMakesABreach() {
        AlertsConfig config =
                read(
                        """
                        rules:
                          - {alert: Large, statistic: psi, above: 0.2, false_alarms: 1 per 30d,
                             by_feature: {distance_miles: 0.31, "a: [b]": 5}}
                          - {alert: Graded, statistic: psi, min_severity: low}
                          - {alert: Both, statistic: mean, below: -3, min_severity: critical}
                        """);

        assertThat(messages()).isEmpty();
        Rule large = config.rules().get(0);
        assertThat(large.falseAlarms()).isEqualTo(new FalseAlarmBudget(1, Duration.ofDays(30)));
        assertThat(large.significance()).isNull();
        assertThat(large.minSeverity()).isNull();
        assertThat(large.byFeature())
                .containsExactly(Map.entry("a: [b]", 5.0), Map.entry("distance_miles", 0.31));
        Rule graded = config.rules().get(1);
        assertThat(graded.minSeverity()).isEqualTo(DriftSeverity.LOW);
        assertThat(graded.direction()).isEqualTo(Direction.above);
        assertThat(graded.threshold()).isZero();
        assertThat(graded.falseAlarms()).isNull();
        assertThat(graded.byFeature()).isEmpty();
        Rule both = config.rules().get(2);
        assertThat(both.direction()).isEqualTo(Direction.below);
        assertThat(both.threshold()).isEqualTo(-3);
        assertThat(both.minSeverity()).isEqualTo(DriftSeverity.CRITICAL);
    }

    @Test
    void saysWhereAMistakeOfABudgetOrThresholdIs() {
        read(
                """
                rules:
                  - alert: FeatureDrift
                    statistic: pis
                    min_severity: low
                    false_alarms: 1 per month
                    by_feature:
                      origin: x
                """);

        assertThat(messages())
                .satisfiesExactly(
                        m -> assertThat(m).startsWith("driftwatch.yaml:3:5: rules[0].statistic: "),
                        m ->
                                assertThat(m)
                                        .isEqualTo(
                                                "driftwatch.yaml:5:5: rules[0].false_alarms: '1"
                                                        + " per month' does not end in a duration"
                                                        + " such as 30d or 12h; use for example 1"
                                                        + " per 30d"),
                        m ->
                                assertThat(m)
                                        .startsWith(
                                                "driftwatch.yaml:7:7: rules[0].by_feature.origin: "));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "slack: [{}]                                        | .url: missing",
                "slack: [{url: 'ftp://h/T0KEN'}]                    | does not begin with https",
                "slack: [{url: 'https:///T0KEN'}]                   | has no valid host",
                "slack: [{url: 'https://h:99999/T0KEN'}]            | has no valid host and port",
                "slack: [{url: 'https://me:T0KEN@h/'}]              | holds a user name",
                "slack: [{url: 'https://h/T0KEN with space'}]       | is not a valid URL",
                "slack: ['https://h/T0KEN']                         | expected a mapping",
                "webhook: [{url_file: ''}]                          | url_file: is empty",
                "webhook: [{url: 'https://h/x', format: template}]  | .body: missing",
                "webhook: [{url: 'https://h/x', format: template, body: '{'}] | .body: is not JSON",
                "webhook: [{url: 'https://h/x', body: '{}'}]        | .body: is for format: template",
                "webhook: [{url: 'https://h/', timeout: 2m}]        | '2m' is not between",
                "webhook: [{url: 'https://h/', format: xml}]        | 'xml' is not one of",
                "webhook: [{url: 'https://h/', headers: {Host: x}}] | 'Host' is set by Driftwatch",
                "webhook: [{url: 'https://h/', headers: {'a b': T0KEN}}] | not the name of a header",
                "webhook: [{url: 'https://h/', headers: {a: T0KENé}}] | other characters than",
                "opsgenie: [{}]                                     | unknown key 'opsgenie'",
            })
    void refusesAnEndpointWithoutShowingItsAddress(String endpoint, String message) {
        read("receivers: [{name: a, " + endpoint + "}]");

        assertThat(messages())
                .singleElement()
                .asString()
                .contains("receivers[0]", message)
                .doesNotContain("T0KEN");
    }

    @Test
    void sendsToTheOnlyReceiverWhenThereIsNoRoute() {
        AlertsConfig config = read("receivers: [{name: only}]");

        assertThat(messages()).isEmpty();
        assertThat(config.routes()).isEqualTo(RouteTree.of(Route.standard("only")));
    }

    @Test
    void sendsNowhereWithoutReceivers() {
        AlertsConfig config = read("rules: []");

        assertThat(messages()).isEmpty();
        assertThat(config.routes().hasReceiver()).isFalse();
        assertThat(config.retrain().enabled()).isFalse();
    }

    @Test
    void readsWhetherRetrainingIsOn() {
        read("retrain: {enabled: maybe, when: now}");

        assertThat(messages())
                .containsExactly(
                        "driftwatch.yaml:1:11: retrain.enabled: 'maybe' is neither true nor false;"
                                + " use for example true",
                        "driftwatch.yaml:1:27: retrain: unknown key 'when'; did you mean"
                                + " 'dry_run'? Known here: approval, approval_expiry, blackout,"
                                + " circuit_breaker, cooldown, dry_run, enabled, exclude_if,"
                                + " lock_timeout, max_per_day, min_count, min_duration,"
                                + " min_severity, settle_time, targets");
    }

    @Test
    void asksForARouteBetweenSeveralReceivers() {
        read("receivers: [{name: a}, {name: b}, {name: a}]");

        assertThat(messages())
                .hasSize(2)
                .anyMatch(m -> m.contains("no route says which one gets the alerts"))
                .anyMatch(m -> m.contains("'a' is already the name of receivers[0]"));
    }

    @Test
    void knowsEveryChat() {
        AlertsConfig config =
                read(
                        """
                        receivers:
                          - name: a
                            slack: [{url: "https://hooks.slack.example/1"}]
                            msteams: [{url: "https://x.powerplatform.example/workflows/1?sig=s"}]
                            discord: [{url: "https://discord.example/2"}, {url_file: /run/secrets/d}]
                            google_chat: [{url: "https://chat.example/3?key=k"}]
                            mattermost: [{url: "https://mm.example/hooks/4"}]
                            pagerduty: [{routing_key_file: /run/secrets/pd}, {routing_key: k, url: "https://events.eu.example"}]
                            webhook: [{url: "https://w.example/5", format: alertmanager_v4}]
                        """);

        assertThat(messages()).isEmpty();
        assertThat(config.receivers().get(0).endpoints())
                .extracting(EndpointConfig::name)
                .containsExactly(
                        "slack[0]",
                        "msteams[0]",
                        "discord[0]",
                        "discord[1]",
                        "google_chat[0]",
                        "mattermost[0]",
                        "pagerduty[0]",
                        "pagerduty[1]",
                        "webhook[0]");
    }

    @Test
    void readsSigningSecretsWithoutShowingThem() {
        AlertsConfig config =
                read(
                        """
                        receivers:
                          - name: a
                            webhook:
                              - url: "https://w.example/5"
                                signing_secret: [whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw]
                                signing_secret_file: /run/secrets/next
                              - {url: "https://w.example/6", signing_secret: whsec_c2hvcnQ=}
                        """);

        assertThat(messages())
                .singleElement()
                .asString()
                .contains("receivers[0].webhook[1].signing_secret: (value hidden) is not whsec_")
                .doesNotContain("c2hvcnQ");
        HttpEndpoint endpoint = (HttpEndpoint) config.receivers().get(0).endpoints().get(0);
        assertThat(endpoint.signingSecrets()).hasSize(2);
        assertThat(config.toString()).doesNotContain("MfKQ9r8G");
    }

    @Test
    void asksForThePagersKey() {
        read(
                "receivers: [{name: a, pagerduty: [{}, {routing_key: k, routing_key_file: f},"
                        + " {routing_key: [k]}, {routing_key_file: ' '}]}]");

        assertThat(messages())
                .hasSize(4)
                .anyMatch(m -> m.contains("pagerduty[2].routing_key: expected a single value"))
                .anyMatch(m -> m.contains("pagerduty[3].routing_key_file: is empty; give it"))
                .anyMatch(m -> m.contains("pagerduty[0].routing_key: missing; give it"))
                .anyMatch(m -> m.contains("pagerduty[1].routing_key_file: stands beside"));
    }

    @Test
    void refusesConnectorsOfTeamsWithoutShowingTheirAddress() {
        read(
                """
                receivers:
                  - name: a
                    msteams: [{url: "https://corp.webhook.office.com/webhookb2/s3cret"}]
                """);

        assertThat(messages())
                .singleElement()
                .asString()
                .contains(
                        "receivers[0].msteams[0].url: (value hidden) is of an Office 365 connector")
                .doesNotContain("s3cret");
    }

    @Test
    void findsTheMistakesOfRoutesAndOfWhatMutesThem() {
        read(
                """
                receivers: [{name: pager}]
                time_intervals:
                  - name: nights
                    time_intervals:
                      - times: [{start_time: "22:00", end_time: "06:00"}]
                        weekdays: ["funday", "saturday:monday"]
                        days_of_month: ["0", "-1:5", "1:32", "20:-5"]
                        location: Europe/Belrin
                route:
                  receiver: pager
                  matchers: ['severity="critical"']
                  group_by: [..., model]
                  routes:
                    - {matchers: ['severity=critical'], receiver: pagre}
                    - {matchers: ['feature=~"("'], mute_time_intervals: [night]}
                    - {match: {severity: critical}, repeat_interval: 0s}
                inhibit_rules: [{equal: [model]}]
                """);

        assertThat(messages())
                .anyMatch(m -> m.contains("end_time: is not after start_time"))
                .anyMatch(m -> m.contains("weekdays: 'funday' is not understood"))
                .anyMatch(m -> m.contains("weekdays: 'saturday:monday' ends before it begins"))
                .anyMatch(m -> m.contains("days_of_month: '0' is not understood"))
                .anyMatch(m -> m.contains("days_of_month: '-1:5' ends before it begins"))
                .anyMatch(m -> m.contains("days_of_month: '1:32' is not understood"))
                .noneMatch(m -> m.contains("20:-5"))
                .anyMatch(m -> m.contains("location: 'Europe/Belrin' is not a time zone"))
                .anyMatch(m -> m.contains("route.matchers: the topmost route takes every alert"))
                .anyMatch(m -> m.contains("route.group_by: '...' stands for all labels"))
                .anyMatch(m -> m.contains("route.routes[0].receiver: 'pagre' is not the name"))
                .anyMatch(m -> m.contains("route.routes[1].matchers: '(' is not a regular"))
                .anyMatch(m -> m.contains("did you mean 'nights'"))
                .anyMatch(m -> m.contains("route.routes[2].match: is Alertmanager's old form"))
                .anyMatch(m -> m.contains("route.routes[2].repeat_interval: must be longer"))
                .anyMatch(m -> m.contains("inhibit_rules[0].source_matchers: missing"))
                .anyMatch(m -> m.contains("inhibit_rules[0].target_matchers: missing"));
    }

    @Test
    void survivesJavaSerialisationWithoutShowingSecrets()
            throws IOException, ClassNotFoundException {
        AlertsConfig config = read(EXAMPLE);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(config);
        }

        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(config);
        }
        assertThat(config.toString()).doesNotContain("hook.example", "t0ken");
    }

    private static List<String> receiversOf(AlertsConfig config, String model) {
        return config.routes().match(Map.of("model", model, "alertname", "Drift")).stream()
                .map(Route::receiver)
                .toList();
    }

    @Test
    void theCanaryIsToldToItselfAndToNobodyElse() {
        String all = EXAMPLE.replace("routes: []", "routes: [{matchers: ['model=~\".*\"']}]");
        AlertsConfig config = read(all + "canary: {url: \"https://canary.example/\"}\n");

        assertThat(messages()).isEmpty();
        assertThat(receiversOf(config, "driftwatch-canary")).containsExactly("driftwatch-canary");
        assertThat(receiversOf(config, "flight-delay")).containsExactly("ml-team");
        assertThat(config.receiversBesideCanary())
                .extracting(each -> each.name())
                .containsExactly("ml-team");
        assertThat(config.receivers()).hasSize(2);
        assertThat(config.rules()).hasSameSizeAs(read(EXAMPLE).rules());
        assertThat(config.withoutCanary().canary()).isNull();
    }

    @Test
    void whoAsksForTheCanaryHearsOfItBesideItself() {
        AlertsConfig config =
                read(EXAMPLE + "canary: {url_file: /run/secrets/canary, receiver: ml-team}\n");

        assertThat(messages()).isEmpty();
        assertThat(receiversOf(config, "driftwatch-canary"))
                .containsExactly("ml-team", "driftwatch-canary");
        assertThat(config.routes().all()).extracting(Route::id).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({"canary: {url: 'https://canary.example/'}", "''"})
    void aReceiverMayNotHaveTheNameOfTheCanarysThoughThereIsNone(String canary) {
        read(
                EXAMPLE.replace("name: ml-team", "name: driftwatch-canary")
                                .replace("receiver: ml-team", "receiver: driftwatch-canary")
                        + canary);

        assertThat(messages())
                .singleElement()
                .asString()
                .contains("'driftwatch-canary' is the canary's own receiver; use another name");
    }

    @Test
    void theRoutesOfTheFileAreToldFromTheCanarys() {
        AlertsConfig config =
                read(EXAMPLE + "canary: {url_file: /run/secrets/canary, receiver: ml-team}\n");

        assertThat(config.routesBesideCanary()).isEqualTo(read(EXAMPLE).routes());
    }
}
