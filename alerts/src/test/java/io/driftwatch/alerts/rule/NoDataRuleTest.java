package io.driftwatch.alerts.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NoDataRuleTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final NoDataRule RULE =
            new NoDataRule(
                    "NoData",
                    Duration.ofHours(2),
                    Severity.CRITICAL,
                    Selector.ALL,
                    Map.of("team", "ml"),
                    Map.of());

    private NoDataState state = RULE.begin("flights", "labels", 0);

    private Alert take(NoDataRule.Step step) {
        state = step.state();
        return step.transition();
    }

    @Test
    void firesAfterTheGivenSilenceAndEndsWithTheNextData() {
        assertThat(take(RULE.hear(state, HOUR, HOUR))).isNull();
        assertThat(take(RULE.look(state, 3 * HOUR - 1))).isNull();

        Alert firing = take(RULE.look(state, 3 * HOUR));
        assertThat(firing.getState()).isEqualTo(AlertState.firing);
        assertThat(firing.getEpisode()).isEqualTo(1);
        assertThat(firing.getSequence()).isEqualTo(1);
        assertThat(firing.getStartsAt()).isEqualTo(Instant.ofEpochMilli(HOUR));
        assertThat(firing.getLabels())
                .containsEntry("alertname", "NoData")
                .containsEntry("severity", "critical")
                .containsEntry("model", "flights")
                .containsEntry("stream", "labels")
                .containsEntry("team", "ml");
        assertThat(firing.getAnnotations().get("summary"))
                .contains("labels of flights are silent", "since 1970-01-01T01:00Z");
        assertThat(take(RULE.look(state, 9 * HOUR))).as("said once").isNull();

        Alert resolved = take(RULE.hear(state, 9 * HOUR, 9 * HOUR + 1));
        assertThat(resolved.getState()).isEqualTo(AlertState.resolved);
        assertThat(resolved.getFingerprint()).isEqualTo(firing.getFingerprint());
        assertThat(resolved.getEpisode()).isEqualTo(1);
        assertThat(resolved.getSequence()).isEqualTo(2);
        assertThat(resolved.getEndsAt()).isEqualTo(Instant.ofEpochMilli(9 * HOUR + 1));

        assertThat(take(RULE.look(state, 12 * HOUR)).getEpisode()).isEqualTo(2);
    }

    @Test
    void aStreamThatWasNeverHeardOfIsSilentFromTheBeginning() {
        Alert firing = take(RULE.look(state, 2 * HOUR));

        assertThat(firing.getStartsAt()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void timeInWhichTheMonitorWasAwayIsNotSilence() {
        take(RULE.hear(state, HOUR, HOUR));
        state = NoDataRule.resume(state, 10 * HOUR);

        assertThat(take(RULE.look(state, 12 * HOUR - 1))).isNull();
        assertThat(take(RULE.look(state, 12 * HOUR)).getStartsAt())
                .as("the data has ended then")
                .isEqualTo(Instant.ofEpochMilli(HOUR));
    }

    @Test
    void goesOnFiringAcrossARestart() {
        assertThat(take(RULE.look(state, 2 * HOUR))).isNotNull();
        state = NoDataRule.resume(state, 10 * HOUR);

        assertThat(take(RULE.look(state, 20 * HOUR))).isNull();
        assertThat(take(RULE.hear(state, 20 * HOUR, 20 * HOUR)).getState())
                .isEqualTo(AlertState.resolved);
    }
}
