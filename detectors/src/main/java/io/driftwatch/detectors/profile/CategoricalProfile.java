package io.driftwatch.detectors.profile;

import io.driftwatch.detectors.FeatureType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The reference of a categorical feature: one cell for every category, in code-point order, and a
 * last one for every category that the reference does not have. Cells and bins are the same.
 */
public final class CategoricalProfile implements FeatureProfile {
    /** Stands for all categories that the reference does not have. */
    public static final String NEW = "__new__";

    private final List<String> categories;
    private final Map<String, Integer> cells;
    private final Tally reference;
    private final long layout;

    private CategoricalProfile(List<String> categories, Tally reference) {
        this.categories = List.copyOf(categories);
        this.reference = reference;
        Layout named = new Layout();
        categories.forEach(named::add);
        this.layout = named.number();
        cells = new HashMap<>();
        for (String category : this.categories) {
            cells.put(category, cells.size());
        }
    }

    /**
     * The profile of a counted sample.
     *
     * @param counts how often each category occurs; a category with count 0 is known all the same
     * @param missing how many rows have no category
     * @throws IllegalArgumentException if a category is null or a count negative
     */
    public static CategoricalProfile of(Map<String, Long> counts, long missing) {
        List<String> categories = new ArrayList<>(counts.size());
        for (Map.Entry<String, Long> entry : counts.entrySet()) {
            if (entry.getKey() == null) {
                throw new IllegalArgumentException(
                        "A category is null; count rows without a category as missing");
            }
            if (entry.getValue() == null || entry.getValue() < 0) {
                throw new IllegalArgumentException(
                        "The count of category '"
                                + entry.getKey()
                                + "' is "
                                + entry.getValue()
                                + ", expected 0 or more");
            }
            categories.add(entry.getKey());
        }
        categories.sort(CategoricalProfile::compareCodePoints);
        int[] cells = new int[categories.size()];
        long[] cellCounts = new long[cells.length];
        int size = 0;
        for (int cell = 0; cell < cells.length; cell++) {
            long count = counts.get(categories.get(cell));
            if (count > 0) {
                cells[size] = cell;
                cellCounts[size++] = count;
            }
        }
        return new CategoricalProfile(
                categories, Tally.trimmed(cells, cellCounts, size, missing, 0, 0, 0));
    }

    /**
     * Reads a profile back from its parts, as this class gave them.
     *
     * @param categories the known categories in code-point order
     * @param reference the reference's counts; the cell after the last category may be counted too
     * @throws IllegalArgumentException if the parts do not fit together; the message says which
     */
    public static CategoricalProfile restore(List<String> categories, Tally reference) {
        for (int i = 0; i < categories.size(); i++) {
            if (categories.get(i) == null) {
                throw new IllegalArgumentException("categories[" + i + "] is null");
            }
            if (i > 0 && compareCodePoints(categories.get(i - 1), categories.get(i)) >= 0) {
                throw new IllegalArgumentException(
                        "categories["
                                + i
                                + "] is '"
                                + categories.get(i)
                                + "', not after '"
                                + categories.get(i - 1)
                                + "' in code-point order; list each category once, in order");
            }
        }
        if (reference.infinite() != 0
                || Double.doubleToLongBits(reference.sum()) != 0
                || Double.doubleToLongBits(reference.sumOfSquares()) != 0) {
            throw new IllegalArgumentException(
                    "The reference of a categorical feature has infinities or sums: " + reference);
        }
        CategoricalProfile profile = new CategoricalProfile(categories, reference);
        profile.requireCells(reference);
        return profile;
    }

    /** Orders as UTF-8 bytes do; String.compareTo would put U+FFFD after U+1F600. */
    private static int compareCodePoints(String one, String other) {
        int length = Math.min(one.length(), other.length());
        for (int i = 0; i < length; i++) {
            char a = one.charAt(i);
            char b = other.charAt(i);
            if (a != b) {
                if (Character.isSurrogate(a) != Character.isSurrogate(b)) {
                    return Character.isSurrogate(a) ? 1 : -1;
                }
                return Character.compare(a, b);
            }
        }
        return Integer.compare(one.length(), other.length());
    }

    @Override
    public FeatureType type() {
        return FeatureType.CATEGORICAL;
    }

    @Override
    public int cellCount() {
        return categories.size() + 1;
    }

    @Override
    public int binCount() {
        return cellCount();
    }

    @Override
    public int binOf(int cell) {
        return cell;
    }

    @Override
    public Tally reference() {
        return reference;
    }

    @Override
    public CategoryCounter newCounter() {
        return new CategoryCounter(this);
    }

    @Override
    public long layout() {
        return layout;
    }

    /** The known categories in code-point order; a category's place is its cell. */
    public List<String> categories() {
        return categories;
    }

    /** The cell that counts categories which the reference does not have: the last one. */
    public int newCell() {
        return cellCount() - 1;
    }

    @Override
    public String binLabel(int bin) {
        return bin < categories.size() ? categories.get(bin) : NEW;
    }

    /** The cell of a category: the last one for a category that the reference does not have. */
    public int cellOf(String category) {
        Integer cell = cells.get(category);
        return cell == null ? categories.size() : cell;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CategoricalProfile that
                && categories.equals(that.categories)
                && reference.equals(that.reference);
    }

    @Override
    public int hashCode() {
        return 31 * categories.hashCode() + reference.hashCode();
    }

    @Override
    public String toString() {
        return "CategoricalProfile[" + categories.size() + " categories, " + reference + "]";
    }
}
