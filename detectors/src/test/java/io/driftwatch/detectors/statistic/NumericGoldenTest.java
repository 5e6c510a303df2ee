package io.driftwatch.detectors.statistic;

import static io.driftwatch.detectors.GoldenFile.assertProbability;
import static io.driftwatch.detectors.GoldenFile.assertRelative;
import static io.driftwatch.detectors.GoldenFile.assertStatistic;
import static io.driftwatch.detectors.GoldenFile.doubles;
import static io.driftwatch.detectors.GoldenFile.longs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.driftwatch.detectors.GoldenFile;
import io.driftwatch.detectors.profile.Moments;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Samples;
import io.driftwatch.detectors.profile.Tally;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NumericGoldenTest {
    private static final double SIGNIFICANCE = 0.001;

    static Stream<Named<JsonNode>> cases() {
        return GoldenFile.cases("numeric.json").stream()
                .map(golden -> Named.of(GoldenFile.name(golden), golden));
    }

    /** The cases in which both samples have finite values. */
    static Stream<Named<JsonNode>> comparableCases() {
        return cases().filter(golden -> !golden.getPayload().at("/expected/binned").isNull());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void binsAndCountsAsTheGoldenLayoutDoes(JsonNode golden) {
        NumericProfile profile = profile(golden);
        Tally window = window(profile, golden);
        JsonNode expected = golden.get("expected");
        assertThat(profile.binEdges()).containsExactly(doubles(golden.get("edges")));
        assertThat(profile.binned(profile.reference()))
                .containsExactly(longs(expected.get("cells_reference")));
        assertThat(profile.binned(window)).containsExactly(longs(expected.get("cells_window")));
        assertThat(window.count()).isEqualTo(expected.get("n_finite").asLong());
        assertThat(window.missing()).isEqualTo(expected.get("missing_window").asLong());
        assertThat(window.infinite()).isEqualTo(expected.get("infinite_window").asLong());
        assertThat(profile.reference().count()).isEqualTo(expected.get("m_finite").asLong());
        assertThat(profile.reference().missing())
                .isEqualTo(expected.get("missing_reference").asLong());
        assertThat(profile.reference().infinite())
                .isEqualTo(expected.get("infinite_reference").asLong());
        assertThat(profile.outOfRange(window))
                .isEqualTo(expected.get("out_of_range_window").asLong());
    }

    @ParameterizedTest
    @MethodSource("comparableCases")
    void measuresPsiWithBothKindsOfSmoothing(JsonNode golden) {
        JsonNode binned = golden.at("/expected/binned");
        Measurement jeffreys = measure("psi", golden, Smoothing.jeffreys());
        assertStatistic(jeffreys.value(), binned.get("psi_jeffreys"));
        if (binned.at("/chi2/df").asInt() > 0) {
            assertStatistic(jeffreys.criticalValue(), binned.get("psi_critical_1e-3"));
        } else {
            assertThat(jeffreys.criticalValue()).isNaN();
        }
        boolean pooled = binned.at("/chi2_pooled5/df").asInt() > 0;
        assertProbability(jeffreys.pValue(), binned.at(pooled ? "/chi2_pooled5/p" : "/chi2/p"));
        assertStatistic(
                measure("psi", golden, Smoothing.fill(1e-4)).value(), binned.get("psi_fill_1e-4"));
    }

    @ParameterizedTest
    @MethodSource("comparableCases")
    void measuresDistancesOfBins(JsonNode golden) {
        NumericProfile profile = profile(golden);
        Comparison comparison = comparison(profile, window(profile, golden), Smoothing.jeffreys());
        assertDistances(comparison, golden.at("/expected/binned"));
        assertLikelihoods(comparison, golden.at("/expected/binned"));
    }

    /** Everything that is a size of the difference between bins, and what chance makes of psi. */
    static void assertDistances(Comparison comparison, JsonNode binned) {
        Measurement psi = new PopulationStabilityIndex().measure(comparison);
        boolean oneBin = binned.at("/chi2/df").asInt() == 0;
        if (oneBin) {
            assertThat(psi.noise()).isEqualTo(Noise.UNKNOWN);
            assertThat(psi.excess()).isNaN();
        } else {
            assertStatistic(psi.noise().level(), binned.get("psi_null_mean"));
            assertStatistic(psi.excess(), binned.get("psi_excess"));
        }
        assertStatistic(
                new KullbackLeibler().measure(comparison).value(),
                binned.get("kl_win_ref_jeffreys"));
        assertStatistic(new Hellinger().measure(comparison).value(), binned.get("hellinger"));
        assertStatistic(new TotalVariation().measure(comparison).value(), binned.get("tvd"));
        assertStatistic(new LInfinity().measure(comparison).value(), binned.get("linf"));
        boolean pooled = binned.at("/chi2_pooled5/df").asInt() > 0;
        for (String name : List.of("kl", "js", "hellinger", "tvd", "linf")) {
            assertProbability(
                    Statistics.named(name).orElseThrow().measure(comparison).pValue(),
                    binned.at(pooled ? "/chi2_pooled5/p" : "/chi2/p"));
        }
    }

    /** The two whose golden figures are sums of logarithms of raw shares. */
    static void assertLikelihoods(Comparison comparison, JsonNode binned) {
        double js = new JensenShannon().measure(comparison).value();
        assertStatistic(js, binned.get("js_distance_base2"));
        assertStatistic(js * Math.sqrt(Math.log(2)), binned.get("js_distance_nats"));
        Measurement g = new GTest().measure(comparison);
        assertChiSquare(g, binned.get("g"));
        assertThat(comparison.trial().degreesOfFreedom()).isEqualTo(binned.at("/g/df").asInt());
        assertThat(g.excess()).isNaN();
    }

    @ParameterizedTest
    @MethodSource("comparableCases")
    void measuresBothChiSquares(JsonNode golden) {
        assertChiSquare(measure("chi2", golden), golden.at("/expected/binned/chi2"));
        assertChiSquare(measure("chi2_pooled", golden), golden.at("/expected/binned/chi2_pooled5"));
    }

    static void assertChiSquare(Measurement measurement, JsonNode expected) {
        assertStatistic(measurement.value(), expected.get("stat"));
        assertProbability(measurement.pValue(), expected.get("p"));
        assertThat(Double.isNaN(measurement.criticalValue()))
                .isEqualTo(expected.get("df").asInt() == 0);
    }

    @ParameterizedTest
    @MethodSource("comparableCases")
    void measuresKolmogorovSmirnovExactly(JsonNode golden) {
        JsonNode expected = golden.at("/expected/ks");
        Measurement ks = measure("ks", golden);
        assertThat(ks.value()).isCloseTo(expected.get("d").asDouble(), within(1e-15));
        assertThat(ks.lower()).isEqualTo(ks.value());
        assertThat(ks.upper()).isEqualTo(ks.value());
        assertProbability(ks.pValue(), expected.get("p_kolmogorov_limit"));
        NumericProfile profile = profile(golden);
        assertThat(KolmogorovSmirnov.bounds(profile, window(profile, golden)).numerator())
                .isEqualTo(expected.get("d_numerator_times_nm").asDouble());
    }

    @ParameterizedTest
    @MethodSource("comparableCases")
    void boundsKolmogorovSmirnovFromTheBinsAlone(JsonNode golden) {
        double[] edges = doubles(golden.get("edges"));
        NumericProfile empty =
                NumericProfile.restore(edges, edges, false, Tally.EMPTY, Moments.UNKNOWN);
        NumericProfile coarse =
                NumericProfile.restore(
                        edges,
                        edges,
                        false,
                        Samples.count(empty, doubles(golden.get("reference"))),
                        Moments.UNKNOWN);
        Measurement ks =
                new KolmogorovSmirnov()
                        .measure(comparison(coarse, window(coarse, golden), Smoothing.jeffreys()));
        JsonNode expected = golden.at("/expected/ks");
        assertThat(ks.lower()).isCloseTo(expected.get("d_grid_lower").asDouble(), within(1e-15));
        assertThat(ks.upper()).isCloseTo(expected.get("d_grid_upper").asDouble(), within(1e-15));
        assertThat(expected.get("d").asDouble()).isBetween(ks.lower() - 1e-15, ks.upper() + 1e-15);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void measuresTheMissingRate(JsonNode golden) {
        JsonNode expected = golden.get("expected");
        Measurement missing = measure("missing_rate", golden);
        assertThat(missing.value())
                .isEqualTo(expected.get("missing_window").asDouble() / golden.get("window").size());
        long referenceRows = golden.get("reference").size();
        long referenceMissing = expected.get("missing_reference").asLong();
        RateTest test =
                new RateTest(
                        golden.get("window").size(), referenceMissing, referenceRows, 1, false);
        long hits = expected.get("missing_window").asLong();
        // Where missing values are rare, the chi-square law is not used, as it does not hold.
        if (expected.has("missing_rate_chi2") && !test.isExact(hits)) {
            assertProbability(missing.pValue(), expected.at("/missing_rate_chi2/p"));
        }
    }

    @ParameterizedTest
    @MethodSource("comparableCases")
    void measuresTheOutOfRangeRate(JsonNode golden) {
        JsonNode expected = golden.get("expected");
        assertThat(measure("out_of_range_rate", golden).value())
                .isEqualTo(
                        expected.get("out_of_range_window").asDouble()
                                / expected.get("n_finite").asDouble());
    }

    @ParameterizedTest
    @MethodSource("comparableCases")
    void measuresMoments(JsonNode golden) {
        JsonNode expected = golden.at("/expected/moments");
        Moments moments = profile(golden).moments();
        long m = golden.at("/expected/m_finite").asLong();
        long n = golden.at("/expected/n_finite").asLong();
        // Shifted sums are precise against the spread, not against a mean that is near zero.
        double unit = Math.max(moments.scale(), Math.abs(moments.mean()));
        assertRelative(moments.mean(), expected.get("mean_ref").asDouble(), 1e-10, 1e-12 * unit);
        assertRelative(
                measure("mean", golden).value(),
                expected.get("mean_win").asDouble(),
                1e-10,
                1e-12 * unit);
        if (m > 1) {
            assertRelative(moments.sd(), sampleSd(expected.get("std_ref"), m), 1e-10, 1e-12 * unit);
        }
        Measurement sd = measure("sd", golden);
        if (n > 1) {
            assertRelative(sd.value(), sampleSd(expected.get("std_win"), n), 1e-10, 1e-12 * unit);
        } else {
            assertThat(sd.reason()).contains("needs two");
        }
    }

    private static double sampleSd(JsonNode populationSd, long size) {
        return populationSd.asDouble() * Math.sqrt(size / (size - 1.0));
    }

    private static Measurement measure(String name, JsonNode golden) {
        return measure(name, golden, Smoothing.jeffreys());
    }

    private static Measurement measure(String name, JsonNode golden, Smoothing smoothing) {
        NumericProfile profile = profile(golden);
        return Statistics.named(name)
                .orElseThrow()
                .measure(comparison(profile, window(profile, golden), smoothing));
    }

    private static Comparison comparison(
            NumericProfile profile, Tally window, Smoothing smoothing) {
        return new Comparison(profile, window, smoothing, SIGNIFICANCE);
    }

    private static NumericProfile profile(JsonNode golden) {
        return NumericProfile.of(doubles(golden.get("reference")), golden.get("B").asInt());
    }

    private static Tally window(NumericProfile profile, JsonNode golden) {
        return Samples.count(profile, doubles(golden.get("window")));
    }
}
