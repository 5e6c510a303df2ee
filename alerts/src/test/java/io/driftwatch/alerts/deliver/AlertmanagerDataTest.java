package io.driftwatch.alerts.deliver;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static io.driftwatch.alerts.TestingAlerts.notification;
import static io.driftwatch.alerts.TestingAlerts.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlertmanagerDataTest {
    private final ObjectNode data =
            AlertmanagerData.of(
                    notification("ml-team", List.of(firing("a", 1, 1), resolved("b", 1, 2))));

    @Test
    void hasTheKeysOfVersionFour() {
        assertThat(data.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "version",
                        "groupKey",
                        "truncatedAlerts",
                        "status",
                        "receiver",
                        "groupLabels",
                        "commonLabels",
                        "commonAnnotations",
                        "externalURL",
                        "alerts");
        assertThat(data.at("/alerts/0").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "status",
                        "labels",
                        "annotations",
                        "startsAt",
                        "endsAt",
                        "generatorURL",
                        "fingerprint");
        assertThat(data.get("version").asText()).isEqualTo("4");
    }

    @Test
    void commonIsWhatAllAlertsShare() {
        assertThat(data.get("commonLabels").fieldNames())
                .toIterable()
                .containsExactly("alertname", "model", "model_version", "severity", "statistic");
        assertThat(data.get("commonAnnotations")).isEmpty();
    }

    @Test
    void aFiringAlertHasNotEnded() {
        assertThat(data.at("/alerts/0/status").asText()).isEqualTo("firing");
        assertThat(data.at("/alerts/0/endsAt").asText()).isEqualTo("0001-01-01T00:00:00Z");
        assertThat(data.at("/alerts/1/status").asText()).isEqualTo("resolved");
        assertThat(data.at("/alerts/1/endsAt").asText()).isEqualTo("2001-06-15T00:00:00Z");
        assertThat(data.get("status").asText()).isEqualTo("firing");
    }
}
