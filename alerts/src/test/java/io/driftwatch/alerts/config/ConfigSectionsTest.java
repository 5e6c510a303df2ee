package io.driftwatch.alerts.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.deliver.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigSectionsTest {
    private static final String TEXT =
            """
            # who pays
            kafka: {bootstrap_servers: "localhost:9092", properties: {sasl.jaas.config: "s3cret"}}
            rules:
              - {alert: Drift, statistic: psi, above: 0.2}
              - {alert: Drift, statistic: ks, above: 0.1}
              - alert: Ünïcode
                for: 2
            route: {receiver: team, routes: [{receiver: night, matchers: ["a=\\"b\\""]}]}
            """;

    @Test
    void aSectionCanBeTakenOutAndPutTogetherAgain() {
        ConfigSections all = ConfigSections.parse(TEXT);

        String without = all.without(List.of("kafka"));
        String only = all.only(List.of("kafka"));

        assertThat(without).doesNotContain("s3cret").contains("Ünïcode");
        assertThat(only).contains("s3cret").doesNotContain("Drift");
        assertThat(ConfigSections.parse(only + without).values()).isEqualTo(all.values());
        assertThat(all.only(List.of("no such"))).isEmpty();
    }

    @Test
    void valuesAreCalledByTheNamesOfTheElementsThatHoldThem() {
        assertThat(ConfigSections.parse(TEXT).values())
                .containsEntry("rules[Drift].above", "0.2")
                .containsEntry("rules[Drift 1].above", "0.1")
                .containsEntry("rules[Ünïcode].for", "2")
                .containsEntry("route.routes[night].matchers[0]", "a=\"b\"")
                .containsEntry("kafka.bootstrap_servers", "localhost:9092");
    }

    @Test
    void theSameTextIsTheSameHoweverItIsWritten() {
        String flow = "rules: [{for: 2, alert: Ünïcode}]";
        String block = "rules:\n  - alert: Ünïcode # why\n    for: 2\n";
        assertThat(ConfigSections.parse(flow).values())
                .isEqualTo(ConfigSections.parse(block).values());
    }

    private record Holder(String name, List<Map<String, Object>> inside) {}

    @Test
    void aSecretIsFoundAtAnyDepthUnlessItIsInAFile() {
        Secret inline = Secret.of("x");
        Secret file = Secret.ofFile("/run/secrets/x");
        assertThat(InlineSecrets.in(new Holder("a", List.of(Map.of("b", inline))))).isTrue();
        assertThat(InlineSecrets.in(new Holder("a", List.of(Map.of("b", file))))).isFalse();
        assertThat(InlineSecrets.in(Optional.of("a"))).isFalse();
        assertThat(InlineSecrets.in(null)).isFalse();
    }
}
