package io.driftwatch.detectors.statistic;

import static io.driftwatch.detectors.statistic.BinDistancesTest.tally;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Samples;
import io.driftwatch.detectors.profile.Tally;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonTest {
    private static final CategoricalProfile PROFILE =
            CategoricalProfile.of(Map.of("a", 90L, "b", 10L), 0);

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.1, 1.5, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesASignificanceThatIsNoProbability(double significance) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new Comparison(
                                        PROFILE, Tally.EMPTY, Smoothing.jeffreys(), significance))
                .withMessageContaining("significance is " + significance);
    }

    @Test
    void refusesAWindowOfAnotherProfile() {
        Tally window = Tally.of(new int[] {3}, new long[] {1}, 0, 0, 0, 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Comparison(PROFILE, window, Smoothing.jeffreys(), 0.1))
                .withMessageContaining("cell 3")
                .withMessageContaining("another profile");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -1, 2, Double.NaN})
    void refusesAFillThatIsNoShare(double share) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Smoothing.fill(share))
                .withMessageContaining("fill is " + share);
    }

    @Test
    void refusesAMeasurementOutsideItsBounds() {
        assertThatIllegalArgumentException().isThrownBy(() -> measurement(2, 1, 0.5, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> measurement(Double.NaN, 1, 0.5, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> measurement(1, 1, 1.5, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> measurement(1, 1, 0.5, -1));
    }

    private static Measurement measurement(
            double value, double upper, double pValue, double excess) {
        return new Measurement(value, 0, upper, pValue, Noise.UNKNOWN, excess, 10, 10, null);
    }

    @Test
    void sharesWhatSeveralStatisticsNeed() {
        Comparison comparison =
                new Comparison(
                        PROFILE,
                        Tally.of(new int[] {0, 2}, new long[] {5, 5}, 0, 0, 0, 0),
                        Smoothing.jeffreys(),
                        0.1);
        assertThat(comparison.bins()).isSameAs(comparison.bins());
        assertThat(comparison.chiSquare()).isSameAs(comparison.chiSquare());
        assertThat(comparison.pooledChiSquare()).isSameAs(comparison.pooledChiSquare());
    }

    @Test
    void namesTheCategoryWhoseShareChangedMost() {
        assertThat(change(tally(80, 20))).isEqualTo(new BinChange("a", 0.8, 0.9));
        assertThat(change(tally(45, 5, 50))).isEqualTo(new BinChange("__new__", 0.5, 0));
        assertThat(change(tally(0, 7))).isEqualTo(new BinChange("a", 0, 0.9));
    }

    @Test
    void namesNoCategoryWhereNothingChangedOrNothingWasCounted() {
        assertThat(comparison(PROFILE, tally(9, 1)).largestChange()).isEmpty();
        assertThat(comparison(PROFILE, tally(2_700_000_027L, 300_000_003)).largestChange())
                .isEmpty();
        assertThat(comparison(PROFILE, Tally.EMPTY).largestChange()).isEmpty();
        assertThat(comparison(CategoricalProfile.of(Map.of("a", 0L), 3), tally(5)).largestChange())
                .isEmpty();
    }

    @Test
    void namesTheIntervalWhoseShareChangedMost() {
        NumericProfile profile = NumericProfile.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 3);
        BinChange change =
                comparison(profile, Samples.count(profile, 1, 1, 2, 4, 5, 6))
                        .largestChange()
                        .orElseThrow();
        assertThat(change.bin()).isEqualTo(profile.binLabel(2));
        assertThat(change.share()).isZero();
        assertThat(change.referenceShare()).isCloseTo(1 / 3.0, within(1e-15));
    }

    @Test
    void saysHowManyBinsTakePart() {
        assertThat(comparison(PROFILE, tally(9, 1)).trial().bins()).isEqualTo(2);
        assertThat(comparison(PROFILE, tally(9, 1, 1)).trial().bins()).isEqualTo(3);
        assertThat(comparison(PROFILE, Tally.EMPTY).trial().bins()).isEqualTo(2);
    }

    @Test
    void refusesAnOverdispersionBelowOne() {
        for (double wrong : new double[] {0, 0.99, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () ->
                                    new Comparison(
                                            PROFILE, Tally.EMPTY, Smoothing.jeffreys(), 0.1, wrong))
                    .withMessageContaining("overdispersion is " + wrong);
        }
    }

    private static BinChange change(Tally window) {
        return comparison(PROFILE, window).largestChange().orElseThrow();
    }

    private static Comparison comparison(FeatureProfile profile, Tally window) {
        return new Comparison(profile, window, Smoothing.jeffreys(), 0.1);
    }
}
