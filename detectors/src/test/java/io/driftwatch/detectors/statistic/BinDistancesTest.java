package io.driftwatch.detectors.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.profile.Tally;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BinDistancesTest {
    private static final List<String> OF_RAW_SHARES =
            List.of("js", "hellinger", "tvd", "linf", "chi2", "g");

    /** Counts, then js, hellinger and g by mpmath with 60 digits; kl likewise. */
    static Stream<Arguments> nearAndFar() {
        return Stream.of(
                Arguments.of(
                        new long[] {3_000_000_000L, 1_000_000_000},
                        new long[] {2_000_050_000, 666_700_000},
                        4.596931074593765e-06,
                        3.82719616333805e-06,
                        0.18749070350013203,
                        5.859062504357496e-11),
                Arguments.of(
                        new long[] {1_000_000_000, 1_000_000_000, 1_000_000_000},
                        new long[] {1_000_000_001, 1_000_000_000, 999_999_999},
                        3.4673417302127426e-10,
                        2.886751345948129e-10,
                        1.0e-9,
                        3.33333333e-19),
                Arguments.of(
                        new long[] {1_000_000_000_000L, 1_000_000_000_007L, 5},
                        new long[] {3_000_000_000_000L, 3_000_000_000_020L, 16},
                        4.403910396324598e-08,
                        3.6666549629341376E-8,
                        0.016045781286216698,
                        1.3888888888805557e-26),
                Arguments.of(
                        new long[] {70, 20, 10, 0},
                        new long[] {1, 0, 3, 6},
                        0.7876030712410502,
                        0.7498131688205091,
                        42.46342506176547,
                        2.5729845282666344),
                Arguments.of(
                        new long[] {1, 999_999},
                        new long[] {999_999, 1},
                        0.9999893128114475,
                        0.998999499999875,
                        2772529.4601995493,
                        13.410004719761366),
                Arguments.of(
                        new long[] {1, 1_000_000_000_000L},
                        new long[] {0, 1_000_000_000_000L},
                        7.071067811863215e-07,
                        7.071067811862824e-07,
                        1.3862943611193905,
                        4.5069385566499446e-13),
                Arguments.of(
                        new long[] {1_050, 1_000, 1_000},
                        new long[] {1_000, 1_000, 1_080},
                        0.022100369114081145,
                        0.018400531409867967,
                        4.15049576226368,
                        0.0013560501993437133),
                Arguments.of(
                        new long[] {1_000_000, 1_000},
                        new long[] {1_000_000, 2},
                        0.02214207265640696,
                        0.021352420007447147,
                        1359.7067674658742,
                        0.0009825194719677484));
    }

    @ParameterizedTest
    @MethodSource("nearAndFar")
    void keepsItsDigitsHoweverNearTheSharesAre(
            long[] reference, long[] window, double js, double hellinger, double g, double kl) {
        assertThat(value("js", reference, window)).isCloseTo(js, within(1e-13 * js));
        assertThat(value("hellinger", reference, window))
                .isCloseTo(hellinger, within(1e-13 * hellinger));
        assertThat(value("g", reference, window)).isCloseTo(g, within(1e-13 * g));
        assertThat(value("kl", reference, window)).isCloseTo(kl, within(1e-15 + 1e-13 * kl));
    }

    @Test
    void isExactlyZeroForEqualSharesOfSamplesOfAnySize() {
        Random random = new Random(1);
        for (int round = 0; round < 500; round++) {
            long[] shape = random.longs(1 + random.nextInt(20), 1, 10_000).toArray();
            long[] reference = times(shape, 1 + random.nextInt(1_000_000));
            long[] window = times(shape, 1 + random.nextInt(1_000_000));
            for (String name : OF_RAW_SHARES) {
                assertThat(value(name, reference, window)).as(name).isZero();
            }
            for (String name : List.of("psi", "kl")) {
                assertThat(value(name, reference, reference)).as(name).isZero();
            }
        }
    }

    @Test
    void isOneForSamplesWithoutACommonBin() {
        Random random = new Random(2);
        for (int round = 0; round < 200; round++) {
            long[] reference = new long[20];
            long[] window = new long[20];
            for (int bin = 0; bin < 20; bin++) {
                (bin % 2 == 0 ? reference : window)[bin] = 1L + random.nextInt(1_000);
            }
            for (String name : List.of("js", "hellinger", "tvd")) {
                assertThat(value(name, reference, window)).as(name).isBetween(1 - 1e-14, 1.0);
            }
        }
        assertThat(value("linf", new long[] {8, 0}, new long[] {0, 3})).isOne();
    }

    @Test
    void distancesKeepToTheInequalitiesBetweenThem() {
        Random random = new Random(3);
        for (int round = 0; round < 500; round++) {
            long[] reference = random.longs(12, 0, 40).toArray();
            long[] window = random.longs(12, 0, 40).toArray();
            double tvd = value("tvd", reference, window);
            double hellinger = value("hellinger", reference, window);
            double js = value("js", reference, window);
            assertThat(hellinger * hellinger).isLessThanOrEqualTo(tvd);
            assertThat(tvd).isLessThanOrEqualTo(hellinger * Math.sqrt(2));
            // Lin 1991, theorem 3: the divergence is at most the total variation.
            assertThat(js * js).isLessThanOrEqualTo(tvd);
            assertThat(value("linf", reference, window)).isLessThanOrEqualTo(tvd + 1e-15);
            for (String name : List.of("tvd", "hellinger", "js", "linf", "g")) {
                assertThat(value(name, window, reference))
                        .isCloseTo(value(name, reference, window), within(1e-12));
            }
        }
    }

    @Test
    void sumsWhatCanBeSummedByHand() {
        long[] reference = {50, 30, 20};
        long[] window = {20, 30, 50};
        assertThat(value("tvd", reference, window)).isCloseTo(0.3, within(1e-15));
        assertThat(value("linf", reference, window)).isCloseTo(0.3, within(1e-15));
        assertThat(value("linf", new long[] {5, 5, 0}, new long[] {1, 4, 5}))
                .isCloseTo(0.5, within(1e-15));
        double filled =
                new KullbackLeibler()
                        .measure(
                                new Comparison(
                                        profile(50, 50, 0),
                                        tally(25, 50, 25),
                                        Smoothing.fill(0.01),
                                        0.01))
                        .value();
        assertThat(filled)
                .isCloseTo(0.25 * Math.log(0.5) + 0.25 * Math.log(0.25 / 0.01), within(1e-15));
    }

    @Test
    void divergenceIsNeverBelowZeroThoughFilledSharesSumToMoreThanOne() {
        Comparison comparison =
                new Comparison(
                        profile(10_000, 0, 0, 1),
                        tally(100_000, 1, 1, 10),
                        Smoothing.fill(0.01),
                        0.01);
        assertThat(new KullbackLeibler().measure(comparison).value()).isZero();
    }

    @Test
    void divergenceSeesFromTheSideOfTheWindow() {
        long[] with = {900, 100};
        long[] without = {1_000, 0};
        // What is new in the window costs more than what is gone from it.
        assertThat(value("kl", without, with)).isGreaterThan(2 * value("kl", with, without));
    }

    @ParameterizedTest
    @ValueSource(strings = {"psi", "kl", "js", "hellinger", "tvd"})
    void equivalentIndexOfANormalFeatureThatMovesIsTheSquareOfTheShift(String name) {
        double shift = 0.2;
        long[] reference = normalShares(0);
        long[] window = normalShares(shift);
        Statistic statistic = Statistics.named(name).orElseThrow();
        Comparison comparison =
                new Comparison(profile(reference), tally(window), Smoothing.jeffreys(), 0.01);
        assertThat(statistic.psiEquivalent(statistic.measure(comparison)))
                .isCloseTo(shift * shift, within(0.03 * shift * shift));
    }

    @ParameterizedTest
    @ValueSource(strings = {"linf", "chi2", "chi2_pooled", "g", "sd"})
    void whatIsNoSizeOfADriftHasNoEquivalentIndex(String name) {
        Statistic statistic = Statistics.named(name).orElseThrow();
        assertThat(statistic.isGraded()).isFalse();
        assertThat(statistic.psiEquivalent(Measurement.notEvaluable("", 0, 0))).isNaN();
    }

    @Test
    void namesTheBinsInOrderOfUse() {
        assertThat(Statistics.names())
                .startsWith(
                        "psi",
                        "kl",
                        "js",
                        "hellinger",
                        "tvd",
                        "linf",
                        "chi2",
                        "chi2_pooled",
                        "g",
                        "ks");
    }

    /** A trillion values of a normal feature in bins of a tenth of a standard deviation. */
    private static long[] normalShares(double mean) {
        NormalDistribution normal = NormalDistribution.of(mean, 1);
        long[] counts = new long[80];
        for (int bin = 0; bin < counts.length; bin++) {
            double edge = bin / 10.0 - 4;
            counts[bin] = Math.round(1e12 * normal.probability(edge, edge + 0.1));
        }
        return counts;
    }

    private static long[] times(long[] counts, long factor) {
        return Arrays.stream(counts).map(count -> count * factor).toArray();
    }

    private static double value(String name, long[] reference, long[] window) {
        return Statistics.named(name)
                .orElseThrow()
                .measure(
                        new Comparison(
                                profile(reference), tally(window), Smoothing.jeffreys(), 0.01))
                .value();
    }

    static CategoricalProfile profile(long... counts) {
        Map<String, Long> categories = new TreeMap<>();
        for (int bin = 0; bin < counts.length; bin++) {
            categories.put(String.format("%04d", bin), counts[bin]);
        }
        return CategoricalProfile.of(categories, 0);
    }

    static Tally tally(long... counts) {
        int[] cells = new int[counts.length];
        long[] nonEmpty = new long[counts.length];
        int size = 0;
        for (int cell = 0; cell < counts.length; cell++) {
            if (counts[cell] > 0) {
                cells[size] = cell;
                nonEmpty[size++] = counts[cell];
            }
        }
        return Tally.of(Arrays.copyOf(cells, size), Arrays.copyOf(nonEmpty, size), 0, 0, 0, 0);
    }
}
