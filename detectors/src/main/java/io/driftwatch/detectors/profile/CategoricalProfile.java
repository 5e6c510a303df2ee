package io.driftwatch.detectors.profile;

import io.driftwatch.detectors.FeatureType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The reference of a categorical feature. Cells and bins are the same.
 *
 * <p>Two layouts. With no more categories than may have a cell: one cell for every category, in
 * code-point order, and a last one, {@value #NEW}, for those that the reference does not have. With
 * more: cells for the most frequent categories, again in code-point order, then one cell, {@value
 * #OTHER}, for the rare ones together, and the last one for new ones.
 *
 * <p>Rare categories are told from new ones by 64-bit hashes of their text. So a window's counts
 * are bounded whatever the number of categories; the profile needs 8 bytes for each rare one. A new
 * category is taken for a rare one with probability (rare categories) / 2<sup>64</sup>, unless
 * somebody makes texts that collide on purpose.
 *
 * <p>In the layout with a cell for the rest, a reference row that is alone in having its category
 * counts as new if that category has no cell. Such a row is new to the rest of the reference, just
 * as a row of a window is new to the reference, and with as great a probability (Good 1953, <a
 * href="https://doi.org/10.1093/biomet/40.3-4.237">doi:10.1093/biomet/40.3-4.237</a>). Without
 * that, a feature whose windows always bring some categories never seen before would seem to drift
 * in every window. The category is remembered all the same: in a window it is rare, not new.
 *
 * <p>The most frequent categories of the reference are partly those that chance made frequent. That
 * is too little to matter where frequencies differ, but not where nearly all categories are equally
 * rare, as with identifiers: those should not be watched, or with a limit above their number.
 */
public final class CategoricalProfile implements FeatureProfile {
    /** Stands for all categories that the reference does not have. */
    public static final String NEW = "__new__";

    /** Stands for all categories of the reference without a cell of their own. */
    public static final String OTHER = "__other__";

    /**
     * How many categories get a cell where nothing else is asked for: more than people look at, and
     * 4 kB for an open window. What is rarer than the thousandth category seldom reaches the five
     * values in a window that a cell of a chi-square test should have.
     */
    public static final int DEFAULT_CATEGORIES = 1_000;

    /** The lowest limit that may be asked for. */
    public static final int FEWEST_CATEGORIES = 2;

    /** The highest limit that may be asked for. */
    public static final int MOST_CATEGORIES = 10_000;

    /**
     * How many rare categories are told from new ones, the most frequent of them: 8 MB of hashes.
     * Those beyond count as new in reference and windows alike, so that the comparison stays fair.
     */
    public static final int MOST_REMEMBERED = 1_000_000;

    /** In how many rows of the reference a category must be to be called by its name. */
    public static final int LEAST_NAMED = 20;

    private static final long[] NONE = new long[0];

    private final List<String> categories;
    private final long[] remembered;
    private final Map<String, Integer> cells;
    private final Tally reference;

    /** Computed when first asked for; the same whichever thread does it. */
    private volatile long[] referenceBins;

    private final long layout;

    private CategoricalProfile(List<String> categories, long[] remembered, Tally reference) {
        this.categories = List.copyOf(categories);
        this.remembered = remembered;
        this.reference = reference;
        this.layout = layout(categories, remembered);
        cells = new HashMap<>();
        for (String category : this.categories) {
            cells.put(category, cells.size());
        }
    }

    private CategoricalProfile(CategoricalProfile cellsOf, Tally reference) {
        this.categories = cellsOf.categories;
        this.remembered = cellsOf.remembered;
        this.cells = cellsOf.cells;
        this.layout = cellsOf.layout;
        this.reference = reference;
    }

    private static long layout(List<String> categories, long[] remembered) {
        Layout layout = new Layout();
        categories.forEach(layout::add);
        if (remembered.length > 0) {
            layout.add((long) remembered.length);
            for (long hash : remembered) {
                layout.add(hash);
            }
        }
        return layout.number();
    }

    /**
     * The profile of a counted sample, with cells for up to {@value #DEFAULT_CATEGORIES}
     * categories.
     *
     * @param counts how often each category occurs; a category with count 0 is known all the same
     * @param missing how many rows have no category
     * @throws IllegalArgumentException if a category is null or a count negative
     */
    public static CategoricalProfile of(Map<String, Long> counts, long missing) {
        return of(counts, missing, DEFAULT_CATEGORIES);
    }

    /**
     * The profile of a counted sample.
     *
     * @param counts how often each category occurs; a category with count 0 is known all the same
     * @param missing how many rows have no category
     * @param limit how many categories may have a cell of their own, from {@value
     *     #FEWEST_CATEGORIES} to {@value #MOST_CATEGORIES}; the most frequent ones have, and of
     *     equally frequent ones the first in code-point order
     * @throws IllegalArgumentException if a category is null, a count negative, or the limit out of
     *     range
     */
    public static CategoricalProfile of(Map<String, Long> counts, long missing, int limit) {
        return of(counts, 0, missing, limit);
    }

    /**
     * The profile of a sample in which not all categories were told apart.
     *
     * @param counts how often each category occurs; a category with count 0 is known all the same
     * @param unlisted rows with a category that {@code counts} does not name; they count as new, as
     *     such categories do in a window
     * @param missing how many rows have no category
     * @param limit how many categories may have a cell of their own, as above
     * @throws IllegalArgumentException if a category is null, a count negative, or the limit out of
     *     range
     */
    public static CategoricalProfile of(
            Map<String, Long> counts, long unlisted, long missing, int limit) {
        if (limit < FEWEST_CATEGORIES || limit > MOST_CATEGORIES) {
            throw new IllegalArgumentException(
                    "The limit of categories is "
                            + limit
                            + ", expected "
                            + FEWEST_CATEGORIES
                            + " to "
                            + MOST_CATEGORIES);
        }
        if (unlisted < 0) {
            throw new IllegalArgumentException("unlisted is " + unlisted + ", expected 0 or more");
        }
        List<String> all = checked(counts);
        Comparator<String> order = CategoricalProfile::compareCodePoints;
        if (all.size() <= limit) {
            all.sort(order);
            return counted(all, NONE, counts, 0, unlisted, missing);
        }
        all.sort(Comparator.<String, Long>comparing(counts::get).reversed().thenComparing(order));
        List<String> frequent = new ArrayList<>(all.subList(0, limit));
        frequent.sort(order);
        List<String> rare = all.subList(limit, all.size());
        long[] hashes = new long[Math.min(rare.size(), MOST_REMEMBERED)];
        long others = 0;
        long fresh = unlisted;
        for (int i = 0; i < rare.size(); i++) {
            long count = counts.get(rare.get(i));
            boolean known = i < hashes.length;
            if (known) {
                hashes[i] = hash(rare.get(i));
            }
            if (known && count > 1) {
                others += count;
            } else {
                fresh += count;
            }
        }
        long[] remembered = Arrays.stream(hashes).sorted().distinct().toArray();
        return counted(frequent, remembered, counts, others, fresh, missing);
    }

    private static List<String> checked(Map<String, Long> counts) {
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
        return categories;
    }

    private static CategoricalProfile counted(
            List<String> categories,
            long[] remembered,
            Map<String, Long> counts,
            long others,
            long fresh,
            long missing) {
        long[] all = new long[categories.size() + (remembered.length > 0 ? 2 : 1)];
        for (int cell = 0; cell < categories.size(); cell++) {
            all[cell] = counts.get(categories.get(cell));
        }
        all[categories.size()] = others;
        all[all.length - 1] = fresh;
        int[] cells = new int[all.length];
        long[] cellCounts = new long[all.length];
        int size = 0;
        for (int cell = 0; cell < all.length; cell++) {
            if (all[cell] > 0) {
                cells[size] = cell;
                cellCounts[size++] = all[cell];
            }
        }
        Tally reference =
                Tally.of(
                        Arrays.copyOf(cells, size),
                        Arrays.copyOf(cellCounts, size),
                        missing,
                        0,
                        0,
                        0);
        return new CategoricalProfile(categories, remembered, reference);
    }

    /** Reads a profile back from its parts where every category has a cell of its own. */
    public static CategoricalProfile restore(List<String> categories, Tally reference) {
        return restore(categories, NONE, reference);
    }

    /**
     * Reads a profile back from its parts, as this class gave them.
     *
     * @param categories the categories with a cell of their own in code-point order
     * @param remembered hashes of the rare categories, ascending; empty where every category has a
     *     cell
     * @param reference the reference's counts; the last cell may be counted too
     * @throws IllegalArgumentException if the parts do not fit together; the message says which
     */
    public static CategoricalProfile restore(
            List<String> categories, long[] remembered, Tally reference) {
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
        if (remembered.length > MOST_REMEMBERED) {
            throw new IllegalArgumentException(
                    remembered.length
                            + " rare categories are remembered, expected at most "
                            + MOST_REMEMBERED);
        }
        for (int i = 1; i < remembered.length; i++) {
            if (remembered[i] <= remembered[i - 1]) {
                throw new IllegalArgumentException(
                        "remembered["
                                + i
                                + "] is not above the hash before it; list each hash once, in"
                                + " order");
            }
        }
        if (reference.infinite() != 0
                || Double.doubleToLongBits(reference.sum()) != 0
                || Double.doubleToLongBits(reference.sumOfSquares()) != 0) {
            throw new IllegalArgumentException(
                    "The reference of a categorical feature has infinities or sums: " + reference);
        }
        CategoricalProfile profile =
                new CategoricalProfile(categories, remembered.clone(), reference);
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
        return categories.size() + (hasOther() ? 2 : 1);
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

    /**
     * {@inheritDoc}
     *
     * <p>To a window that lies in the reference no category is new, so here reference rows that are
     * alone in having their category count among the rare ones.
     */
    @Override
    public CategoricalProfile without(Tally part) {
        return new CategoricalProfile(this, ownCounts().minus(part));
    }

    /** The reference as this profile's own counter counts it. */
    private Tally ownCounts() {
        // With so many categories the last cell holds rows that are new to the counter as well.
        boolean full = remembered.length >= MOST_REMEMBERED - MOST_CATEGORIES;
        long alone = hasOther() && !full ? reference.countOf(newCell()) : 0;
        if (alone == 0) {
            return reference;
        }
        Tally asNew = Tally.of(new int[] {newCell()}, new long[] {alone}, 0, 0, 0, 0);
        Tally asOther = Tally.of(new int[] {otherCell()}, new long[] {alone}, 0, 0, 0, 0);
        return reference.minus(asNew).plus(asOther);
    }

    @Override
    public CategoryCounter newCounter() {
        return new CategoryCounter(this);
    }

    @Override
    public long layout() {
        return layout;
    }

    /** The categories with a cell of their own in code-point order; their place is the cell. */
    public List<String> categories() {
        return categories;
    }

    /** Hashes of the rare categories, ascending; empty if there are none. A copy. */
    public long[] remembered() {
        return remembered.clone();
    }

    /** How many rare categories are told from new ones; 0 if every category has a cell. */
    public int rememberedCount() {
        return remembered.length;
    }

    /** Whether the reference has categories without a cell of their own. */
    public boolean hasOther() {
        return remembered.length > 0;
    }

    /**
     * The cell that counts the rare categories of the reference together: the last but one.
     *
     * @throws IllegalStateException if every category has a cell of its own
     */
    public int otherCell() {
        if (!hasOther()) {
            throw new IllegalStateException("Every category has a cell of its own");
        }
        return categories.size();
    }

    /** The cell that counts categories which the reference does not have: the last one. */
    public int newCell() {
        return cellCount() - 1;
    }

    @Override
    public long[] referenceBins() {
        long[] bins = referenceBins;
        if (bins == null) {
            bins = binned(reference);
            referenceBins = bins;
        }
        return bins.clone();
    }

    /** A category's name, unless so few rows have it that the name may point at somebody. */
    @Override
    public String binLabel(int bin) {
        if (bin == newCell()) {
            return NEW;
        }
        return bin < categories.size() && referenceBins()[bin] >= LEAST_NAMED
                ? categories.get(bin)
                : OTHER;
    }

    /**
     * The cell of a category, a new or rare one included. One look into a hash table for a category
     * with a cell; for others also O(length + log remembered).
     */
    public int cellOf(String category) {
        Integer cell = cells.get(category);
        if (cell != null) {
            return cell;
        }
        boolean rare = hasOther() && Arrays.binarySearch(remembered, hash(category)) >= 0;
        return rare ? otherCell() : newCell();
    }

    /**
     * 64-bit FNV-1a over UTF-16 units, the same in every process, with the last step of MurmurHash3
     * after it, as FNV leaves the high bits of short texts alike.
     */
    static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return hash ^ hash >>> 33;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CategoricalProfile that
                && categories.equals(that.categories)
                && Arrays.equals(remembered, that.remembered)
                && reference.equals(that.reference);
    }

    @Override
    public int hashCode() {
        return 31 * categories.hashCode() + reference.hashCode();
    }

    @Override
    public String toString() {
        return "CategoricalProfile["
                + categories.size()
                + " categories"
                + (hasOther() ? " and " + remembered.length + " rare ones, " : ", ")
                + reference
                + "]";
    }
}
