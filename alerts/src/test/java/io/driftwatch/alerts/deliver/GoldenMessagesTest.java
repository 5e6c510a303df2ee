package io.driftwatch.alerts.deliver;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static io.driftwatch.alerts.TestingAlerts.notification;
import static io.driftwatch.alerts.TestingAlerts.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.BinChange;
import io.driftwatch.schemas.ColumnRole;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The message of every channel for one and the same incident, which {@code docs/alerts.md} shows.
 * What is written now is left in {@code target/messages}, to be looked at and copied.
 */
class GoldenMessagesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Notification incident() {
        Alert worst = firing("distance_miles", 1, 1);
        worst.setSignificance(0.001);
        worst.setAdjustedPValue(4.8e-9);
        worst.setScore(
                Score.newBuilder(worst.getScore())
                        .setRole(ColumnRole.feature)
                        .setShape(new Shape("▄▄▄▄▄▄▄▄▄▄", "▂▂▂▂▃▃▃▄▅█"))
                        .setMinimumDetectable(0.05)
                        .setLargestChange(new BinChange("> 1547.0", 0.2655, 0.0994))
                        .build());
        return notification("ml-team", List.of(worst, resolved("origin", 1, 2)));
    }

    private static void assertGolden(String name, JsonNode message) throws IOException {
        assertGolden(
                name, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(message) + "\n");
    }

    private static void assertGolden(String name, String actual) throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "messages"));
        Files.writeString(folder.resolve(name), actual);
        try (InputStream golden =
                GoldenMessagesTest.class.getResourceAsStream("/messages/" + name)) {
            assertThat(golden).as("messages/" + name).isNotNull();
            String expected = new String(golden.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(actual).isEqualTo(expected);
            assertThat(Files.readString(Path.of("..", "docs", "alerts.md"))).contains(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void chatsSayIt(Chat chat) throws IOException {
        assertGolden(chat.key() + ".json", chat.message(incident()));
    }

    @Test
    void pagerDutyIsTold() throws IOException {
        assertGolden("pagerduty.json", PagerDutyEvent.of(incident()));
    }

    @Test
    void alertmanagersReceiversAreTold() throws IOException {
        assertGolden("alertmanager_v4.json", AlertmanagerData.of(incident()));
    }

    @Test
    void mailIsSent() throws IOException {
        EmailEndpoint endpoint =
                new EmailEndpoint(
                        "email[0]",
                        "driftwatch@example.org",
                        List.of("ml-team@example.org"),
                        "smtp.example.org",
                        587,
                        null,
                        null,
                        true,
                        true);

        assertGolden("email.txt", endpoint.preview(incident()).strip() + "\n");
    }

    @Test
    void alertmanagersAreTold() throws IOException {
        HttpEndpoint endpoint =
                new AlertmanagerEndpoint(
                        "alertmanager[0]", Secret.of("https://am.example"), Map.of());

        assertGolden("alertmanager.json", JSON.readTree(endpoint.payload(incident()).body()));
    }

    @Test
    void programsAreToldByCloudEvents() throws IOException {
        assertGolden("cloudevents.json", CloudEvent.of(incident()));
    }
}
