package io.driftwatch.detectors.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.driftwatch.detectors.profile.CategoricalProfile;
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
}
