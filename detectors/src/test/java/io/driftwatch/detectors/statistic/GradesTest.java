package io.driftwatch.detectors.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.driftwatch.detectors.profile.NumericCounter;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Samples;
import io.driftwatch.detectors.profile.Tally;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One drift has one grade, whichever statistic sees it and however many rows there are. */
class GradesTest {
    private static final NumericProfile PROFILE =
            NumericProfile.of(Samples.normal(1, 50_000, 0, 1), 10);

    @ParameterizedTest
    @CsvSource({
        "psi,200",
        "psi,2000",
        "kl,2000",
        "js,200",
        "js,2000",
        "hellinger,200",
        "hellinger,2000",
        "tvd,200",
        "tvd,2000",
        "ks,200",
        "ks,2000",
        "wasserstein_sd,200",
        "wasserstein_sd,2000",
        "mean,200",
        "mean,2000"
    })
    void readsAShiftOfHalfADeviationAsItsSquare(String name, int rows) {
        Statistic statistic = Statistics.named(name).orElseThrow();
        int windows = 200;
        double sum = 0;
        for (int i = 0; i < windows; i++) {
            NumericCounter counter = PROFILE.newCounter(true);
            for (double value : Samples.normal(100 + i, rows, 0.55, 1)) {
                counter.add(value);
            }
            Tally window = counter.drain();
            Measurement measurement =
                    statistic.measure(new Comparison(PROFILE, window, Smoothing.jeffreys(), 0.001));
            sum += statistic.psiEquivalent(measurement);
        }
        assertThat(sum / windows).isCloseTo(0.55 * 0.55, within(0.06));
    }
}
