package io.driftwatch.alerts.deliver;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static io.driftwatch.alerts.TestingAlerts.notification;
import static io.driftwatch.alerts.TestingAlerts.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.SpecVersion;
import io.cloudevents.jackson.JsonCloudEventData;
import io.cloudevents.jackson.JsonFormat;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.BinChange;
import io.driftwatch.schemas.DriftSeverity;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.Score;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CloudEventTest {
    @Test
    void hasTheAttributesOfCloudEvents10() {
        ObjectNode event =
                CloudEvent.of(notification("ml-team", List.of(firing("distance_miles", 1, 2))));

        assertThat(event.fieldNames())
                .toIterable()
                .containsExactly(
                        "specversion",
                        "id",
                        "source",
                        "type",
                        "time",
                        "subject",
                        "datacontenttype",
                        "data");
        assertThat(event.get("specversion").asText()).isEqualTo("1.0");
        assertThat(event.get("id").asText()).isEqualTo("4f2d6c1b9a3e8d70");
        assertThat(event.get("source").asText()).isEqualTo("/driftwatch/models/flight-delay");
        assertThat(event.get("type").asText()).isEqualTo("io.driftwatch.alert.firing.v1");
        assertThat(event.get("time").asText()).isEqualTo("2001-06-16T00:00:30Z");
        assertThat(event.get("subject").asText()).isEqualTo("distance_miles");
    }

    @Test
    void aResolvedGroupHasATypeOfItsOwn() {
        ObjectNode event = CloudEvent.of(notification("ml-team", List.of(resolved("a", 1, 2))));

        assertThat(event.get("type").asText()).isEqualTo("io.driftwatch.alert.resolved.v1");
    }

    @Test
    void severalModelsAndFeaturesAreAStar() {
        Alert other = firing("b", 1, 1);
        other.getLabels().put("model", "fraud");
        Notification several = notification("ml-team", List.of(firing("a", 1, 1), other));

        assertThat(CloudEvent.of(several).get("source").asText()).isEqualTo("/driftwatch/models/*");
        assertThat(CloudEvent.of(several).get("subject").asText()).isEqualTo("*");
    }

    @Test
    void aModelsNameIsEscapedInTheSource() {
        Alert alert = firing("a", 1, 1);
        alert.getLabels().put("model", "my model/2");

        assertThat(CloudEvent.of(notification("r", List.of(alert))).get("source").asText())
                .isEqualTo("/driftwatch/models/my%20model%2F2");
    }

    @Test
    void theDataTellsEachAlert() {
        ObjectNode data =
                NotificationData.of(
                        notification(
                                "ml-team",
                                List.of(firing("distance_miles", 3, 7), resolved("origin", 1, 2))));

        assertThat(data.get("status").asText()).isEqualTo("firing");
        assertThat(data.get("receiver").asText()).isEqualTo("ml-team");
        assertThat(data.at("/group_labels/model").asText()).isEqualTo("flight-delay");
        JsonNode alert = data.at("/alerts/0");
        assertThat(alert.get("fingerprint").asText()).matches("[0-9a-f]{16}");
        assertThat(alert.get("episode").asLong()).isEqualTo(3);
        assertThat(alert.get("sequence").asLong()).isEqualTo(7);
        assertThat(alert.get("state").asText()).isEqualTo("firing");
        assertThat(alert.at("/labels/feature").asText()).isEqualTo("distance_miles");
        assertThat(alert.at("/annotations/summary").asText()).contains("distance_miles");
        assertThat(alert.get("starts_at").asText()).isEqualTo("2001-06-14T00:00:00Z");
        assertThat(alert.get("ends_at").isNull()).isTrue();
        assertThat(alert.get("value").asDouble()).isEqualTo(0.31);
        assertThat(alert.get("threshold").asDouble()).isEqualTo(0.2);
        assertThat(alert.get("p_value").asDouble()).isEqualTo(1e-13);
        assertThat(alert.get("count").asLong()).isEqualTo(1_650);
        assertThat(alert.get("reference_count").asLong()).isEqualTo(50_824);
        assertThat(alert.get("window_start").asText()).isEqualTo("2001-06-14T00:00:00Z");
        assertThat(alert.get("window_end").asText()).isEqualTo("2001-06-15T00:00:00Z");
        assertThat(data.at("/alerts/1/ends_at").asText()).isEqualTo("2001-06-15T00:00:00Z");
    }

    @Test
    void theDataHoldsTheEvidence() {
        Alert alert = firing("origin", 1, 1);
        alert.setSignificance(0.02);
        alert.setAdjustedPValue(4.8e-4);
        alert.setQValue(0.001);
        alert.setScore(
                Score.newBuilder(alert.getScore())
                        .setCriticalValue(0.02)
                        .setNullLevel(0.01)
                        .setExcess(0.3)
                        .setMinimumDetectable(0.05)
                        .setOverdispersion(3.1)
                        .setSeverity(DriftSeverity.critical)
                        .setLargestChange(new BinChange("JFK", 0.3125, 0.001))
                        .build());

        JsonNode node = NotificationData.of(notification("r", List.of(alert))).at("/alerts/0");

        assertThat(node.get("significance").asDouble()).isEqualTo(0.02);
        assertThat(node.get("adjusted_p_value").asDouble()).isEqualTo(4.8e-4);
        assertThat(node.get("q_value").asDouble()).isEqualTo(0.001);
        assertThat(node.get("critical_value").asDouble()).isEqualTo(0.02);
        assertThat(node.get("null_level").asDouble()).isEqualTo(0.01);
        assertThat(node.get("excess").asDouble()).isEqualTo(0.3);
        assertThat(node.get("minimum_detectable").asDouble()).isEqualTo(0.05);
        assertThat(node.get("overdispersion").asDouble()).isEqualTo(3.1);
        assertThat(node.get("drift_severity").asText()).isEqualTo("critical");
        assertThat(node.get("largest_change").toString())
                .isEqualTo("{\"bin\":\"JFK\",\"share\":0.3125,\"reference_share\":0.001}");
    }

    @Test
    void whatIsNotKnownIsNull() {
        JsonNode node =
                NotificationData.of(notification("r", List.of(firing("a", 1, 1)))).at("/alerts/0");

        for (String name :
                List.of(
                        "significance",
                        "adjusted_p_value",
                        "q_value",
                        "critical_value",
                        "null_level",
                        "excess",
                        "minimum_detectable",
                        "overdispersion",
                        "drift_severity",
                        "largest_change")) {
            assertThat(node.has(name)).as(name).isTrue();
            assertThat(node.get(name).isNull()).as(name).isTrue();
        }
    }

    @Test
    void whatJsonCannotSayIsNull() {
        Alert alert = firing("a", 1, 1);
        alert.setScore(
                Score.newBuilder(alert.getScore())
                        .setValue(Double.POSITIVE_INFINITY)
                        .setSegment(Map.of("origin", "JFK"))
                        .build());

        JsonNode node = NotificationData.of(notification("r", List.of(alert))).at("/alerts/0");

        assertThat(node.get("value").isNull()).isTrue();
        assertThat(node.at("/segment/origin").asText()).isEqualTo("JFK");
    }

    @Test
    void theSdkOfCloudEventsReadsIt() {
        Notification told = notification("ml-team", List.of(firing("größe 🚀", 1, 2)));
        byte[] body = CloudEvent.of(told).toString().getBytes(StandardCharsets.UTF_8);

        io.cloudevents.CloudEvent event = new JsonFormat().deserialize(body);

        assertThat(event.getSpecVersion()).isEqualTo(SpecVersion.V1);
        assertThat(event.getId()).isEqualTo(told.getId());
        assertThat(event.getType()).isEqualTo("io.driftwatch.alert.firing.v1");
        assertThat(event.getSource()).isEqualTo(URI.create("/driftwatch/models/flight-delay"));
        assertThat(event.getSubject()).isEqualTo("größe 🚀");
        assertThat(event.getTime().toInstant()).isEqualTo(told.getCreatedAt());
        assertThat(event.getDataContentType()).isEqualTo("application/json");
        assertThat(((JsonCloudEventData) event.getData()).getNode())
                .hasToString(NotificationData.of(told).toString());
    }
}
