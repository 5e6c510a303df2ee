package io.driftwatch.alerts.deliver;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static io.driftwatch.alerts.TestingAlerts.notification;
import static io.driftwatch.alerts.TestingAlerts.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.Score;
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
}
