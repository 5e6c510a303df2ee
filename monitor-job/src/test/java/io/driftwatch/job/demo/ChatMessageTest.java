package io.driftwatch.job.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class ChatMessageTest {
    private static final String FIRING =
            """
            {"text": "one line", "blocks": [
              {"type": "header", "text": {"type": "plain_text", "text": "🔴 1 firing in m"}},
              {"type": "section",
               "text": {"type": "plain_text", "text": "🔴 distance &lt;miles&gt; drifted"},
               "fields": [{"type": "mrkdwn", "text": "*Feature*\\n`distance`"},
                          {"type": "mrkdwn", "text": "*Value*\\n`psi 0.31, limit above 0.2`"}]},
              {"type": "context", "elements": [
                {"type": "plain_text", "text": "n=1,650 · version default · alert 31e2f75904840c28"}]}
            ]}
            """;

    @Test
    void showsBlocksAsText() throws Exception {
        assertThat(read(FIRING).lines())
                .containsExactly(
                        "🔴 1 firing in m",
                        "🔴 distance <miles> drifted",
                        "   Feature: distance · Value: psi 0.31, limit above 0.2",
                        "   n=1,650 · version default · alert 31e2f75904840c28");
    }

    @Test
    void knowsWhichAlertsFireAndWhichDoNot() throws Exception {
        assertThat(read(FIRING).firing()).containsExactly(entry(true));
        assertThat(read(FIRING.replace("🔴 distance", "✅ distance")).firing())
                .containsExactly(entry(false));
    }

    @Test
    void showsTheTextOfAMessageWithoutBlocks() throws Exception {
        assertThat(read("{\"text\": \"psi &gt; 0.2\"}").lines()).containsExactly("psi > 0.2");
    }

    @Test
    void wrapsLongLinesAndIndentsWhatFollows() throws Exception {
        String words = "word ".repeat(40).strip();
        var message =
                read(
                        "{\"blocks\": [{\"type\": \"section\", \"text\": {\"type\": \"plain_text\","
                                + " \"text\": \""
                                + words
                                + "\"}}]}");
        assertThat(message.lines()).hasSize(3).allMatch(line -> line.length() <= 96);
        assertThat(message.lines().subList(1, 3)).allMatch(line -> line.startsWith("   word"));
        assertThat(String.join(" ", message.lines()).replaceAll(" +", " ")).isEqualTo(words);
    }

    private static java.util.Map.Entry<String, Boolean> entry(boolean firing) {
        return java.util.Map.entry("31e2f75904840c28", firing);
    }

    private static ChatMessage read(String json) throws Exception {
        return ChatMessage.of(new ObjectMapper().readTree(json));
    }
}
