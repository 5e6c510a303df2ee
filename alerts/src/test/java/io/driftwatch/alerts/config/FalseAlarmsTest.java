package io.driftwatch.alerts.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftwatch.detectors.significance.FalseAlarmBudget;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FalseAlarmsTest {

    @ParameterizedTest(name = "''{0}'' {1}")
    @CsvSource({
        "'',             is not a number of false alarms per duration",
        "1,              is not a number of false alarms per duration",
        "30d,            is not a number of false alarms per duration",
        "1 in 30d,       is not a number of false alarms per duration",
        "1per30d,        is not a number of false alarms per duration",
        "1 per 30 d,     is not a number of false alarms per duration",
        "one per 30d,    does not begin with a number",
        "NaN per 30d,    does not begin with a number",
        "1e999 per 30d,  does not begin with a number",
        "0 per 30d,      'allows no false alarm, which no test can keep'",
        "1e-999 per 30d, 'allows no false alarm, which no test can keep'",
        "-1 per 30d,     'allows no false alarm, which no test can keep'",
        "1 per month,    does not end in a duration such as 30d or 12h",
        "1 per 30,       does not end in a duration such as 30d or 12h",
        "1 per 0,        has a period of 0",
        "1 per 0s,       has a period of 0",
    })
    void refusesWhatIsNoBudget(String text, String why) {
        assertThatThrownBy(() -> FalseAlarms.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' " + why + "; use for example 1 per 30d");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"1 per 30d, 1, PT720H", "0.5 per 1w, 0.5, PT168H", "2e1  per  1h30m, 20, PT1H30M"})
    void readsANumberPerDuration(String text, double falseAlarms, Duration period) {
        assertThat(FalseAlarms.parse(text)).isEqualTo(new FalseAlarmBudget(falseAlarms, period));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "1 per 30d",
                "30 per 1d",
                "0.25 per 30d",
                "0.3333333333333333 per 1h30m",
                "1E-9 per 365d",
                "1.5E+12 per 500ms"
            })
    void writesWhatItReads(String text) {
        assertThat(FalseAlarms.text(FalseAlarms.parse(text))).isEqualTo(text);
    }

    @Test
    void readsAKeyThatMayBeAbsentOrWrong() {
        Problems problems = new Problems();
        ConfigMapping mapping =
                ConfigMapping.parse("d.yaml", "a: 1 per 30d\nb: never\nc: [1 per 30d]\n", problems);

        assertThat(FalseAlarms.read(mapping, "a"))
                .contains(new FalseAlarmBudget(1, Duration.ofDays(30)));
        assertThat(FalseAlarms.read(mapping, "absent")).isEmpty();
        assertThat(problems.list()).isEmpty();
        assertThat(FalseAlarms.read(mapping, "b")).isEmpty();
        assertThat(FalseAlarms.read(mapping, "c")).isEmpty();
        assertThat(problems.list())
                .extracting(Problem::toString)
                .containsExactly(
                        "d.yaml:2:1: b: 'never' is not a number of false alarms per duration; use"
                                + " for example 1 per 30d",
                        "d.yaml:3:1: c: expected a single value, found a list");
    }
}
