package io.driftwatch.alerts.deliver;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static io.driftwatch.alerts.TestingAlerts.notification;
import static io.driftwatch.alerts.TestingAlerts.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.ColumnRole;
import io.driftwatch.schemas.Score;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One incident, not eighty alerts. */
class OnsetTest {
    private static final Instant MONDAY = Instant.parse("2001-06-18T00:00:00Z");
    private static final Instant TUESDAY = Instant.parse("2001-06-19T00:00:00Z");

    private static Alert alert(
            String feature, Instant since, String severity, double value, double weight) {
        Alert alert = firing(feature, 1, 1);
        alert.setStartsAt(since);
        alert.setLabels(Map.of("model", "flights", "feature", feature, "severity", severity));
        alert.setThreshold(0.2);
        alert.setWeight(weight);
        alert.setScore(
                Score.newBuilder(alert.getScore())
                        .setRole(ColumnRole.feature)
                        .setValue(value)
                        .build());
        return alert;
    }

    @Test
    void whatBeganInTheSameWindowIsOneIncidentWhateverTheOrder() {
        List<Alert> alerts =
                new ArrayList<>(
                        List.of(
                                alert("a", MONDAY, "warning", 0.3, 1),
                                alert("b", TUESDAY, "critical", 0.3, 1),
                                alert("c", MONDAY, "warning", 0.5, 1)));
        for (int seed = 0; seed < 10; seed++) {
            Collections.shuffle(alerts, new Random(seed));
            List<Onset> onsets = Onset.of(alerts);
            assertThat(onsets).extracting(Onset::since).containsExactly(TUESDAY, MONDAY);
            assertThat(onsets.get(1).features()).containsExactly("c", "a");
        }
    }

    @Test
    void theWeightOfAFeatureCountsAsMuchAsItsEffect() {
        Onset onset =
                Onset.of(
                                List.of(
                                        alert("small", MONDAY, "warning", 0.4, 1),
                                        alert("large", MONDAY, "warning", 0.6, 1),
                                        alert("important", MONDAY, "warning", 0.4, 3)))
                        .get(0);
        assertThat(onset.features()).containsExactly("important", "large", "small");
    }

    @Test
    void severityCountsMoreThanWeightAndFiringMoreThanSeverity() {
        Alert over = resolved("over", 1, 2);
        over.setStartsAt(MONDAY);
        Onset onset =
                Onset.of(
                                List.of(
                                        over,
                                        alert("loud", MONDAY, "warning", 9, 9),
                                        alert("bad", MONDAY, "critical", 0.21, 1)))
                        .get(0);
        assertThat(onset.features()).containsExactly("bad", "loud", "over");
        assertThat(onset.fires()).isTrue();
    }

    @Test
    void versionsDoNotShareAnIncident() {
        Alert other = alert("a", MONDAY, "warning", 0.3, 1);
        other.setScore(Score.newBuilder(other.getScore()).setModelVersion("v2").build());
        assertThat(Onset.of(List.of(alert("a", MONDAY, "warning", 0.3, 1), other))).hasSize(2);
    }

    @Test
    void eightyFeaturesThatBeginTogetherAreOneIncidentWithOneExplanation() {
        List<Alert> eighty =
                IntStream.range(0, 80)
                        .mapToObj(i -> alert("f" + i, MONDAY, "warning", 1 + i, 1))
                        .toList();

        Incident incident = Incident.of(notification("ml-team", eighty));

        assertThat(incident.title()).isEqualTo("🔴 80 firing in flights · likely covariate drift");
        assertThat(incident.items().get(0).facts())
                .containsEntry(
                        "Began together",
                        "f79, f78, f77, f76, f75, f74, f73, f72, f71, f70 and 70 more");
        assertThat(incident.items())
                .filteredOn(item -> item.facts().containsKey("Likely"))
                .hasSize(1);
    }

    @Test
    void twoIncidentsInOneNotificationAreEachExplained() {
        Alert broken = alert("nulls", TUESDAY, "warning", 9, 1);
        broken.setScore(Score.newBuilder(broken.getScore()).setStatistic("missing_rate").build());

        Incident incident =
                Incident.of(
                        notification(
                                "ml-team", List.of(alert("a", MONDAY, "warning", 0.3, 1), broken)));

        assertThat(incident.title())
                .isEqualTo("🔴 2 firing in 2 incidents in flights · likely pipeline break");
        assertThat(incident.items())
                .extracting(item -> item.facts().get("Likely"))
                .containsExactly(
                        "pipeline break: values of nulls are missing",
                        "covariate drift: a is distributed otherwise");
    }
}
