package io.driftwatch.detectors.statistic;

import static io.driftwatch.detectors.GoldenFile.assertRelative;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.driftwatch.detectors.GoldenFile;
import io.driftwatch.detectors.profile.CategoricalProfile;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CriticalGoldenTest {
    private static final double TOLERANCE = 1e-9;

    static Stream<Named<JsonNode>> cases() {
        return GoldenFile.cases("critical.json").stream()
                .map(golden -> Named.of(golden.toString(), golden));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithTheGoldenTailsAndCriticalValues(JsonNode golden) {
        if (golden.has("kolmogorov_z")) {
            assertClose(
                    Kolmogorov.probability(golden.get("kolmogorov_z").asDouble()),
                    golden.get("kolmogorov_sf"));
        } else if (golden.has("chi2_x")) {
            assertClose(
                    ChiSquareTail.probability(
                            golden.get("chi2_x").asDouble(), golden.get("chi2_df").asInt()),
                    golden.get("chi2_sf"));
        } else {
            double alpha = golden.get("alpha").asDouble();
            Trial trial =
                    new Trial(
                            CategoricalProfile.of(Map.of("any", golden.get("m").asLong()), 0),
                            golden.get("n").asLong(),
                            golden.get("K").asInt(),
                            alpha,
                            1);
            assertClose(
                    ChiSquareTail.quantile(alpha, trial.degreesOfFreedom()), golden.get("chi2"));
            assertClose(critical("chi2", trial), golden.get("chi2"));
            assertClose(critical("g", trial), golden.get("chi2"));
            assertClose(critical("psi", trial), golden.get("psi"));
            assertClose(critical("kl", trial), golden.get("kl"));
            assertClose(critical("js", trial), golden.get("js_distance_base2"));
            assertClose(
                    critical("js", trial) * Math.sqrt(Math.log(2)), golden.get("js_distance_nats"));
            assertClose(critical("hellinger", trial), golden.get("hellinger"));
            assertClose(critical("ks", trial), golden.get("ks_d_limit"));
        }
    }

    private static double critical(String name, Trial trial) {
        return Statistics.named(name).orElseThrow().noise(trial).critical();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-300, 1e-200, 1e-100, 1e-20, 1e-3, 0.1, 0.5, 0.9, 0.999, 0.9999999})
    void kolmogorovQuantileInvertsTheProbability(double probability) {
        double z = Kolmogorov.quantile(probability);
        assertRelative(Kolmogorov.probability(z), probability, 1e-11, 0);
    }

    @Test
    void kolmogorovProbabilityNeverRisesAndStaysAProbability() {
        double last = 1;
        for (double z = -1; z < 25; z += 0.001) {
            double probability = Kolmogorov.probability(z);
            assertThat(probability).isBetween(0.0, last + 1e-15);
            last = probability;
        }
        assertThat(Kolmogorov.quantile(Math.nextDown(1.0))).isPositive();
        assertThat(Kolmogorov.quantile(Double.MIN_VALUE)).isBetween(19.0, 20.0);
    }

    @Test
    void chiSquareTailStandsAtItsEnds() {
        assertThat(ChiSquareTail.probability(0, 3)).isOne();
        assertThat(ChiSquareTail.probability(1e18, 3)).isZero();
        assertThat(ChiSquareTail.probability(Double.POSITIVE_INFINITY, 1)).isZero();
        assertThat(ChiSquareTail.probability(1e6, 1_000_000)).isCloseTo(0.5, within(1e-3));
        assertThat(ChiSquareTail.normalProbability(1.959963984540054))
                .isCloseTo(0.05, within(1e-12));
        assertThat(ChiSquareTail.normalQuantile(0.05)).isCloseTo(1.959963984540054, within(1e-12));
    }

    private static void assertClose(double actual, JsonNode expected) {
        assertRelative(actual, expected.asDouble(), TOLERANCE, 0);
    }
}
