package io.driftwatch.alerts.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds matchers against Alertmanager's documentation
 * (https://prometheus.io/docs/alerting/latest/configuration/#matcher).
 */
class MatcherTest {
    private static final Map<String, String> LABELS =
            Map.of("alertname", "Drift", "severity", "critical", "feature", "price_eur");

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\'',
            value = {
                "severity=\"critical\" ; true",
                "severity=critical ; true",
                "severity = critical ; true",
                "severity=\"crit\" ; false",
                "severity!=\"critical\" ; false",
                "severity!=\"warning\" ; true",
                "feature=~\"price_.*\" ; true",
                "feature=~\"price_\" ; false",
                "feature=~\"price_eur|origin\" ; true",
                "feature=~\"origin|price\" ; false",
                "feature!~\"price_.*\" ; false",
                "feature!~\"origin\" ; true",
                "team=\"\" ; true",
                "team!=\"\" ; false",
                "team=~\".*\" ; true",
                "team=~\".+\" ; false",
                "team!~\".+\" ; true",
            })
    void matchesAsAlertmanagerDoes(String text, boolean expected) {
        assertThat(Matcher.parse(text).matches(LABELS)).isEqualTo(expected);
    }

    @Test
    void readsSeveralWithOrWithoutBraces() {
        List<Matcher> both = List.of(Matcher.parse("a=\"1\""), Matcher.parse("b!~\"x,}y\""));

        assertThat(Matcher.parseAll("{a=\"1\", b!~\"x,}y\"}")).isEqualTo(both);
        assertThat(Matcher.parseAll("a=1,b!~\"x,}y\",")).isEqualTo(both);
        assertThat(Matcher.parseAll("{}")).isEmpty();
    }

    @Test
    void readsWhatItWrites() {
        Matcher awkward =
                new Matcher(
                        "feature", Matcher.Operator.EQUAL, "a \"b\" \\ c\nd\u00e9\ud83d\ude00{,}");

        Matcher awkwardLabel = new Matcher("1st \"x\"", Matcher.Operator.NOT_EQUAL, "");
        assertThat(Matcher.parse(awkward.toString())).isEqualTo(awkward);
        assertThat(Matcher.parse(awkwardLabel.toString())).isEqualTo(awkwardLabel);
        assertThat(Matcher.parse("feature=~\"a\\.b\"").matches(Map.of("feature", "a.b"))).isTrue();
        assertThat(Matcher.parse("feature=~\"a\\.b\"").matches(Map.of("feature", "axb"))).isFalse();
    }

    @Test
    void writesMatchersInOneOrder() {
        assertThat(Matcher.format(Matcher.parseAll("b=2,a=1"))).isEqualTo("{a=\"1\",b=\"2\"}");
        assertThat(Matcher.format(List.of())).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "severity",
                "=critical",
                "1a=b",
                "a=\"b",
                "a=\"b\"c",
                "{a=b",
                "a=b}",
                "a=b c=d",
                "a!b",
                "a-b=c",
                "\"\"=c",
                ",a=b",
            })
    void refusesWhatIsNoMatcherAndQuotesIt(String text) {
        assertThatThrownBy(() -> Matcher.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' is not a matcher");
    }

    @Test
    void refusesAWrongRegularExpression() {
        assertThatThrownBy(() -> Matcher.parse("feature=~\"a(\""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a(' is not a regular expression (missing closing ))");
    }

    @Test
    @Timeout(10)
    void noValueMakesAnExpressionSlow() {
        Matcher evil = Matcher.parse("feature=~\"(a+)+b\"");

        assertThat(evil.matches(Map.of("feature", "a".repeat(100_000)))).isFalse();
    }
}
