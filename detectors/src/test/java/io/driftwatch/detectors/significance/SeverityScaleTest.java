package io.driftwatch.detectors.significance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeverityScaleTest {

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @CsvSource({
        "0, 0.1, 0.25",
        "-0.02, 0.1, 0.25",
        "NaN, 0.1, 0.25",
        "0.02, NaN, 0.25",
        "0.02, 0.1, NaN",
        "0.1, 0.02, 0.25",
        "0.02, 0.25, 0.1",
        "0.02, 0.1, Infinity"
    })
    void refusesLimitsThatDoNotRiseFromAboveZero(double low, double warning, double critical) {
        assertThatThrownBy(() -> new SeverityScale(low, warning, critical))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(low + ", " + warning + ", " + critical)
                .hasMessageEndingWith("e.g. 0.02, 0.1, 0.25");
    }

    @ParameterizedTest(name = "an excess of {0} is {1}")
    @CsvSource({
        "NaN,      INFO",
        "0,        INFO",
        "0.019999, INFO",
        "0.02,     LOW",
        "0.099999, LOW",
        "0.1,      WARNING",
        "0.249999, WARNING",
        "0.25,     CRITICAL",
        "Infinity, CRITICAL"
    })
    void gradesWhatIsSignificant(double excess, DriftSeverity expected) {
        assertThat(SeverityScale.DEFAULT.of(true, excess)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"NaN", "0", "0.3", "Infinity"})
    void whatChanceExplainsHasNoSeverityHoweverLarge(double excess) {
        assertThat(SeverityScale.DEFAULT.of(false, excess)).isEqualTo(DriftSeverity.NONE);
    }

    @ParameterizedTest(name = "{1} begins where {0} ends")
    @CsvSource({"INFO, LOW", "LOW, WARNING", "WARNING, CRITICAL"})
    void theLeastExcessOfAGradeIsWhereItBegins(DriftSeverity below, DriftSeverity severity) {
        SeverityScale scale = new SeverityScale(0.5, 1, 2);

        assertThat(scale.of(true, scale.least(severity))).isEqualTo(severity);
        assertThat(scale.of(true, Math.nextDown(scale.least(severity)))).isEqualTo(below);
    }

    @Test
    void theLowestGradesBeginAtNothing() {
        assertThat(SeverityScale.DEFAULT.least(DriftSeverity.NONE)).isZero();
        assertThat(SeverityScale.DEFAULT.least(DriftSeverity.INFO)).isZero();
    }

    @Test
    void equalLimitsLeaveAGradeOut() {
        SeverityScale scale = new SeverityScale(0.1, 0.1, 0.25);

        assertThat(scale.of(true, 0.1)).isEqualTo(DriftSeverity.WARNING);
        assertThat(scale.of(true, 0.09)).isEqualTo(DriftSeverity.INFO);
    }

    /** The index of a shift by d standard deviations of a normal feature is d squared. */
    @ParameterizedTest(name = "{0} standard deviations")
    @CsvSource({"0.14, INFO", "0.15, LOW", "0.31, LOW", "0.32, WARNING", "0.5, CRITICAL"})
    void theUsualLimitsAreShiftsOfTheMean(double shift, DriftSeverity expected) {
        assertThat(SeverityScale.DEFAULT.of(true, shift * shift)).isEqualTo(expected);
    }

    @Test
    void gradesRiseInTheOrderOfTheEnum() {
        assertThat(DriftSeverity.values())
                .containsExactly(
                        DriftSeverity.NONE,
                        DriftSeverity.INFO,
                        DriftSeverity.LOW,
                        DriftSeverity.WARNING,
                        DriftSeverity.CRITICAL);
    }
}
