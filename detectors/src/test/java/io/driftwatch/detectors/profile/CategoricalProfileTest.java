package io.driftwatch.detectors.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CategoricalProfileTest {
    private static final String EMOJI = "\uD83D\uDE00"; // U+1F600
    private static final String REPLACEMENT = "\uFFFD"; // U+FFFD: less, yet after it in UTF-16

    @Test
    void ordersCategoriesByCodePoint() {
        CategoricalProfile profile =
                CategoricalProfile.of(
                        Map.of(EMOJI, 1L, REPLACEMENT, 2L, "", 3L, "é", 4L, "e", 5L, "ea", 6L), 7);
        assertThat(profile.categories()).isEqualTo(List.of("", "e", "ea", "é", REPLACEMENT, EMOJI));
        assertThat(profile.reference().counts()).containsExactly(3, 5, 6, 4, 2, 1);
        assertThat(profile.reference().missing()).isEqualTo(7);
        assertThat(profile.cellOf(EMOJI)).isEqualTo(5);
        assertThat(profile.cellOf("never seen")).isEqualTo(6);
        assertThat(profile.cellCount()).isEqualTo(7);
    }

    @Test
    void knowsACategoryWithoutCount() {
        CategoricalProfile profile = CategoricalProfile.of(Map.of("a", 0L, "b", 1L), 0);
        assertThat(profile.cellOf("a")).isZero();
        assertThat(profile.reference().cells()).containsExactly(1);
    }

    @Test
    void isTheSameAfterARoundTrip() {
        CategoricalProfile profile = CategoricalProfile.of(Map.of(EMOJI, 1L, "x", 2L), 3);
        assertThat(
                        CategoricalProfile.restore(
                                profile.categories(),
                                Tally.fromBytes(profile.reference().toBytes())))
                .isEqualTo(profile)
                .hasSameHashCodeAs(profile);
    }

    @Test
    void refusesCountsThatAreNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CategoricalProfile.of(Map.of("a", -1L), 0))
                .withMessageContaining("'a' is -1");
        Map<String, Long> nullCategory = new HashMap<>();
        nullCategory.put(null, 1L);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CategoricalProfile.of(nullCategory, 0))
                .withMessageContaining("null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CategoricalProfile.of(Map.of(), -1))
                .withMessageContaining("missing is -1");
    }

    @Test
    void refusesToRestorePartsThatDoNotFit() {
        Tally one = Tally.of(new int[] {0}, new long[] {1}, 0, 0, 0, 0);
        assertRefused("categories[1] is 'a', not after 'b'", List.of("b", "a"), one);
        assertRefused("categories[1] is 'a', not after 'a'", List.of("a", "a"), one);
        assertRefused("categories[0] is null", Arrays.asList((String) null), one);
        assertRefused(
                "counts cell 2", List.of("a"), Tally.of(new int[] {2}, new long[] {1}, 0, 0, 0, 0));
        assertRefused(
                "infinities or sums",
                List.of("a"),
                Tally.of(new int[] {0}, new long[] {1}, 0, 1, 0, 0));
        assertRefused(
                "infinities or sums",
                List.of("a"),
                Tally.of(new int[] {0}, new long[] {1}, 0, 0, 1, 1));
    }

    private static void assertRefused(String message, List<String> categories, Tally reference) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CategoricalProfile.restore(categories, reference))
                .withMessageContaining(message);
    }
}
