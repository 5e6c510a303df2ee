package io.driftwatch.alerts.retrain;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static io.driftwatch.alerts.TestingAlerts.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.RetrainRequest;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RetrainRequestsTest {
    private static final Instant NOW = Instant.parse("2001-06-16T00:00:30Z");

    @Test
    void aRequestMadeAgainHasTheSameId() {
        RetrainRequest first = RetrainRequests.of(firing("distance_miles", 3, 7), NOW);
        RetrainRequest again =
                RetrainRequests.of(firing("distance_miles", 3, 9), NOW.plusSeconds(60));

        assertThat(again.getRequestId()).isEqualTo(first.getRequestId());
        assertThat(first.getModel()).isEqualTo("flight-delay");
        assertThat(first.getModelVersion()).isEqualTo("default");
        assertThat(first.getRequestedAt()).isEqualTo(NOW);
    }

    @Test
    void episodesAndAlertsHaveRequestsOfTheirOwn() {
        String id = RetrainRequests.of(firing("distance_miles", 3, 7), NOW).getRequestId();

        assertThat(RetrainRequests.of(firing("distance_miles", 4, 9), NOW).getRequestId())
                .isNotEqualTo(id);
        assertThat(RetrainRequests.of(firing("origin", 3, 7), NOW).getRequestId()).isNotEqualTo(id);
    }

    @Test
    void onlyAFiringAlertOfARuleThatAsksForItAsks() {
        Alert asks = Alert.newBuilder(firing("origin", 1, 1)).setRetrain(true).build();
        Alert over = Alert.newBuilder(resolved("origin", 1, 2)).setRetrain(true).build();

        assertThat(RetrainRequests.isAskedBy(asks)).isTrue();
        assertThat(RetrainRequests.isAskedBy(over)).isFalse();
        assertThat(RetrainRequests.isAskedBy(firing("origin", 1, 1))).isFalse();
    }
}
