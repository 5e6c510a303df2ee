package io.driftwatch.job.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Direction;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoryTest {
    private static final Instant DAY = Instant.parse("2001-04-10T00:00:00Z");
    private static final Path CONFIGURATION =
            Path.of("..", "examples", "flights", "driftwatch.yaml");

    private final StringWriter screen = new StringWriter();
    private final ModelConfig model = ConfigLoader.load(CONFIGURATION).models().get(0);
    private final Story story = new Story(new Screen(new PrintWriter(screen)), model);

    @Test
    void tellsAnAlertAfterTheLineOfItsWindow() {
        story.alert(alert(AlertState.firing));
        assertThat(screen.toString()).doesNotContain("FIRING");
        window();
        assertThat(screen.toString())
                .containsSubsequence(
                        "INJECTED by this demo: an upstream bug", "2001-04-10", "0.413", "FIRING");
    }

    @Test
    void remembersEpisodes() {
        window();
        story.alert(alert(AlertState.firing));
        story.alert(alert(AlertState.resolved));
        assertThat(story.windows()).isEqualTo(1);
        assertThat(story.episodes())
                .singleElement()
                .satisfies(e -> assertThat(e.feature()).isEqualTo("distance_miles"))
                .satisfies(e -> assertThat(e.firedOn()).isEqualTo(DAY))
                .satisfies(e -> assertThat(e.resolvedOn()).isEqualTo(DAY));
    }

    @Test
    void isNotAllToldUntilTheReceiverKnowsThatItFires() {
        window();
        story.alert(alert(AlertState.firing));
        assertThat(story.isAllTold(Duration.ZERO)).isFalse();
        story.message(new ChatMessage(List.of("text"), Map.of("ab12", true)));
        assertThat(story.isAllTold(Duration.ZERO)).as("its delivery is still to come").isFalse();
    }

    @Test
    void anAlertThatWasResolvedBeforeItWasToldNeedsNoMessage() {
        window();
        story.alert(alert(AlertState.firing));
        story.alert(alert(AlertState.resolved));
        assertThat(story.isAllTold(Duration.ofHours(1))).as("it may be on its way").isFalse();
        assertThat(story.isAllTold(Duration.ZERO)).isTrue();
    }

    private void window() {
        for (var feature : model.features()) {
            for (String statistic : model.statistics()) {
                boolean rate = statistic.equals("new_category_rate");
                boolean numeric = statistic.equals("ks") || statistic.equals("mean");
                boolean categorical = feature.path().startsWith("/route");
                if (categorical ? !numeric : !rate) {
                    story.score(score(feature.name(), statistic));
                }
            }
        }
    }

    private static Score score(String feature, String statistic) {
        return Score.newBuilder()
                .setModel("flight-delay")
                .setModelVersion("default")
                .setSegment(Map.of())
                .setFeature(feature)
                .setStatistic(statistic)
                .setValue(0.413)
                .setLower(0.413)
                .setUpper(0.413)
                .setCount(1691)
                .setReferenceCount(50_824)
                .setWindowStart(DAY)
                .setWindowEnd(DAY.plus(Duration.ofDays(1)))
                .setStatus(ScoreStatus.scored)
                .build();
    }

    private static Alert alert(AlertState state) {
        return Alert.newBuilder()
                .setFingerprint("ab12")
                .setEpisode(1)
                .setSequence(state == AlertState.firing ? 1 : 2)
                .setState(state)
                .setLabels(Map.of("alertname", "FeatureDrift"))
                .setAnnotations(Map.of())
                .setScore(score("distance_miles", "psi"))
                .setThreshold(0.2)
                .setDirection(Direction.above)
                .setStartsAt(DAY)
                .setReason("because")
                .build();
    }
}
