package io.driftwatch.alerts.deliver;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static io.driftwatch.alerts.TestingAlerts.notification;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.schemas.Notification;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyTemplateTest {
    private static final String TEMPLATE =
            """
            {"text": "{{title}} ({{status}}): {{#alerts}}{{feature}}={{value}} {{/alerts}}",
             "id": "{{id}}", "level": 3, "tags": ["drift", "{{receiver}}"], "none": null,
             "nothing": "{{no_such_thing}}", "change": "{{#alerts}}{{largest_change.bin}}{{/alerts}}"}
            """;

    private static JsonNode filled(Notification notification) throws Exception {
        return new ObjectMapper().readTree(BodyTemplate.fill(TEMPLATE, notification));
    }

    @Test
    void textsAreFilledInAndTheRestStays() throws Exception {
        JsonNode body =
                filled(notification("ml-team", List.of(firing("a", 1, 1), firing("b", 1, 1))));

        assertThat(body.get("text").asText())
                .startsWith("🔴 2 firing in flight-delay")
                .contains("(firing): a=0.31 b=0.31 ");
        assertThat(body.get("id").asText()).isEqualTo("4f2d6c1b9a3e8d70");
        assertThat(body.get("level").asInt()).isEqualTo(3);
        assertThat(body.at("/tags/1").asText()).isEqualTo("ml-team");
        assertThat(body.get("none").isNull()).isTrue();
        assertThat(body.get("nothing").asText()).isEmpty();
        assertThat(body.get("change").asText()).isEmpty();
    }

    @Test
    void noNameFromTheDataCanChangeTheBody() throws Exception {
        String name = "\"}, \"admin\": true, {\"x\": \"{{id}}\\";
        JsonNode body = filled(notification("ml-team", List.of(firing(name, 1, 1))));

        assertThat(body.has("admin")).isFalse();
        assertThat(body.get("text").asText()).contains(name + "=0.31");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\": \"{{#x}}\"}   | not a template",
                "{\"a\": 1             | is not JSON",
                "\"text\"              | is not a JSON object",
                "{\"a\": 1, \"a\": 2}  | is not JSON",
                "{\"a\": 1} x          | is not JSON"
            })
    void aMistakeIsSaid(String template, String message) {
        assertThat(BodyTemplate.mistake(template))
                .hasValueSatisfying(why -> assertThat(why).contains(message));
        assertThat(BodyTemplate.mistake(TEMPLATE)).isEmpty();
    }
}
