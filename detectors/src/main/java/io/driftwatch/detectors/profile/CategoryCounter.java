package io.driftwatch.detectors.profile;

/** Counts the values of a categorical feature over its profile's cells. */
public final class CategoryCounter extends TallyCounter {
    private final CategoricalProfile profile;

    CategoryCounter(CategoricalProfile profile) {
        super(profile.cellCount(), Integer.MAX_VALUE);
        this.profile = profile;
    }

    /** Counts one value: null is missing, a new category falls into the last cell. */
    public void add(String valueOrNull) {
        expect(1);
        if (valueOrNull == null) {
            countMissing();
        } else {
            count(profile.cellOf(valueOrNull));
        }
    }

    @Override
    public Tally drain() {
        return drain(0, 0);
    }
}
