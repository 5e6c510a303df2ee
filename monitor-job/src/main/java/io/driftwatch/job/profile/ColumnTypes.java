package io.driftwatch.job.profile;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.job.decode.FieldReceiver;
import io.driftwatch.job.decode.NumberText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells the type of columns from their values: numeric if every present value is a number,
 * categorical otherwise, and categorical if there is none at all. A column of whole numbers with
 * few distinct values is numeric too, but {@link #looksLikeCodes} says that a person should decide.
 */
public final class ColumnTypes implements FieldReceiver {
    private static final int FEW = 20;
    private static final int ENOUGH_ROWS = 200;

    private final boolean[] someNumber;
    private final boolean[] someText;
    private final boolean[] someFraction;
    private final long[] present;
    private final List<Set<Double>> distinct;

    public ColumnTypes(int fields) {
        someNumber = new boolean[fields];
        someText = new boolean[fields];
        someFraction = new boolean[fields];
        present = new long[fields];
        distinct = new ArrayList<>();
        for (int i = 0; i < fields; i++) {
            distinct.add(new HashSet<>());
        }
    }

    public FeatureType type(int field) {
        return someNumber[field] && !someText[field]
                ? FeatureType.NUMERIC
                : FeatureType.CATEGORICAL;
    }

    /** Whether the numbers may be codes: whole, many, and hardly any two different. */
    public boolean looksLikeCodes(int field) {
        return type(field) == FeatureType.NUMERIC
                && !someFraction[field]
                && present[field] >= ENOUGH_ROWS
                && distinct.get(field).size() <= FEW;
    }

    @Override
    public void number(int field, double value) {
        someNumber[field] = true;
        if (Double.isNaN(value)) {
            return;
        }
        present[field]++;
        someFraction[field] |= Math.rint(value) != value;
        if (distinct.get(field).size() <= FEW) {
            distinct.get(field).add(value);
        }
    }

    @Override
    public void integer(int field, long value) {
        number(field, (double) value);
    }

    @Override
    public void text(int field, String value) {
        switch (value) {
            case "NaN", "Infinity", "-Infinity" -> {}
            default -> someText[field] = true;
        }
    }

    @Override
    public void untyped(int field, String value) {
        if (value.isEmpty() || someText[field]) {
            return;
        }
        try {
            number(field, NumberText.parse(value));
        } catch (NumberFormatException e) {
            someText[field] = true;
        }
    }

    @Override
    public void truth(int field, boolean value) {
        someText[field] = true;
    }

    @Override
    public void instant(int field, long millis) {
        number(field, (double) millis);
    }

    @Override
    public void nothing(int field) {
        // Says nothing about the type.
    }

    @Override
    public void other(int field, String kind) {
        someText[field] = true;
    }
}
