package io.driftwatch.alerts.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Collects all mistakes of one or several files, so that they can be thrown once. Not thread-safe.
 */
public final class Problems {
    private final List<Problem> problems = new ArrayList<>();

    /** Adds a mistake; neither argument may be null. */
    public void add(Location location, String message) {
        problems.add(new Problem(location, message));
    }

    public boolean isEmpty() {
        return problems.isEmpty();
    }

    /** Returns how many mistakes were added so far, repetitions included. */
    int count() {
        return problems.size();
    }

    /** Returns a copy of the mistakes, in order of position, each one once. */
    public List<Problem> list() {
        return problems.stream()
                .distinct()
                .sorted(Comparator.comparing(Problem::location))
                .toList();
    }

    /**
     * Ends the reading.
     *
     * @throws ConfigException with all mistakes, if there is any
     */
    public void throwIfAny() throws ConfigException {
        if (!problems.isEmpty()) {
            throw new ConfigException(list());
        }
    }
}
