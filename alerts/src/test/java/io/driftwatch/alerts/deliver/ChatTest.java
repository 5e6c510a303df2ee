package io.driftwatch.alerts.deliver;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static io.driftwatch.alerts.TestingAlerts.notification;
import static io.driftwatch.alerts.TestingAlerts.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.BinChange;
import io.driftwatch.schemas.Score;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for the messages of every chat. */
class ChatTest {
    /** Every kind of markup, mention, link and control character, and where one would end. */
    private static final String EVIL =
            "<!channel> <users/all> @everyone @here <@U1> [x](https://evil.example) *b* _i_ ~s~"
                    + " `c` ```c``` ||s|| # h > q https://evil.example/a </b><a href=\"x\">\u202e\n"
                    + "\u0000\u2028";

    private static Alert awkward(String feature) {
        Alert alert = firing(feature, 1, 1);
        alert.setAnnotations(Map.of("summary", feature + " drifts"));
        alert.setScore(
                Score.newBuilder(alert.getScore())
                        .setLargestChange(new BinChange(feature, 0.3125, 0.001))
                        .setMinimumDetectable(0.05)
                        .setSegment(Map.of("origin", feature))
                        .build());
        return alert;
    }

    private static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        if (node.isTextual()) {
            texts.add(node.asText());
        }
        node.forEach(child -> texts.addAll(texts(child)));
        return texts;
    }

    /** The limits that the vendors publish; see the reference of each message's class. */
    private static void assertWithinLimits(Chat chat, ObjectNode message) {
        int bytes = message.toString().getBytes(StandardCharsets.UTF_8).length;
        switch (chat) {
            case SLACK -> {
                assertThat(message.at("/blocks").size()).isLessThanOrEqualTo(50);
                assertThat(message.at("/blocks").toString()).hasSizeLessThan(13_000);
            }
            case MSTEAMS -> assertThat(bytes).isLessThan(21_000);
            case DISCORD -> {
                assertThat(message.path("content").asText()).hasSizeLessThanOrEqualTo(2_000);
                String title = message.at("/embeds/0/title").asText();
                String description = message.at("/embeds/0/description").asText();
                assertThat(title).hasSizeLessThanOrEqualTo(256);
                assertThat(description).hasSizeLessThanOrEqualTo(4_096);
                assertThat(title.length() + description.length()).isLessThanOrEqualTo(6_000);
            }
            case GOOGLE_CHAT -> assertThat(bytes).isLessThanOrEqualTo(32_000);
            case MATTERMOST -> {
                assertThat(message.get("text").asText()).hasSizeLessThanOrEqualTo(16_383);
                assertThat(message.toString()).hasSizeLessThanOrEqualTo(16_383);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void saysWhatDriftedHowMuchAndSinceWhen(Chat chat) {
        ObjectNode message = chat.message(notification("t", List.of(awkward("distance"))));

        assertWithinLimits(chat, message);
        assertThat(String.join("\n", texts(message)).replace("\\", ""))
                .contains("1 firing in flight-delay")
                .contains("distance drifts")
                .contains("psi 0.31, limit above 0.2")
                .contains("from 0.1 % of the reference to 31.25 % of the window: distance")
                .contains("Smallest visible drift")
                .contains("psi 0.05")
                .contains("origin=distance")
                .contains("2001-06-14T00:00Z to 2001-06-15T00:00Z · n=1,650");
    }

    @ParameterizedTest
    @EnumSource
    void saysThatAllIsResolved(Chat chat) {
        ObjectNode message = chat.message(notification("t", List.of(resolved("a", 1, 2))));

        assertThat(String.join("\n", texts(message))).contains("✅ 1 resolved in flight-delay");
    }

    @ParameterizedTest
    @EnumSource
    void shortensWhatIsTooLongAndSaysSo(Chat chat) {
        List<Alert> alerts = IntStream.range(0, 500).mapToObj(i -> awkward("🚀é<&_" + i)).toList();

        ObjectNode message = chat.message(notification("t", alerts));

        assertWithinLimits(chat, message);
        assertThat(texts(message)).anyMatch(text -> text.matches("(?s).*… and 4\\d\\d more: .*"));
        assertWithinLimits(chat, chat.minimal(notification("t", alerts)));
    }

    @ParameterizedTest
    @EnumSource
    void oneVeryLongNameStillFits(Chat chat) {
        Alert alert = awkward("\ud83d\ude80<&\"".repeat(20_000));

        ObjectNode message = chat.message(notification("t", List.of(alert)));

        assertWithinLimits(chat, message);
        assertThat(String.join("\n", texts(message))).contains("psi 0.31, limit above 0.2");
        assertWithinLimits(chat, chat.minimal(notification("t", List.of(alert))));
    }

    @ParameterizedTest
    @EnumSource
    void nothingInANameHasAnEffect(Chat chat) {
        for (ObjectNode message :
                List.of(
                        chat.message(notification("t", List.of(awkward(EVIL)))),
                        chat.minimal(notification("t", List.of(awkward(EVIL)))))) {
            for (String whole : texts(message)) {
                // In code there is no markup. A sign with a backslash before it is none either.
                String text =
                        (chat == Chat.SLACK ? whole : whole.replaceAll("`[^`\n]*`", ""))
                                .replaceAll("\\\\[<\\[\\]()*_~|`]", "");
                assertThat(text)
                        .doesNotContain("<!channel>", "<users/all>", "<@U1>", "</b><a")
                        .doesNotContain("\u202e", "\u0000", "\u2028");
                if (chat != Chat.SLACK && chat != Chat.GOOGLE_CHAT) {
                    assertThat(whole).doesNotContain("@everyone", "@here");
                    assertThat(text).doesNotContain("](", " _i_", " ~s~", " ||s||", "```");
                }
                if (!text.startsWith("http://adaptivecards.io/")) {
                    assertThat(text).doesNotContain("https://", "http://");
                }
            }
        }
    }
}
