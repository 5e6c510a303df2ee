package io.driftwatch.detectors.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.commons.statistics.inference.ChiSquareTest;
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

    /** Counts 100, 99, ... 1 of c1, c2, ... c100. */
    private static Map<String, Long> falling(int categories) {
        Map<String, Long> counts = new HashMap<>();
        for (long i = 1; i <= categories; i++) {
            counts.put("c" + i, categories + 1 - i);
        }
        return counts;
    }

    @Test
    void refusesALimitOutOfRange() {
        for (int limit : new int[] {-1, 1, 10_001}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CategoricalProfile.of(Map.of("a", 1L), 0, limit))
                    .withMessageContaining("limit of categories is " + limit);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CategoricalProfile.of(Map.of("a", 1L), -1, 0, 5))
                .withMessageContaining("unlisted is -1");
    }

    @Test
    void refusesRememberedHashesOutOfOrder() {
        Tally one = Tally.of(new int[] {0}, new long[] {1}, 0, 0, 0, 0);
        for (long[] hashes : new long[][] {{2, 1}, {1, 1}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CategoricalProfile.restore(List.of("a"), hashes, one))
                    .withMessageContaining("remembered[1]");
        }
    }

    @Test
    void hasNoCellForOthersWhereEveryCategoryHasOne() {
        CategoricalProfile profile = CategoricalProfile.of(falling(5), 0, 5);

        assertThat(profile.hasOther()).isFalse();
        assertThat(profile.cellCount()).isEqualTo(6);
        assertThat(profile.remembered()).isEmpty();
        assertThat(profile.binLabel(5)).isEqualTo("__new__");
        assertThat(profile).isEqualTo(CategoricalProfile.of(falling(5), 0));
        assertThat(profile.layout()).isEqualTo(CategoricalProfile.of(falling(5), 0).layout());
        assertThatIllegalStateException().isThrownBy(profile::otherCell);
    }

    @Test
    void givesTheMostFrequentCategoriesACellAndCountsTheRestTogether() {
        CategoricalProfile profile = CategoricalProfile.of(falling(100), 9, 4);

        assertThat(profile.categories()).containsExactly("c1", "c2", "c3", "c4");
        assertThat(profile.cellCount()).isEqualTo(6);
        assertThat(profile.otherCell()).isEqualTo(4);
        assertThat(profile.newCell()).isEqualTo(5);
        assertThat(profile.binLabel(4)).isEqualTo("__other__");
        assertThat(profile.binLabel(5)).isEqualTo("__new__");
        assertThat(profile.rememberedCount()).isEqualTo(96);
        assertThat(profile.cellOf("c2")).isEqualTo(1);
        for (int i = 5; i <= 100; i++) {
            assertThat(profile.cellOf("c" + i)).isEqualTo(4);
        }
        assertThat(profile.cellOf("c101")).isEqualTo(5);
        assertThat(profile.cellOf("__other__")).isEqualTo(5);
        assertThat(profile.reference().count()).isEqualTo(5050);
        assertThat(profile.reference().missing()).isEqualTo(9);
        assertThat(profile.reference().counts()).containsExactly(100, 99, 98, 97, 4655, 1);
        assertThat(Samples.count(profile, "c1", "c99", "c7", "x", "c100", null))
                .isEqualTo(Tally.of(new int[] {0, 4, 5}, new long[] {1, 3, 1}, 1, 0, 0, 0));
    }

    @Test
    void prefersTheFirstOfEquallyFrequentCategories() {
        Map<String, Long> counts =
                Map.of("d", 2L, EMOJI, 2L, REPLACEMENT, 2L, "a", 1L, "b", 5L, "c", 2L);

        assertThat(CategoricalProfile.of(counts, 0, 3).categories()).containsExactly("b", "c", "d");
        assertThat(CategoricalProfile.of(counts, 0, 4).categories())
                .containsExactly("b", "c", "d", REPLACEMENT);
    }

    @Test
    void keepsCategoriesThatAreNamedLikeItsOwnLabels() {
        CategoricalProfile profile =
                CategoricalProfile.of(
                        Map.of("__new__", 9L, "__other__", 8L, "a", 2L, "b", 2L), 0, 2);

        assertThat(profile.categories()).containsExactly("__new__", "__other__");
        assertThat(profile.reference().counts()).containsExactly(9, 8, 4);
        assertThat(profile.cellOf("__new__")).isZero();
        assertThat(profile.cellOf("__other__")).isEqualTo(1);
        assertThat(profile.cellOf("a")).isEqualTo(2);
        assertThat(profile.cellOf("z")).isEqualTo(3);
    }

    @Test
    void isTheSameAfterARoundTripWithRareCategories() {
        CategoricalProfile profile = CategoricalProfile.of(falling(3000), 1, 10);

        CategoricalProfile restored =
                CategoricalProfile.restore(
                        profile.categories(), profile.remembered(), profile.reference());

        assertThat(restored).isEqualTo(profile).hasSameHashCodeAs(profile);
        assertThat(restored.layout()).isEqualTo(profile.layout());
        assertThat(restored.cellOf("c2000")).isEqualTo(profile.otherCell());
    }

    @Test
    void isAnotherLayoutWhereOtherCategoriesAreRemembered() {
        Map<String, Long> one = Map.of("a", 5L, "b", 5L, "c", 1L);
        Map<String, Long> other = Map.of("a", 5L, "b", 5L, "d", 1L);

        assertThat(CategoricalProfile.of(one, 0, 2).layout())
                .isNotEqualTo(CategoricalProfile.of(other, 0, 2).layout());
        assertThat(CategoricalProfile.of(one, 0, 2))
                .isNotEqualTo(CategoricalProfile.of(other, 0, 2));
    }

    @Test
    void countsWhatIsBeyondItsMemoryAsNewInReferenceAndWindowAlike() {
        int categories = CategoricalProfile.MOST_REMEMBERED + 12;
        Map<String, Long> counts = new HashMap<>();
        for (int i = 0; i < categories; i++) {
            counts.put("c" + i, i < 2 ? 9L : i < 12 ? 2L : 3L);
        }

        CategoricalProfile profile = CategoricalProfile.of(counts, 7, 0, 2);

        assertThat(profile.rememberedCount()).isEqualTo(CategoricalProfile.MOST_REMEMBERED);
        assertThat(profile.cellOf("c2")).isEqualTo(profile.newCell());
        assertThat(profile.cellOf("c12")).isEqualTo(profile.otherCell());
        assertThat(profile.reference().countOf(profile.newCell())).isEqualTo(10 * 2 + 7);
        assertThat(profile.reference().countOf(profile.otherCell())).isEqualTo(3_000_000);
    }

    @Test
    void hashesTextsApart() {
        Set<Long> hashes = new HashSet<>();
        Set<Long> highBits = new HashSet<>();
        int texts = 0;
        for (int i = 0; i < 200_000; i++) {
            for (String text : List.of("" + i, "user-" + i, Integer.toHexString(i) + "-x")) {
                hashes.add(CategoricalProfile.hash(text));
                highBits.add(CategoricalProfile.hash(text) >>> 44);
                texts++;
            }
        }
        assertThat(hashes).hasSize(texts);
        // 600,000 balls in 2^20 boxes leave (1 - exp(-0.572)) of the boxes not empty.
        assertThat((double) highBits.size()).isCloseTo(457_000, within(2_000.0));
    }

    @Test
    void hashesAsInEveryProcessBefore() {
        // FNV-1a of no text is its basis, of which only the last step is left.
        assertThat(CategoricalProfile.hash("")).isEqualTo(0xefd01f60ba992926L);
    }

    @Test
    void isWithoutAPartWhatTheOtherRowsOfTheReferenceCount() {
        Map<String, Long> counts = Map.of("a", 5L, "b", 4L, "c", 3L, "d", 1L, "e", 1L);
        CategoricalProfile profile = CategoricalProfile.of(counts, 2, 2);
        assertThat(profile.reference().counts()).containsExactly(5, 4, 3, 2);

        CategoricalProfile rest =
                profile.without(Samples.count(profile, "a", "c", "c", "d", "c", null));

        assertThat(rest.reference())
                .isEqualTo(
                        Samples.count(profile, "a", "a", "a", "a", "b", "b", "b", "b", "e", null));
        assertThat(rest.layout()).isEqualTo(profile.layout());
        assertThat(rest.cellOf("d")).isEqualTo(profile.otherCell());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> profile.without(Samples.count(profile, "new")))
                .withMessageContaining("part");
    }

    /** How many windows of 20,000 values the chi-square test calls different at 0.001, of 40. */
    private static int alarms(double exponent, boolean uncorrected) {
        SplittableRandom random = new SplittableRandom(8);
        double[] below = new double[100_000];
        double sum = 0;
        for (int i = 0; i < below.length; i++) {
            sum += Math.pow(i + 1, -exponent);
            below[i] = sum;
        }
        Map<String, Long> counts = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            counts.merge(draw(random, below), 1L, Long::sum);
        }
        CategoricalProfile profile = CategoricalProfile.of(counts, 0);
        if (uncorrected) {
            profile = withoutNew(profile);
        }
        int alarms = 0;
        for (int window = 0; window < 40; window++) {
            CategoryCounter counter = profile.newCounter();
            for (int i = 0; i < 20_000; i++) {
                counter.add(draw(random, below));
            }
            long[][] table = {profile.binned(profile.reference()), profile.binned(counter.drain())};
            alarms += ChiSquareTest.withDefaults().test(table).getPValue() < 0.001 ? 1 : 0;
        }
        return alarms;
    }

    private static String draw(SplittableRandom random, double[] below) {
        int place = Arrays.binarySearch(below, random.nextDouble() * below[below.length - 1]);
        return "c" + (place < 0 ? -place - 1 : place);
    }

    /** The same with all reference rows of rare categories in the cell for the others. */
    private static CategoricalProfile withoutNew(CategoricalProfile profile) {
        Tally tally = profile.reference();
        int[] cells = Arrays.copyOf(tally.cells(), tally.size() - 1);
        long[] counts = Arrays.copyOf(tally.counts(), cells.length);
        counts[counts.length - 1] += tally.countOf(profile.newCell());
        return CategoricalProfile.restore(
                profile.categories(),
                profile.remembered(),
                Tally.of(cells, counts, tally.missing(), 0, 0, 0));
    }

    @Test
    void takesACommonShareOfCategoriesNeverSeenForNoDrift() {
        assertThat(alarms(1, true)).as("with a reference that has no new ones").isEqualTo(40);
        assertThat(alarms(1, false)).as("1 / rank").isLessThanOrEqualTo(1);
        assertThat(alarms(0.7, false)).as("1 / rank^0.7").isLessThanOrEqualTo(1);
    }

    private static void assertRefused(String message, List<String> categories, Tally reference) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CategoricalProfile.restore(categories, reference))
                .withMessageContaining(message);
    }
}
