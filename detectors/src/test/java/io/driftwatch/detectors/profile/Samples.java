package io.driftwatch.detectors.profile;

import java.util.Random;

/** Seeded samples and windows for tests. */
public final class Samples {
    private Samples() {}

    public static double[] normal(long seed, int size, double mean, double sd) {
        Random random = new Random(seed);
        return random.doubles(size).map(unused -> mean + sd * random.nextGaussian()).toArray();
    }

    /** Counts {@code values} over the profile's cells. */
    public static Tally count(NumericProfile profile, double... values) {
        NumericCounter counter = profile.newCounter();
        for (double value : values) {
            counter.add(value);
        }
        return counter.drain();
    }

    /** Counts {@code values} over the profile's cells. */
    public static Tally count(CategoricalProfile profile, String... values) {
        CategoryCounter counter = profile.newCounter();
        for (String value : values) {
            counter.add(value);
        }
        return counter.drain();
    }

    /**
     * A sample of a nasty kind: ties, zero-inflated, constant, huge, tiny, neighbouring doubles,
     * signed zeros.
     */
    public static double[] nasty(Random random, int size) {
        int kind = random.nextInt(9);
        double[] sample = new double[size];
        for (int i = 0; i < size; i++) {
            double normal = random.nextGaussian();
            sample[i] =
                    switch (kind) {
                        case 0 -> random.nextInt(4);
                        case 1 -> random.nextInt(10) < 7 ? (i % 2 == 0 ? 0.0 : -0.0) : normal;
                        case 2 -> 5;
                        case 3 -> 1e300 * normal;
                        case 4 -> 1e-300 * normal;
                        case 5 -> 1 + random.nextInt(3) * Math.ulp(1.0);
                        case 6 ->
                                (random.nextInt(5) - 2) * 1e308 * (random.nextBoolean() ? 1 : 0.5);
                        case 7 -> (random.nextInt(7) - 3) * Double.MIN_VALUE;
                        default -> Math.round(10 * normal) / 10.0;
                    };
            sample[i] = Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, sample[i]));
        }
        return sample;
    }
}
