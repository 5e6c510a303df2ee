package io.driftwatch.job.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.detectors.FeatureType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnTypesTest {
    private final ColumnTypes types = new ColumnTypes(1);

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "1|2.5|-1e9, NUMERIC",
        "1||2, NUMERIC",
        "NaN|1|Infinity, NUMERIC",
        "007|008, NUMERIC",
        "1|x, CATEGORICAL",
        "x|1, CATEGORICAL",
        "12D|14D, CATEGORICAL",
        "0x1p3|1, CATEGORICAL",
        "true|false, CATEGORICAL",
        "2001-06-15|2001-06-16, CATEGORICAL",
        "||, CATEGORICAL"
    })
    void tellsTypesFromCells(String cells, FeatureType expected) {
        for (String cell : cells.split("\\|", -1)) {
            types.untyped(0, cell);
        }

        assertThat(types.type(0)).isEqualTo(expected);
    }

    @Test
    void tellsTypesOfFormatsThatHaveThem() {
        ColumnTypes typed = new ColumnTypes(6);
        typed.integer(0, 7);
        typed.text(0, "NaN");
        typed.nothing(0);
        typed.text(1, "7");
        typed.truth(2, true);
        typed.instant(3, 0);
        typed.text(4, "NaN");
        typed.number(5, 0.5);
        typed.other(5, "an object");

        assertThat(typed.type(0)).isEqualTo(FeatureType.NUMERIC);
        assertThat(typed.type(1)).isEqualTo(FeatureType.CATEGORICAL);
        assertThat(typed.type(2)).isEqualTo(FeatureType.CATEGORICAL);
        assertThat(typed.type(3)).isEqualTo(FeatureType.NUMERIC);
        assertThat(typed.type(4)).isEqualTo(FeatureType.CATEGORICAL);
        assertThat(typed.type(5)).isEqualTo(FeatureType.CATEGORICAL);
    }

    @ParameterizedTest(name = "{0} rows with {1} values: {2}")
    @CsvSource({"200, 20, true", "199, 20, false", "200, 21, false", "5000, 2, true"})
    void takesFewWholeNumbersForCodes(int rows, int distinct, boolean codes) {
        for (int i = 0; i < rows; i++) {
            types.untyped(0, Integer.toString(i % distinct));
        }

        assertThat(types.looksLikeCodes(0)).isEqualTo(codes);
    }

    @Test
    void takesFractionsForAmounts() {
        for (int i = 0; i < 500; i++) {
            types.number(0, i % 2 * 0.5);
        }

        assertThat(types.looksLikeCodes(0)).isFalse();
    }
}
