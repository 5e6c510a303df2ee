package io.driftwatch.detectors.statistic;

import static io.driftwatch.detectors.GoldenFile.assertProbability;
import static io.driftwatch.detectors.GoldenFile.assertStatistic;
import static io.driftwatch.detectors.GoldenFile.longs;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.driftwatch.detectors.GoldenFile;
import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.profile.Tally;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CategoricalGoldenTest {
    static Stream<Named<JsonNode>> cases() {
        return GoldenFile.cases("categorical.json").stream()
                .map(golden -> Named.of(GoldenFile.name(golden), golden));
    }

    static Stream<Named<JsonNode>> comparableCases() {
        return cases().filter(golden -> !golden.getPayload().at("/expected/binned").isNull());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void countsCategoriesInCodePointOrder(JsonNode golden) {
        CategoricalProfile profile = profile(golden);
        assertThat(profile.categories()).hasSize(golden.get("cells").size() - 1);
        for (int cell = 0; cell < profile.categories().size(); cell++) {
            assertThat(profile.categories().get(cell))
                    .isEqualTo(golden.get("cells").get(cell).asText());
        }
        assertThat(profile.binned(profile.reference()))
                .containsExactly(longs(golden.at("/expected/cells_reference")));
        assertThat(profile.binned(window(profile, golden)))
                .containsExactly(longs(golden.at("/expected/cells_window")));
    }

    @ParameterizedTest
    @MethodSource("comparableCases")
    void measuresAsTheGoldenNumbersSay(JsonNode golden) {
        CategoricalProfile profile = profile(golden);
        Tally window = window(profile, golden);
        Comparison comparison = new Comparison(profile, window, Smoothing.jeffreys(), 0.001);
        JsonNode binned = golden.at("/expected/binned");

        NumericGoldenTest.assertChiSquare(new ChiSquare().measure(comparison), binned.get("chi2"));
        NumericGoldenTest.assertChiSquare(
                new PooledChiSquare().measure(comparison), binned.get("chi2_pooled5"));
        Measurement psi = new PopulationStabilityIndex().measure(comparison);
        assertStatistic(psi.value(), binned.get("psi_jeffreys"));
        assertProbability(psi.pValue(), binned.at("/chi2_pooled5/p"));
        if (binned.at("/chi2/df").asInt() > 0) {
            assertStatistic(psi.criticalValue(), binned.get("psi_critical_1e-3"));
        }
        NumericGoldenTest.assertDistances(comparison, binned);
        // With counts of billions and shares that hardly differ, the golden sums of logarithms
        // have lost their digits; BinDistancesTest has the true values of that case.
        if (!golden.get("id").asText().equals("cat-open-11")) {
            NumericGoldenTest.assertLikelihoods(comparison, binned);
        }
        assertStatistic(
                new PopulationStabilityIndex()
                        .measure(new Comparison(profile, window, Smoothing.fill(1e-4), 0.001))
                        .value(),
                binned.get("psi_fill_1e-4"));
        assertStatistic(
                new NewCategoryRate().measure(comparison).value(),
                golden.at("/expected/new_category_rate"));
    }

    private static CategoricalProfile profile(JsonNode golden) {
        return CategoricalProfile.of(counts(golden.get("reference")), 0);
    }

    private static Tally window(CategoricalProfile profile, JsonNode golden) {
        Tally window = Tally.EMPTY;
        for (Map.Entry<String, Long> entry : counts(golden.get("window")).entrySet()) {
            if (entry.getValue() > 0) {
                window =
                        window.plus(
                                Tally.of(
                                        new int[] {profile.cellOf(entry.getKey())},
                                        new long[] {entry.getValue()},
                                        0,
                                        0,
                                        0,
                                        0));
            }
        }
        return window;
    }

    private static Map<String, Long> counts(JsonNode object) {
        Map<String, Long> counts = new LinkedHashMap<>();
        object.properties().forEach(entry -> counts.put(entry.getKey(), entry.getValue().asLong()));
        return counts;
    }
}
