package io.driftwatch.detectors.significance;

import static io.driftwatch.detectors.GoldenFile.assertRelative;
import static io.driftwatch.detectors.GoldenFile.doubles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.driftwatch.detectors.GoldenFile;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultiplicityTest {
    private static final List<UnaryOperator<double[]>> METHODS =
            List.of(
                    Multiplicity::bonferroni,
                    Multiplicity::holm,
                    Multiplicity::benjaminiHochberg,
                    Multiplicity::benjaminiYekutieli);

    @ParameterizedTest(name = "p = {0}")
    @ValueSource(doubles = {-1e-300, 1.0000000001, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesWhatIsNoProbability(double p) {
        double[] pValues = {0.5, p};

        for (UnaryOperator<double[]> method : METHODS) {
            assertThatThrownBy(() -> method.apply(pValues))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("pValues[1] is " + p);
        }
    }

    @Test
    void refusesFewerTestsThanPValues() {
        double[] two = {0.1, 0.2};

        assertThatThrownBy(() -> Multiplicity.holm(two, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 p-values of 1 tests; count every test");
        assertThatThrownBy(() -> Multiplicity.bonferroni(two, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    static List<JsonNode> golden() {
        return GoldenFile.cases("multiplicity.json");
    }

    @ParameterizedTest(name = "case {index}")
    @MethodSource("golden")
    void agreesWithTheGoldenFigures(JsonNode golden) {
        double[] p = doubles(golden.get("p"));

        assertAll(Multiplicity.bonferroni(p), golden.get("bonferroni"));
        assertAll(Multiplicity.holm(p), golden.get("holm"));
        assertAll(Multiplicity.benjaminiHochberg(p), golden.get("bh"));
        assertAll(Multiplicity.benjaminiYekutieli(p), golden.get("by"));
    }

    /**
     * All but one: there six p-values of 0.05 have the q-value 0.05, which is rejected at 0.05; the
     * golden figures put it one rounding error above.
     */
    static List<JsonNode> goldenOffTheLevel() {
        return golden().stream()
                .filter(
                        golden ->
                                Arrays.stream(doubles(golden.get("bh")))
                                        .noneMatch(q -> Math.abs(q - 0.05) < 1e-15))
                .toList();
    }

    @ParameterizedTest(name = "case {index}")
    @MethodSource("goldenOffTheLevel")
    void discoversWhatTheGoldenFiguresDiscover(JsonNode golden) {
        double[] qValues = Multiplicity.benjaminiHochberg(doubles(golden.get("p")));

        assertThat(IntStream.range(0, qValues.length).filter(i -> qValues[i] <= 0.05).toArray())
                .containsExactlyInAnyOrder(ints(golden.get("bh_rejected_at_0_05")));
    }

    @Test
    void equalPValuesAreTheirOwnQValue() {
        double[] equal = {0.05, 0.05, 0.05, 0.05, 0.05, 0.05};

        assertThat(Multiplicity.benjaminiHochberg(equal)).containsExactly(equal);
    }

    private static void assertAll(double[] actual, JsonNode expected) {
        assertThat(actual).hasSameSizeAs(doubles(expected));
        for (int i = 0; i < actual.length; i++) {
            assertRelative(actual[i], expected.get(i).asDouble(), 1e-14, 0);
        }
    }

    private static int[] ints(JsonNode array) {
        return Arrays.stream(GoldenFile.longs(array)).mapToInt(Math::toIntExact).toArray();
    }

    @Test
    void noTestsNeedNoCorrection() {
        for (UnaryOperator<double[]> method : METHODS) {
            assertThat(method.apply(new double[0])).isEmpty();
        }
        assertThat(Multiplicity.holm(new double[0], 12)).isEmpty();
    }

    @Test
    void testsThatGaveNoPValueCountAsIfTheyHadShownNothing() {
        double[] few = {0.002, 0.001};
        double[] all = {0.002, 0.001, 1, 1, 1};

        assertThat(Multiplicity.holm(few, 5)).isEqualTo(Arrays.copyOf(Multiplicity.holm(all), 2));
        assertThat(Multiplicity.bonferroni(few, 5))
                .isEqualTo(Arrays.copyOf(Multiplicity.bonferroni(all), 2));
    }

    /** The procedures as their papers state them: which tests are rejected at a level. */
    @Test
    void rejectsWhatTheProceduresReject() {
        SplittableRandom random = new SplittableRandom(1979);
        for (int round = 0; round < 2_000; round++) {
            double[] p = pValues(random);
            double level = random.nextDouble(0.001, 0.3);
            double[] sorted = p.clone();
            Arrays.sort(sorted);

            assertRejects(Multiplicity.holm(p), p, level, stepDown(sorted, level));
            assertRejects(Multiplicity.benjaminiHochberg(p), p, level, stepUp(sorted, level));
        }
    }

    private static double[] pValues(SplittableRandom random) {
        // Cubes crowd near 0; rounding makes ties.
        return random.doubles(random.nextInt(1, 30))
                .map(u -> Math.round(1000 * u * u * u) / 1000.0)
                .toArray();
    }

    /** Holm: the smallest ones, up to the first that is above level / (k - rank + 1). */
    private static int stepDown(double[] sorted, double level) {
        int rejected = 0;
        while (rejected < sorted.length && sorted[rejected] <= level / (sorted.length - rejected)) {
            rejected++;
        }
        return rejected;
    }

    /** Benjamini and Hochberg: up to the last that is not above level * rank / k. */
    private static int stepUp(double[] sorted, double level) {
        int rejected = 0;
        for (int rank = 1; rank <= sorted.length; rank++) {
            if (sorted[rank - 1] <= level * rank / sorted.length) {
                rejected = rank;
            }
        }
        return rejected;
    }

    private static void assertRejects(double[] adjusted, double[] p, double level, int expected) {
        assertThat(Arrays.stream(adjusted).filter(a -> a <= level).count())
                .as("%s at %s", Arrays.toString(p), level)
                .isEqualTo(expected);
    }

    @Test
    void holmIsBetweenThePValueAndBonferroni() {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 200; round++) {
            double[] p = pValues(random);
            double[] holm = Multiplicity.holm(p);
            double[] bonferroni = Multiplicity.bonferroni(p);
            for (int i = 0; i < p.length; i++) {
                assertThat(holm[i]).isBetween(p[i], bonferroni[i]);
            }
        }
    }

    @Test
    void theOrderOfTheTestsDoesNotMatter() {
        double[] p = {0.04, 0.001, 0.2, 0.001, 0.03};
        double[] reversed = {0.03, 0.001, 0.2, 0.001, 0.04};

        for (UnaryOperator<double[]> method : METHODS) {
            double[] expected = method.apply(p);
            double[] actual = method.apply(reversed);
            for (int i = 0; i < p.length; i++) {
                assertThat(actual[p.length - 1 - i]).isCloseTo(expected[i], Offset.offset(0.0));
            }
        }
    }

    @Test
    void leavesTheGivenValuesAlone() {
        double[] p = {0.04, 0.001, 0.2};

        for (UnaryOperator<double[]> method : METHODS) {
            assertThat(method.apply(p)).isNotSameAs(p);
            assertThat(p).containsExactly(0.04, 0.001, 0.2);
        }
    }
}
