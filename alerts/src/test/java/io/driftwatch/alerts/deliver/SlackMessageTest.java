package io.driftwatch.alerts.deliver;

import static io.driftwatch.alerts.TestingAlerts.alert;
import static io.driftwatch.alerts.TestingAlerts.firing;
import static io.driftwatch.alerts.TestingAlerts.notification;
import static io.driftwatch.alerts.TestingAlerts.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.BinChange;
import io.driftwatch.schemas.DriftSeverity;
import io.driftwatch.schemas.Score;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlackMessageTest {
    private static ObjectNode message(List<Alert> alerts) {
        return SlackMessage.of(notification("ml-team", alerts));
    }

    private static List<JsonNode> blocks(ObjectNode message, String type) {
        return StreamSupport.stream(message.get("blocks").spliterator(), false)
                .filter(block -> block.get("type").asText().equals(type))
                .toList();
    }

    private static void assertWithinLimits(ObjectNode message) {
        assertThat(message.get("text").asText()).isNotBlank().hasSizeLessThan(40_000);
        assertThat(message.get("blocks").size()).isBetween(1, 50);
        assertThat(message.get("blocks").toString()).hasSizeLessThanOrEqualTo(12_000);
        for (JsonNode block : message.get("blocks")) {
            int longest = block.get("type").asText().equals("header") ? 150 : 3_000;
            assertThat(block.at("/text/text").asText()).hasSizeLessThanOrEqualTo(longest);
            assertThat(block.path("fields").size()).isLessThanOrEqualTo(10);
            assertThat(block.path("elements").size()).isLessThanOrEqualTo(10);
            for (JsonNode field : block.path("fields")) {
                assertThat(field.get("text").asText()).isNotBlank().hasSizeLessThanOrEqualTo(2_000);
            }
        }
    }

    @Test
    void showsHeaderFiguresAndContext() {
        ObjectNode message = message(List.of(firing("distance_miles", 1, 1)));

        assertWithinLimits(message);
        assertThat(message.get("text").asText())
                .isEqualTo("🔴 1 firing in flight-delay: distance_miles");
        assertThat(blocks(message, "header").get(0).at("/text/text").asText())
                .isEqualTo("🔴 1 firing in flight-delay");
        JsonNode section = blocks(message, "section").get(0);
        assertThat(section.at("/text/text").asText())
                .isEqualTo("🔴 distance_miles of flight-delay: psi 0.31");
        assertThat(section.get("fields"))
                .extracting(field -> field.get("text").asText())
                .containsExactly(
                        "*Feature*\n`distance_miles`",
                        "*Value*\n`psi 0.31, limit above 0.2`",
                        "*Severity*\n`warning`",
                        "*Significance*\n`p &lt; 1e-12`",
                        "*Reproduce*\n`driftwatch replay -c driftwatch.yaml --from-topic --from"
                                + " 2001-06-14T00:00Z --until 2001-06-15T00:00Z --output out`");
        assertThat(blocks(message, "context").get(0).at("/elements/0/text").asText())
                .startsWith("since ")
                .contains(" · window 2001-06-14T00:00Z to 2001-06-15T00:00Z · n=1,650 · version")
                .contains(" · alert " + firing("distance_miles", 1, 1).getFingerprint());
    }

    /** With all that is ever known of an alert. */
    private static Alert explained(String feature, String category) {
        Alert alert = firing(feature, 1, 1);
        alert.setSignificance(0.02);
        alert.setAdjustedPValue(4.8e-4);
        alert.setQValue(0.001);
        alert.setScore(
                Score.newBuilder(alert.getScore())
                        .setPValue(4e-5)
                        .setNullLevel(0.01)
                        .setMinimumDetectable(0.05)
                        .setOverdispersion(3.1)
                        .setSeverity(DriftSeverity.critical)
                        .setLargestChange(new BinChange(category, 0.3125, 0.001))
                        .setSegment(Map.of("origin", "JFK"))
                        .build());
        return alert;
    }

    @Test
    void showsWhatChangedMostAndWhatCanBeSeen() {
        ObjectNode message = message(List.of(explained("origin", "<JFK>")));

        assertWithinLimits(message);
        assertThat(blocks(message, "section").get(0).get("fields"))
                .extracting(field -> field.get("text").asText())
                .containsExactly(
                        "*Feature*\n`origin`",
                        "*Value*\n`psi 0.31, limit above 0.2`",
                        "*Severity*\n`warning`",
                        "*Significance*\n`p = 0.00048 corrected, level 0.02`",
                        "*Largest change*\n`from 0.1 % of the reference to 31.25 % of the window:"
                                + " &lt;JFK&gt;`",
                        "*Smallest visible drift*\n`psi 0.05`",
                        "*Segment*\n`origin=JFK`",
                        "*Reproduce*\n`driftwatch replay -c driftwatch.yaml --from-topic --from"
                                + " 2001-06-14T00:00Z --until 2001-06-15T00:00Z --output out`");
    }

    @Test
    void showsTheMostImportantFirst() {
        ObjectNode message =
                message(
                        List.of(
                                resolved("over", 1, 2),
                                alert("small", "warning", AlertState.firing, 1, 1, 0.25),
                                alert("large", "warning", AlertState.firing, 1, 1, 0.9),
                                alert("note", "info", AlertState.firing, 1, 1, 5),
                                alert("grave", "critical", AlertState.firing, 1, 1, 0.21)));

        assertThat(message.get("text").asText())
                .isEqualTo(
                        "🔴 4 firing, 1 resolved in flight-delay: grave, large, small, note, over");
    }

    @Test
    void saysThatAllIsResolved() {
        assertThat(message(List.of(resolved("a", 1, 2))).get("text").asText())
                .isEqualTo("✅ 1 resolved in flight-delay: a");
    }

    @Test
    void countsTheAlertsThatDoNotFit() {
        List<Alert> alerts =
                IntStream.range(0, 500).mapToObj(i -> firing("feature_" + i, 1, 1)).toList();

        ObjectNode message = message(alerts);

        assertWithinLimits(message);
        List<JsonNode> sections = blocks(message, "section");
        int shown = sections.size() - 1;
        assertThat(shown).isGreaterThan(5);
        assertThat(sections.get(shown).at("/text/text").asText())
                .isEqualTo(
                        "… and %d more: %d firing, 0 resolved".formatted(500 - shown, 500 - shown));
    }

    @ParameterizedTest(name = "name {index}")
    @ValueSource(
            strings = {
                "<!channel> <@U123> <https://evil.example|click>",
                "*bold* _it_ ~no~ `code` ```block```",
                "line\nbreak\r\n> quote\u2028next",
                ":fire: 🚒🧑‍🚒 \uD83D\uDE80",
                "\u202Egnirts\u202C \u2066x\u2069 \u200F",
                "\u0000\u0007\uD800 lone",
                "\"\\ & &amp;",
                " "
            })
    void hostileNamesStayText(String name) {
        List<Alert> alerts =
                IntStream.range(0, 500)
                        .mapToObj(i -> explained(name.repeat(i % 70 + 1), name.repeat(70 - i % 70)))
                        .toList();

        ObjectNode message = message(alerts);

        assertWithinLimits(message);
        assertThat(message.toString())
                .doesNotContain("<!", "<@", "<http", "\u202E", "\u2066", "\u200F", "\u2028")
                .doesNotContain("\uD800 ", "\\u0000");
        for (JsonNode section : blocks(message, "section")) {
            for (JsonNode field : section.path("fields")) {
                assertThat(field.get("text").asText()).matches("\\*[\\w ]+\\*\n(`[^`\n]+`|-)");
            }
        }
    }

    @ParameterizedTest(name = "within {0}")
    @ValueSource(ints = {1, 2, 5, 6, 7, 11})
    void cutsBetweenCodePointsAndNeverInsideAnEntity(int limit) {
        String cut = ChatText.plain("a<🚀🚀🚀🚀🚀", limit, ChatText.ENTITIES);

        assertThat(cut).hasSizeLessThanOrEqualTo(limit).endsWith("…");
        assertThat(cut.replace("&lt;", "")).doesNotContain("&");
        assertThat(cut.codePoints()).noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    }

    @Test
    void doesNotCutWhatFits() {
        assertThat(ChatText.plain("abc", 3, ChatText.ENTITIES)).isEqualTo("abc");
        assertThat(ChatText.plain("", 3, ChatText.ENTITIES)).isEmpty();
        assertThat(ChatText.code("a`b", 5, ChatText.ENTITIES)).isEqualTo("`a'b`");
    }

    @Test
    void theLeastIsOneLineOfText() {
        ObjectNode minimal =
                Chat.SLACK.minimal(notification("ml-team", List.of(firing("a\n<b>", 1, 1))));

        assertThat(minimal.get("text").asText()).endsWith("a &lt;b&gt;");
        assertThat(minimal.has("blocks")).isFalse();
    }
}
