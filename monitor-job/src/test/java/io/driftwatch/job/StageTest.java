package io.driftwatch.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StageTest {
    @Test
    void isInTheOrderOfTheFlowAndKeepsTheNamesThatSavepointsHold() {
        assertThat(Arrays.stream(Stage.values()).map(s -> s.uid()))
                .containsExactly(
                        "source", "decode", "tally", "window", "score", "judge", "route", "deliver",
                        "retrain", "sink", "observe");
    }

    @Test
    void namesAnOperatorByWhatItWorksFor() {
        assertThat(Stage.TALLY.uid("flight-delay", "features", "1"))
                .isEqualTo("tally-flight-delay-features-1");
    }
}
