package io.driftwatch.detectors.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChiSquarePowerTest {
    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    /** The square of a normal number that is off by sqrt(lambda). */
    @Test
    void tailOfOneDegreeOfFreedomIsTheTwoSidedNormalOne() {
        for (double lambda : new double[] {0, 1e-9, 0.1, 1, 5, 30, 200, 3_000}) {
            for (double z : new double[] {0.01, 0.5, 1, 2, 4, 6, 12}) {
                double shift = Math.sqrt(lambda);
                double expected =
                        NORMAL.survivalProbability(z - shift)
                                + NORMAL.survivalProbability(z + shift);
                assertThat(ChiSquarePower.probability(z * z, 1, lambda))
                        .as("lambda %s, z %s", lambda, z)
                        .isCloseTo(expected, within(1e-14 + 1e-10 * expected));
            }
        }
    }

    /** Sums of the Poisson mixture with 40 digits, by mpmath; scipy.stats.ncx2.sf agrees. */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 0.5, 0.42870298961325411",
        "20, 3, 10, 0.14862072105041389",
        "100, 10, 5, 2.5858841495293638e-12",
        "5, 4, 60, 0.99999999758195268",
        "300, 100, 50, 9.6420206337208651e-10",
        "150, 2, 1, 4.2307591104281469e-29"
    })
    void tailAgreesWithManyDigits(double x, int freedom, double lambda, double expected) {
        assertThat(ChiSquarePower.probability(x, freedom, lambda))
                .isCloseTo(expected, within(1e-10 * expected));
    }

    /** One coordinate is normal around sqrt(lambda), the others are central: integrate over it. */
    @Test
    void tailAgreesWithTheIntegralOverOneCoordinate() {
        for (int freedom : new int[] {2, 3, 10, 99}) {
            for (double lambda : new double[] {0.3, 7, 60}) {
                for (double x : new double[] {1, 12, freedom + lambda, 2 * (freedom + lambda)}) {
                    assertThat(ChiSquarePower.probability(x, freedom, lambda))
                            .as("x %s, %s degrees of freedom, lambda %s", x, freedom, lambda)
                            .isCloseTo(integral(x, freedom, lambda), within(1e-5));
                }
            }
        }
    }

    private static double integral(double x, int freedom, double lambda) {
        double step = 1e-3;
        double sum = 0;
        for (double z = -9; z < 9; z += step) {
            double coordinate = z + step / 2 + Math.sqrt(lambda);
            double rest = x - coordinate * coordinate;
            sum +=
                    NORMAL.density(z + step / 2)
                            * (rest <= 0 ? 1 : ChiSquareTail.probability(rest, freedom - 1));
        }
        return sum * step;
    }

    /**
     * The first five are in every table of power analysis, e.g. Cohen 1988, the others by scipy.
     */
    @ParameterizedTest
    @CsvSource({
        "1, 0.05, 10.507419409690758",
        "2, 0.05, 12.653936039357811",
        "3, 0.05, 14.171487304468252",
        "5, 0.05, 16.469464241085756",
        "10, 0.05, 20.53197074179111",
        "9, 0.001, 34.075191279226935",
        "19, 1e-6, 66.30433994897163",
        "99, 0.001, 77.50571826212088",
        "999, 1e-6, 298.94479156442367",
        "9999, 1e-9, 1070.8518513901458"
    })
    void noncentralityAgreesWithPublishedTables(int freedom, double level, double expected) {
        assertThat(ChiSquarePower.noncentrality(freedom, level))
                .isCloseTo(expected, within(1e-8 * expected));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 20, 99, 400, 2_000, 9_999})
    @Timeout(20)
    void noncentralityGivesThePowerBack(int freedom) {
        double last = 0;
        for (double level = 0.05; level > 1e-9; level /= 7) {
            double lambda = ChiSquarePower.noncentrality(freedom, level);
            assertThat(lambda).isGreaterThan(last).isFinite();
            assertThat(
                            ChiSquarePower.probability(
                                    ChiSquareTail.quantile(level, freedom), freedom, lambda))
                    .isCloseTo(0.9, within(1e-8));
            last = lambda;
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.9000001, 0.99, 0.999999})
    void levelBeyondThePowerNeedsNoDrift(double level) {
        assertThat(ChiSquarePower.noncentrality(4, level)).isZero();
        assertThat(ChiSquarePower.noncentrality(4, 0.89)).isPositive();
    }
}
