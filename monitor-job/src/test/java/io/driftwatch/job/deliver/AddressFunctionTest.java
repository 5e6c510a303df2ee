package io.driftwatch.job.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.deliver.Chat;
import io.driftwatch.alerts.deliver.ChatEndpoint;
import io.driftwatch.alerts.deliver.DeliveryConfig;
import io.driftwatch.alerts.deliver.ReceiverConfig;
import io.driftwatch.alerts.deliver.Secret;
import io.driftwatch.job.judge.TestingScores;
import io.driftwatch.job.live.TestingSettings;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Direction;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.NotificationChange;
import io.driftwatch.schemas.NotificationStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What send_resolved means: with false, resolved alerts are neither told nor a reason to tell
 * anything, as https://prometheus.io/docs/alerting/latest/configuration/ has it.
 */
class AddressFunctionTest {
    private static final Secret URL = Secret.of("https://hook.example/");
    private static final AddressFunction FUNCTION =
            new AddressFunction(
                    TestingSettings.receivers(
                            List.of(
                                    new ReceiverConfig(
                                            "team",
                                            List.of(
                                                    new ChatEndpoint("slack[0]", Chat.SLACK, URL),
                                                    new ChatEndpoint(
                                                            "slack[1]", Chat.SLACK, URL, false))),
                                    new ReceiverConfig("nobody", List.of())),
                            DeliveryConfig.standard()));

    @ParameterizedTest(name = "{0} because of {1}: with the ends {2}, without them {3}")
    @CsvSource({
        "firing,          firing,   firing,          firing",
        "firing resolved, firing,   firing resolved, firing",
        "firing resolved, resolved, firing resolved, ",
        "resolved,        resolved, resolved,        ",
        "firing,          repeated, firing,          firing",
        "firing resolved, unknown,  firing resolved, firing",
        "resolved,        unknown,  resolved,        ",
    })
    void tellsEachEndpointWhatItWants(
            String states, NotificationChange change, String with, String without) {
        List<Addressed> addressed = new ArrayList<>();
        FUNCTION.flatMap(notification("team", states, change), new ListCollector<>(addressed));

        assertThat(told(addressed, "team\nslack[0]")).isEqualTo(with);
        assertThat(told(addressed, "team\nslack[1]")).isEqualTo(without);
    }

    private static String told(List<Addressed> addressed, String endpoint) {
        return addressed.stream()
                .filter(each -> each.endpoint().equals(endpoint))
                .map(
                        each ->
                                String.join(
                                        " ",
                                        each.notification().getAlerts().stream()
                                                .map(alert -> alert.getState().name())
                                                .toList()))
                .findFirst()
                .orElse(null);
    }

    private static Notification notification(
            String receiver, String states, NotificationChange change) {
        List<Alert> alerts =
                Arrays.stream(states.split(" "))
                        .map(AlertState::valueOf)
                        .map(s -> alert(s))
                        .toList();
        return Notification.newBuilder()
                .setId("1")
                .setReceiver(receiver)
                .setGroupKey("{}")
                .setGroupLabels(Map.of())
                .setStatus(NotificationStatus.firing)
                .setChange(change)
                .setAlerts(alerts)
                .setCreatedAt(Instant.EPOCH)
                .build();
    }

    private static Alert alert(AlertState state) {
        return Alert.newBuilder()
                .setFingerprint("0123456789abcdef")
                .setEpisode(1)
                .setSequence(2)
                .setState(state)
                .setLabels(Map.of("model", "flights"))
                .setAnnotations(Map.of())
                .setScore(TestingScores.score("distance", 1, 0.5, 0))
                .setThreshold(0.2)
                .setDirection(Direction.above)
                .setStartsAt(Instant.EPOCH)
                .setReason("a test")
                .build();
    }
}
