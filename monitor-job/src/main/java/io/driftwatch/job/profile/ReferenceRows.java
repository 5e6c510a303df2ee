package io.driftwatch.job.profile;

import io.driftwatch.job.decode.FieldPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of one stream in one sample, in order: 4 bytes a row for its time block, 8 for each
 * numeric feature, 4 for each categorical one.
 */
final class ReferenceRows {
    /** The rows of a stream that none was seen of. */
    static final ReferenceRows NONE = new ReferenceRows(List.of(), List.of());

    private final List<String> numeric;
    private final List<String> categorical;
    private final IntValues blocks = new IntValues();
    private final List<DoubleValues> numbers = new ArrayList<>();
    private final List<IntValues> categories = new ArrayList<>();

    ReferenceRows(FieldPlan plan) {
        this(plan.numeric(), plan.categorical());
    }

    private ReferenceRows(List<String> numeric, List<String> categorical) {
        this.numeric = numeric;
        this.categorical = categorical;
        numeric.forEach(name -> numbers.add(new DoubleValues()));
        categorical.forEach(name -> categories.add(new IntValues()));
    }

    /** Adds a row; values are in the plan's order. */
    void add(int block, double[] rowNumbers, int[] rowCategories) {
        blocks.add(block);
        for (int i = 0; i < numbers.size(); i++) {
            numbers.get(i).add(rowNumbers[i]);
        }
        for (int i = 0; i < categories.size(); i++) {
            categories.get(i).add(rowCategories[i]);
        }
    }

    int size() {
        return blocks.size();
    }

    /** The time block of every row, as {@link TimeBlocks#indexOf} numbers it. */
    IntValues blocks() {
        return blocks;
    }

    boolean carries(String feature) {
        return numeric.contains(feature) || categorical.contains(feature);
    }

    /** The values of a numeric feature, one for each row. */
    DoubleValues numbers(String feature) {
        int index = numeric.indexOf(feature);
        return index < 0 ? new DoubleValues() : numbers.get(index);
    }

    /** The numbers of a categorical feature's categories, one for each row. */
    IntValues categories(String feature) {
        int index = categorical.indexOf(feature);
        return index < 0 ? new IntValues() : categories.get(index);
    }
}
