package io.driftwatch.detectors.statistic;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers what is dear to compute and asked for again in every window: a number for degrees of
 * freedom and a level. For all threads.
 */
final class Memory {
    /** Far more pairs than any configuration has; a bound only for the sake of one. */
    private static final int MOST = 10_000;

    private final Map<Key, Double> known = new ConcurrentHashMap<>();

    private record Key(int degreesOfFreedom, double probability) {}

    /** How a number is computed. */
    interface Source {
        double of(int degreesOfFreedom, double probability);
    }

    double get(int degreesOfFreedom, double probability, Source source) {
        Key key = new Key(degreesOfFreedom, probability);
        Double number = known.get(key);
        if (number == null) {
            number = source.of(degreesOfFreedom, probability);
            if (known.size() >= MOST) {
                known.clear();
            }
            known.put(key, number);
        }
        return number;
    }
}
