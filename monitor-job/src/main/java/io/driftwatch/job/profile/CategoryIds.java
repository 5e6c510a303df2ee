package io.driftwatch.job.profile;

import io.driftwatch.detectors.profile.CategoricalProfile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * Numbers the categories of one feature, so that a row needs 4 bytes however long its text is. Each
 * category costs about 100 bytes and its text.
 */
final class CategoryIds {
    /** The most categories that are told apart. */
    static final int MOST = 1_000_000;

    /** Stands for a row without a category. */
    static final int MISSING = -1;

    /** Stands for every category beyond the first {@link #MOST}. */
    static final int UNLISTED = -2;

    private final int most;
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<String> texts = new ArrayList<>();
    private long unlisted;

    CategoryIds() {
        this(MOST);
    }

    CategoryIds(int most) {
        this.most = most;
    }

    /** The number of a row's category, from 0 in the order of first sight, or one of the above. */
    int take(String textOrNull) {
        if (textOrNull == null) {
            return MISSING;
        }
        Integer known = ids.get(textOrNull);
        if (known != null) {
            return known;
        }
        if (texts.size() == most) {
            unlisted++;
            return UNLISTED;
        }
        ids.put(textOrNull, texts.size());
        texts.add(textOrNull);
        return texts.size() - 1;
    }

    /** How many rows were taken whose category is not told apart from others. */
    long unlisted() {
        return unlisted;
    }

    /** The profile of a sample's rows. */
    CategoricalProfile profile(IntValues rows, int limit) {
        long[] counts = new long[texts.size()];
        long missingRows = 0;
        long unlistedRows = 0;
        for (int row = 0; row < rows.size(); row++) {
            switch (rows.get(row)) {
                case MISSING -> missingRows++;
                case UNLISTED -> unlistedRows++;
                default -> counts[rows.get(row)]++;
            }
        }
        Map<String, Long> byText = new HashMap<>();
        for (int id = 0; id < counts.length; id++) {
            if (counts[id] > 0) {
                byText.put(texts.get(id), counts[id]);
            }
        }
        return CategoricalProfile.of(byText, unlistedRows, missingRows, limit);
    }

    /** The bin of every row, {@link TimeBlocks#NONE} for those without a category. */
    IntUnaryOperator bins(IntValues rows, CategoricalProfile profile) {
        int[] binOfId = new int[texts.size()];
        Arrays.fill(binOfId, UNLISTED);
        return row -> {
            int id = rows.get(row);
            if (id == MISSING) {
                return TimeBlocks.NONE;
            }
            if (id == UNLISTED) {
                return profile.newCell();
            }
            if (binOfId[id] == UNLISTED) {
                binOfId[id] = profile.binOf(profile.cellOf(texts.get(id)));
            }
            return binOfId[id];
        };
    }
}
