package io.driftwatch.detectors.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BinLabelTest {
    @Test
    void intervalsSayWhichEndBelongsToThem() {
        assertThat(labels(12.5, 30, 41))
                .containsExactly("<= 12.5", "(12.5, 30.0]", "(30.0, 41.0]", "> 41.0");
    }

    @Test
    void aSingleBinHoldsAnything() {
        assertThat(labels()).containsExactly("any");
    }

    @Test
    void aFrequentValueStandsAlone() {
        assertThat(labels(Math.nextDown(7.0), 7.0)).containsExactly("< 7.0", "= 7.0", "> 7.0");
        assertThat(labels(-3, Math.nextDown(7.0), 7.0, 9))
                .containsExactly("<= -3.0", "(-3.0, 7.0)", "= 7.0", "(7.0, 9.0]", "> 9.0");
    }

    @Test
    void frequentZeroHasNoSign() {
        assertThat(labels(Math.nextDown(0.0), 0.0)).containsExactly("< 0.0", "= 0.0", "> 0.0");
        assertThat(labels(-1, Math.nextDown(0.0)))
                .containsExactly("<= -1.0", "(-1.0, 0.0)", ">= 0.0");
    }

    @Test
    void neighbouringFrequentValuesLeaveNoGapUnsaid() {
        assertThat(labels(Math.nextDown(1.0), 1.0, Math.nextDown(2.0), 2.0))
                .containsExactly("< 1.0", "= 1.0", "(1.0, 2.0)", "= 2.0", "> 2.0");
    }

    @Test
    void binsOfASampleAreLabelledByItsValues() {
        double[] zeroInflated = {0, 0, 0, 0, 0, 0, 1, 2, 3, 4};
        NumericProfile profile = NumericProfile.of(zeroInflated, 2);
        assertThat(profile.binLabel(profile.binOf(profile.cellOf(0)))).isEqualTo("= 0.0");
        assertThat(profile.binLabel(0)).isEqualTo("< 0.0");
        assertThat(profile.binLabel(profile.binCount() - 1)).startsWith("> 0.0");
    }

    @Test
    void categoriesAreTheirOwnLabels() {
        CategoricalProfile profile = CategoricalProfile.of(Map.of("é", 20L, "a", 40L), 0);
        assertThat(profile.binLabel(0)).isEqualTo("a");
        assertThat(profile.binLabel(1)).isEqualTo("é");
        assertThat(profile.binLabel(2)).isEqualTo("__new__");
    }

    @Test
    void aCategoryOfFewRowsIsNotCalledByItsName() {
        CategoricalProfile profile =
                CategoricalProfile.of(Map.of("Zaphod Beeblebrox", 19L, "a", 40L), 0);

        assertThat(profile.binLabel(0)).isEqualTo("__other__");
        assertThat(profile.binLabel(1)).isEqualTo("a");
    }

    private static List<String> labels(double... edges) {
        NumericProfile profile =
                NumericProfile.restore(edges, edges, false, Tally.EMPTY, Moments.UNKNOWN);
        List<String> labels = new ArrayList<>();
        for (int bin = 0; bin < profile.binCount(); bin++) {
            labels.add(profile.binLabel(bin));
        }
        return labels;
    }
}
