package io.driftwatch.job.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.detectors.profile.CategoricalProfile;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CategoryIdsTest {
    private static IntValues taken(CategoryIds ids, String... texts) {
        IntValues rows = new IntValues();
        for (String text : texts) {
            rows.add(ids.take(text));
        }
        return rows;
    }

    @Test
    void profilesTheRowsOfOneSampleOnly() {
        CategoryIds ids = new CategoryIds();
        IntValues one = taken(ids, "b", "a", null, "b");
        IntValues other = taken(ids, "c", "b");

        assertThat(ids.profile(one, 10))
                .isEqualTo(CategoricalProfile.of(Map.of("a", 1L, "b", 2L), 1));
        assertThat(ids.profile(other, 10))
                .isEqualTo(CategoricalProfile.of(Map.of("b", 1L, "c", 1L), 0));
    }

    @Test
    void countsCategoriesBeyondTheLimitAsNewOnes() {
        CategoryIds ids = new CategoryIds(2);
        IntValues rows = taken(ids, "a", "b", "c", "a", "d", "c");

        CategoricalProfile profile = ids.profile(rows, 10);

        assertThat(ids.unlisted()).isEqualTo(3);
        assertThat(profile.categories()).containsExactly("a", "b");
        assertThat(profile.reference().counts()).containsExactly(2, 1, 3);
        assertThat(profile.cellOf("c")).isEqualTo(profile.newCell());
    }

    @Test
    void findsTheBinOfEveryRow() {
        CategoryIds ids = new CategoryIds(3);
        IntValues rows = taken(ids, "a", null, "b", "c", "d", "a");

        CategoricalProfile profile = ids.profile(rows, 2);

        assertThat(profile.categories()).containsExactly("a", "b");
        assertThat(IntStream.range(0, rows.size()).map(ids.bins(rows, profile)))
                .containsExactly(0, TimeBlocks.NONE, 1, 2, 3, 0);
    }
}
