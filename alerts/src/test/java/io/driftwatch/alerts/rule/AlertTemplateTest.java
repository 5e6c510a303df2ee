package io.driftwatch.alerts.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.TestingScores;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.ColumnRole;
import io.driftwatch.schemas.Direction;
import io.driftwatch.schemas.Score;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertTemplateTest {
    private static final Rule RULE =
            Rule.builder("Drift", "psi")
                    .threshold(Direction.above, 0.2)
                    .labels(Map.of("team", "{{model}}-{{segment.country}}", "plain", "a { b"))
                    .annotations(
                            Map.of(
                                    "description",
                                    "{{feature}}: {{value}} > {{threshold}}, n={{count}}"))
                    .build();

    private static Alert alert(Score score) {
        return RuleEvaluator.evaluate(RULE, null, Evidence.alone(RULE, score)).transition();
    }

    private static Score score(String feature, int window, double value) {
        return Score.newBuilder(TestingScores.score(window, value))
                .setFeature(feature)
                .setSegment(Map.of("country", "de"))
                .build();
    }

    @Test
    void labelsAndAnnotationsAreFilledIn() {
        Alert alert = alert(score("amount", 14, 0.31));

        assertThat(alert.getLabels())
                .containsEntry("team", alert.getScore().getModel() + "-de")
                .containsEntry("plain", "a { b");
        assertThat(alert.getAnnotations().get("description")).startsWith("amount: 0.31 > 0.2, n=");
    }

    @Test
    void whatIsFilledInIsNoTemplateAndNotEscaped() {
        Alert alert = alert(score("{{model}} <b> & \"x\"", 14, 0.31));

        assertThat(alert.getAnnotations().get("description"))
                .startsWith("{{model}} <b> & \"x\": 0.31");
    }

    @Test
    void anAlertKeepsItsIdentityFromWindowToWindow() {
        assertThat(alert(score("amount", 14, 0.31)).getFingerprint())
                .isEqualTo(alert(score("amount", 15, 0.99)).getFingerprint());
    }

    @ParameterizedTest(name = "{0} in a label: {1}, in an annotation: {2}")
    @CsvSource({
        "'{{model}} {{segment.anything}}', true,  true",
        "'{{value}}',                      false, true",
        "'{{window_end}}',                 false, true",
        "'{{#model}}x{{/model}}',          true,  true",
        "'{{modell}}',                     false, false",
        "'{{model',                        false, false",
        "'{{#model}}',                     false, false"
    })
    void aTemplateThatCannotBeFilledIsFound(String text, boolean label, boolean annotation) {
        assertThat(AlertTemplate.mistakeInLabel(text).isEmpty()).isEqualTo(label);
        assertThat(AlertTemplate.mistakeInAnnotation(text).isEmpty()).isEqualTo(annotation);
    }

    @Test
    void aRuleMaySelectByRole() {
        Rule answers = RULE.toBuilder().roles(Set.of("prediction")).build();
        Score prediction =
                Score.newBuilder(score("p", 14, 0.31)).setRole(ColumnRole.prediction).build();

        assertThat(answers.matches(prediction)).isTrue();
        assertThat(answers.matches(score("p", 14, 0.31))).isFalse();
        assertThat(RULE.matches(prediction)).isTrue();
    }
}
