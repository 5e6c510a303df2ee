package io.driftwatch.job.ruletest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesValuesTest {
    /** The examples of promtool's documentation, and some more. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "-2+4x3,        -2 2 6 10",
        "1-2x4,         1 -1 -3 -5 -7",
        "1x4,           1 1 1 1 1",
        "1 _x3 2,       1 _ _ _ 2",
        "0.5,           0.5",
        "' 1   2 ',     1 2",
        ".5 1e-3 +2,    0.5 0.001 2",
        "1+0.5x0,       1",
        "_ 1x0 _,       _ 1 _"
    })
    void readsPromtoolsNotation(String text, String values) {
        List<Double> expected =
                Arrays.stream(values.split(" "))
                        .map(v -> v.equals("_") ? null : Double.valueOf(v))
                        .toList();

        assertThat(SeriesValues.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"much", "1x", "x3", "1+x3", "1,2", "NaN", "__", "1x9999999"})
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> SeriesValues.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    @Test
    void refusesMoreThanAnybodyCanMean() {
        assertThatThrownBy(() -> SeriesValues.parse("_x999999 _x999999"))
                .hasMessageContaining("more than 1000000 windows");
    }
}
